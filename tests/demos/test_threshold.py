"""The threshold demo."""

import re

import pytest
import torch
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    precision_recall_fscore_support,
)

from course_utils.demos.threshold import (
    BINS,
    SAMPLES,
    count,
    histogram,
    measures,
    scores,
    threshold,
)


def set_to(demo, **values):
    for name, value in values.items():
        demo.controls[name].value = value


@pytest.mark.parametrize("percent", [1, 30, 90])
@pytest.mark.parametrize("first", [0, 7, 19, 20])
def test_the_counts_and_measures_are_those_of_scikit_learn(percent, first):
    values, targets = scores(percent)
    predicted = (values >= first / BINS).long()
    found = count(histogram(percent), first)
    (tn, fp), (fn, tp) = confusion_matrix(targets, predicted)
    assert found == (tp, fp, fn, tn)
    expected = precision_recall_fscore_support(
        targets, predicted, average="binary", zero_division=0
    )[:3]
    told = {name: value for name, (value, _) in measures(found).items()}
    assert told.pop("accuracy") == pytest.approx(accuracy_score(targets, predicted))
    assert tuple(told.values()) == pytest.approx(expected)


def test_a_threshold_moves_all_numbers_together():
    demo = threshold()
    set_to(demo, threshold=0.5, percent=30)
    before = re.findall(r"(?:TN|FP|FN|TP) \d+|= \d+ / \d+", demo.picture.value)
    set_to(demo, threshold=0.75)
    after = re.findall(r"(?:TN|FP|FN|TP) \d+|= \d+ / \d+", demo.picture.value)
    assert len(before) == len(after) == 8
    assert all(a != b for a, b in zip(before, after, strict=True))


def test_a_higher_threshold_gives_less_recall():
    recalls = []
    for step in range(BINS + 1):
        found = measures(count(histogram(30), step))
        recalls.append(found["recall"][0])
    assert recalls[0] == 1 and recalls[-1] == 0
    assert recalls == sorted(recalls, reverse=True)


def test_the_base_rate_moves_precision_but_hardly_recall():
    rare, often = (measures(count(histogram(p), 10)) for p in (3, 60))
    assert often["precision"][0] > rare["precision"][0] + 0.5
    assert often["recall"][0] == pytest.approx(rare["recall"][0], abs=0.03)


def test_the_base_rate_is_the_share_of_positives():
    for percent in (1, 50, 90):
        values, targets = scores(percent)
        assert int(targets.sum()) == percent * SAMPLES // 100
        assert bool(((values > 0) & (values < 1)).all())
        assert torch.equal(histogram(percent).sum(dim=1), targets.bincount())


def test_nothing_predicted_positive_gives_zero_and_says_so():
    demo = threshold()
    set_to(demo, threshold=1.0)
    assert "precision 0.00" in demo.drawn.alt
    assert "= 0 / 0" in demo.picture.value


def test_the_words_stay_while_the_picture_changes():
    demo = threshold()
    first = demo.picture.value
    set_to(demo, percent=5)
    assert demo.picture.value != first
    assert demo._repr_mimebundle_()[0]["text/plain"] == demo.words
