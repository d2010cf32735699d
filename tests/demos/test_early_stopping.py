import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from course_utils.demos.early_stopping import (
    TRAINING,
    VALIDATION,
    Stop,
    draw,
    early_stopping,
    stop,
)


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
    assert len(TRAINING) == len(VALIDATION) == 60
    kept = {p: VALIDATION[stop(VALIDATION, p).best] for p in range(1, 31)}
    assert all((kept[p] == min(VALIDATION)) == (p >= 5) for p in kept)


@pytest.mark.parametrize("patience", [1, 5, 30])
def test_the_picture_says_what_is_kept(patience):
    end = stop(VALIDATION, patience)
    picture = draw(patience, 0.0)
    assert f"epoch {end.best} are kept, validation loss {VALIDATION[end.best]:.3f}" in (
        picture.alt
    )
    assert f"★ epoch {end.best}<" in picture.svg()


def test_the_sliders_move_the_stop():
    demo = early_stopping()
    before = demo.picture.value
    demo.controls["patience"].value = 8
    assert demo.picture.value != before and "epoch 21 are kept" in demo.drawn.alt
