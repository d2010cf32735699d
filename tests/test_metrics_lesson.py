"""Lesson 06's own measures, and its exercise's, against scikit-learn."""

import ast
import math
import re
import tempfile
import warnings
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics
from torch import nn
from torch.nn import functional as F

ROOT = Path(__file__).parent.parent
LESSON = ROOT / "notebooks" / "06_inference.ipynb"
SOLUTION = ROOT / "solutions" / "06_inference.ipynb"


@cache
def defined(path):
    """The functions and classes that a notebook's code cells define, by name."""
    space = {"torch": torch, "nn": nn, "F": F, "math": math, "test": None}
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source)
            kinds = ast.FunctionDef | ast.ClassDef
            parts = [part for part in tree.body if isinstance(part, kinds)]
            tree.body = [part for part in parts if part.name != "_"]  # no checks
            if "prepare" not in cell.source and "def answer" not in cell.source:
                exec(compile(tree, str(path), "exec"), space)
    return space


@st.composite
def answers(draw):
    """Targets, predictions `(n,)` and a number of classes; some may be absent."""
    classes = draw(st.integers(2, 6))
    pairs = st.tuples(st.integers(0, classes - 1), st.integers(0, classes - 1))
    found = draw(st.lists(pairs, min_size=1, max_size=30))
    both = torch.tensor(found, dtype=torch.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1], classes


def quantities():
    number = st.floats(-1000, 1000, width=32)
    pairs = st.lists(st.tuples(number, number), min_size=1, max_size=30)
    return pairs.map(lambda found: torch.tensor(found).reshape(-1, 2).unbind(dim=1))


def by_scikit_learn(target, predicted, classes, undefined):
    found = metrics.precision_recall_fscore_support(
        target, predicted, labels=range(classes), zero_division=undefined
    )
    return [torch.tensor(part).float() for part in found[:3]]


@pytest.mark.parametrize(
    "path, name", [(LESSON, "confusion"), (SOLUTION, "confusion_matrix")]
)
@given(answers())
@settings(max_examples=40)
def test_the_confusion_matrix_is_scikit_learns(path, name, question):
    target, predicted, classes = question
    matrix = defined(path)[name](target, predicted, classes)
    expected = metrics.confusion_matrix(target, predicted, labels=range(classes))
    assert torch.equal(matrix, torch.tensor(expected, dtype=torch.int64))


@given(answers())
@settings(max_examples=40)
def test_the_lessons_measures_are_scikit_learns_and_nan_where_undefined(question):
    target, predicted, classes = question
    lesson = defined(LESSON)
    found = lesson["by_class"](lesson["confusion"](target, predicted, classes))
    expected = by_scikit_learn(*question, undefined=np.nan)
    for ours, theirs in zip(found, expected, strict=True):
        assert torch.allclose(ours, theirs, equal_nan=True)


@given(answers())
@settings(max_examples=40)
def test_the_exercises_measures_are_scikit_learns_and_zero_where_undefined(question):
    solution = defined(SOLUTION)
    matrix = solution["confusion_matrix"](*question)
    found = solution["precision_recall_f1"](matrix)
    expected = by_scikit_learn(*question, undefined=0)
    for name, theirs in zip(("precision", "recall", "f1"), expected, strict=True):
        assert torch.allclose(found[name], theirs)
    assert found["macro_f1"].item() == pytest.approx(expected[2].mean().item())


def test_no_samples_give_zeros_in_the_exercise_and_nan_in_the_lesson():
    none = torch.tensor([], dtype=torch.int64)
    matrix = defined(LESSON)["confusion"](none, none, 3)
    assert torch.equal(matrix, torch.zeros(3, 3, dtype=torch.int64))
    assert all(part.isnan().all() for part in defined(LESSON)["by_class"](matrix))
    assert torch.equal(defined(SOLUTION)["confusion_matrix"](none, none, 3), matrix)
    found = defined(SOLUTION)["precision_recall_f1"](matrix)
    assert not any(torch.as_tensor(part).any() for part in found.values())


def three(target, predicted):
    return [
        metrics.mean_squared_error(target, predicted),
        metrics.root_mean_squared_error(target, predicted),
        metrics.mean_absolute_error(target, predicted),
    ]


@given(quantities())
@settings(max_examples=40)
def test_the_lessons_regression_errors_are_scikit_learns(question):
    found = defined(LESSON)["regression_errors"](*question)
    assert list(found.values()) == pytest.approx(three(*question), rel=1e-4, abs=1e-3)


@given(quantities(), st.integers(1, 7))
@settings(max_examples=40)
def test_the_exercises_regression_metrics_do_not_depend_on_the_batches(question, size):
    found = defined(SOLUTION)["RegressionMetrics"]()
    for target, predicted in zip(*(part.split(size) for part in question), strict=True):
        found.update(target, predicted[:, None])
    told = [found.compute()[name] for name in ("mse", "rmse", "mae")]
    assert told == pytest.approx(three(*question), rel=1e-4, abs=1e-3)


def test_no_quantities_have_no_error_to_tell():
    empty = torch.tensor([])
    found = defined(LESSON)["regression_errors"](empty, empty)
    assert all(math.isnan(value) for value in found.values())
    with pytest.raises(ZeroDivisionError):
        defined(SOLUTION)["RegressionMetrics"]().compute()


@given(answers(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_no_threshold_is_better_than_the_best(question, random):
    targets = (question[0] > 0).long()
    targets[0] = 1
    scores = torch.tensor([random.randint(-3, 3) / 2 for _ in targets])
    best = defined(SOLUTION)["best_threshold"](scores, targets)
    f1 = {s: metrics.f1_score(targets, scores >= s) for s in scores.tolist()}
    assert f1[best] == pytest.approx(max(f1.values()))
    assert all(s >= best for s in f1 if f1[s] > f1[best] - 1e-9)


def test_the_outlooks_export_runs_with_any_batch_size():
    text = "\n".join(cell.source for cell in nbformat.read(LESSON, 4).cells)
    (block,) = re.findall(r"```python\n(batch = torch.export.+?)```", text, re.DOTALL)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 10)).eval()
    images = torch.rand(5, 1, 8, 8)
    test = type("Test", (), {"images": images})
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.export's own, of its dependencies
        block = block.replace('"digits.pt2"', f'"{folder}/digits.pt2"')
        exec(block, {"torch": torch, "model": model, "test": test})
        program = torch.export.load(f"{folder}/digits.pt2").module()
        assert torch.allclose(program(images), model(images))
