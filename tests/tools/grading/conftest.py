"""A small exercise of three tasks, and notebooks that answer it."""

import copy
import json
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

STEM = "90_small"
SETUP = """import torch
from torch.utils.data import Dataset

from course_utils.checking import exercise, raises

check = exercise("90_small")"""
DOUBLE = """# answer: double
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION"""
SQUARES = """# answer: squares
class Squares(Dataset):
    def __init__(self, n):
        ### BEGIN SOLUTION
        self.n = n
        ### END SOLUTION

    def __len__(self):
        ### BEGIN SOLUTION
        return self.n
        ### END SOLUTION

    def __getitem__(self, i):
        ### BEGIN SOLUTION
        if not 0 <= i < self.n:
            raise IndexError(i)
        return torch.tensor([float(i) ** 2])
        ### END SOLUTION"""
TOTAL = """# answer: total
def total(x):
    ### BEGIN SOLUTION
    return x.sum().item()
    ### END SOLUTION"""
CHECKS = {
    "double": """@check("double", points=2)
def _(see):
    x = torch.randn(4)
    see("the result", double(see.give(x)))""",
    "squares": """@check("squares", points=3)
def _(see):
    n = int(torch.randint(10, 99, ()))
    squares = Squares(n)
    see("the length", len(squares))
    see("the last sample", squares[n - 1])
    see("past the end", raises(lambda: squares[n]))""",
    "total": """@check("total", points=1)
def _(see):
    see("the sum", total(torch.rand(5) + 1))""",
}
# No criterion of the check holds for this answer.
WRONG = """# answer: squares
class Squares(Dataset):
    def __init__(self, n):
        self.n = 5

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return torch.zeros(2)
"""
MISTAKE = """the index itself: square it.

```python
class Squares(Dataset):
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        if not 0 <= i < self.n:
            raise IndexError(i)
        return torch.tensor([float(i)])
```"""


def plain(source):
    return "\n".join(line for line in source.splitlines() if "###" not in line)


def cells(**answers):
    """The notebook of a learner who answers right, but for `answers`."""
    new = nbformat.v4
    right = {"double": DOUBLE, "squares": SQUARES, "total": TOTAL}
    made = [new.new_markdown_cell("# Small", id="title")]
    made.append(new.new_code_cell(SETUP, id="setup"))
    for slug, answer in {**{s: plain(a) for s, a in right.items()}, **answers}.items():
        made.append(new.new_markdown_cell(f"## {slug}", id=f"{slug}-task"))
        made.append(new.new_code_cell(answer, id=f"{slug}-answer"))
        made[-1].metadata["tags"] = ["answer"]
        made.append(new.new_code_cell(CHECKS[slug], id=f"{slug}-check"))
        made[-1].metadata["tags"] = ["check"]
    return made


def write(path, made):
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def solution(folder):
    made = []
    points = {"double": 2, "squares": 3, "total": 1}
    for cell in cells(double=DOUBLE, squares=SQUARES, total=TOTAL):
        slug = cell.id.removesuffix("-task")
        if cell.cell_type == "markdown" and slug in points:
            cell.source += f"\n●○○ · {points[slug]} points · 5 minutes"
        made.append(cell)
        if cell.id == "squares-check":
            made.append(nbformat.v4.new_markdown_cell(MISTAKE, id="squares-mistake-1"))
            made[-1].metadata["tags"] = ["mistake"]
    return write(folder / f"{STEM}.ipynb", made)


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The exercise's solutions folder, and what makes submissions to it."""
    folder = tmp_path_factory.mktemp("solutions")
    solution(folder)
    stub = "# answer: {}\nraise NotImplementedError"
    return SimpleNamespace(
        folder=folder, stem=STEM, cells=cells, write=write, plain=plain, stub=stub,
        right=plain(SQUARES), wrong=WRONG, checks=CHECKS, copy=copy.deepcopy,
        mistake=MISTAKE.split("```python\n")[1].removesuffix("\n```"),
        message=MISTAKE.split("\n")[0], path=Path,
    )  # fmt: skip
