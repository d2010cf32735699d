import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from course_utils.demos.early_stopping import (
    VALIDATION,
    Stop,
    early_stopping,
    stop,
    thousandths,
)
from course_utils.errors import CourseError

RECORDED = thousandths(VALIDATION)


def test_it_stops_after_patience_epochs_without_a_better_loss():
    losses = [1.0, 0.8, 0.9, 0.85, 0.7]
    assert stop(losses, 2) == Stop(last=3, best=1, patient=True)
    assert stop(losses, 3) == Stop(last=4, best=4, patient=False)


def test_a_gain_of_less_than_min_delta_is_none():
    assert stop([1.0, 0.9, 0.8], 1) == Stop(2, 2, False)
    assert stop([1.0, 0.9, 0.8], 1, min_delta=0.15) == Stop(1, 0, True)
    assert stop([1.0, 0.9, 0.8], 2, min_delta=0.15) == Stop(2, 2, False)


@given(some.lists(some.floats(0, 1), min_size=1), some.integers(1, 9))
def test_the_kept_epoch_is_the_best_of_those_run(losses, patience):
    end = stop(losses, patience)
    run = losses[: end.last + 1]
    assert end.best == run.index(min(run))
    assert (end.last - end.best == patience) == end.patient


def test_nan_is_never_the_best():
    assert stop([1.0, math.nan, math.nan], 5).best == 0


def test_little_patience_stops_too_early_on_the_recorded_run():
    assert len(RECORDED) == 60
    kept = {p: RECORDED[stop(RECORDED, p).best] for p in range(1, 31)}
    assert all((kept[p] == min(RECORDED)) == (p >= 5) for p in kept)


@pytest.mark.parametrize("patience", [1, 5, 30])
def test_the_picture_says_what_is_kept(patience):
    demo = early_stopping()
    demo.controls["patience"].value = patience
    end = stop(RECORDED, patience)
    kept = f"epoch {end.best} are kept, validation loss {RECORDED[end.best]:.3f}"
    assert kept in demo.drawn.alt


def test_the_bar_for_a_better_loss_is_drawn():
    demo = early_stopping()
    demo.controls["min_delta"].value = 0.1
    end = stop(RECORDED, 3, 0.1)
    assert f"below {RECORDED[end.best] - 0.1:.3f}" in demo.picture.value


def test_an_own_history_is_stopped():
    demo = early_stopping({"train": [0.5] * 4, "valid": [3.0, 1.0, 2.0, 2.0]})
    assert demo.controls["patience"].max == 4
    demo.controls["patience"].value = 1
    assert "stops after epoch 2, the weights of epoch 1" in demo.drawn.alt
    assert "epoch 2 are kept" in early_stopping([3.0, 2.0, 1.0, 1.0]).drawn.alt


@pytest.mark.parametrize(
    "wrong", [3, "abc", {}, [], {"a": [1], "b": [2]}, {"valid": []}, {"valid": ["x"]}]
)
def test_what_is_no_history_is_refused_in_one_sentence(wrong):
    with pytest.raises(CourseError) as error:
        early_stopping(wrong)
    assert "\n" not in str(error.value)
