"""The threshold demo."""

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
    example,
    f1,
    histogram,
    measures,
    threshold,
)
from course_utils.errors import CourseError


def set_to(demo, **values):
    for name, value in values.items():
        demo.controls[name].value = value


@pytest.mark.parametrize("percent", [1, 30, 90])
@pytest.mark.parametrize("first", [0, 7, 19, 20])
def test_the_counts_and_measures_are_those_of_scikit_learn(percent, first):
    values, targets = example(percent)
    predicted = (values >= first / BINS).long()
    counts = count(histogram(values, targets), first)
    (tn, fp), (fn, tp) = confusion_matrix(targets, predicted)
    assert counts == (tp, fp, fn, tn)
    expected = precision_recall_fscore_support(
        targets, predicted, average="binary", zero_division=0
    )[:3]
    found = {name: value for name, (value, _) in measures(counts).items()}
    assert found.pop("accuracy") == pytest.approx(accuracy_score(targets, predicted))
    assert tuple(found.values()) == pytest.approx(expected)


def bars(percent):
    return histogram(*example(percent))


def test_a_higher_threshold_gives_less_recall():
    recalls = []
    for step in range(BINS + 1):
        recalls.append(measures(count(bars(30), step))["recall"][0])
    assert recalls[0] == 1 and recalls[-1] == 0
    assert recalls == sorted(recalls, reverse=True)


def test_the_base_rate_moves_precision_but_hardly_recall():
    rare, often = (measures(count(bars(p), 10)) for p in (3, 60))
    assert often["precision"][0] > rare["precision"][0] + 0.5
    assert often["recall"][0] == pytest.approx(rare["recall"][0], abs=0.03)


def test_the_base_rate_is_the_share_of_positives():
    for percent in (1, 50, 90):
        values, targets = example(percent)
        assert int(targets.sum()) == percent * SAMPLES // 100
        assert bool(((values > 0) & (values < 1)).all())
        assert torch.equal(histogram(values, targets).sum(dim=1), targets.bincount())


def test_nothing_predicted_positive_gives_zero_and_says_so():
    demo = threshold()
    set_to(demo, threshold=1.0)
    assert "precision 0.00" in demo.drawn.alt
    assert "= 0 / 0" in demo.picture.value


def test_the_best_f1_is_that_of_the_thresholds_tried_at_this_base_rate():
    demo = threshold()
    set_to(demo, percent=2)
    tried = [0.5, 0.9, 0.7]
    for place in tried:
        set_to(demo, threshold=place)
    best = max(tried, key=lambda place: f1(bars(2), round(place * BINS)))
    words = f"★ best F1 so far: {f1(bars(2), round(best * BINS)):.2f}, at {best:.2f}"
    assert words in demo.picture.value
    set_to(demo, percent=30)
    assert "at 0.50" in demo.picture.value and words not in demo.picture.value


def test_own_scores_have_their_own_base_rate():
    demo = threshold([0.1, 0.9, 0.6, 0.4], torch.tensor([0, 1, 0, 0]))
    assert list(demo.controls) == ["threshold"]
    assert demo.drawn.alt.startswith("Threshold 0.50, 25 % positives: accuracy 0.75")


@pytest.mark.parametrize(
    "scores, targets, words",
    [
        (torch.tensor([2.0]), [1], "logits need .sigmoid"),
        (torch.rand(3, 1), [1, 0, 1], r"not \(3, 1\) and \(3,\)"),
        ([0.5], [2], "0 or 1"),
        ([], [], "must be"),
        ("ab", [1, 2], "takes scores and targets"),
        ([0.5], None, "takes scores and targets"),
    ],
)
def test_other_scores_are_refused_in_one_sentence(scores, targets, words):
    with pytest.raises(CourseError, match=words):
        threshold(scores, targets)
