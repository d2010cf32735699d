import math

import pytest
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR

from course_utils.errors import CourseError
from course_utils.pictures.schedules import rates, schedules


def test_the_rates_are_pytorchs():
    found = rates(lambda o: CosineAnnealingLR(o, 10), 10, 0.2)
    assert found == pytest.approx(
        [0.1 * (1 + math.cos(math.pi * step / 10)) for step in range(10)]
    )


def test_the_usual_ones_and_ones_own_are_drawn():
    assert "StepLR, CosineAnnealingLR, OneCycleLR" in schedules(9).alt
    mine = {"mine": lambda o: LambdaLR(o, lambda step: 1 / (1 + step))}
    assert schedules(30, makers=mine).alt == ("The learning rate over 30 steps: mine.")


def test_none_and_more_than_six_are_refused():
    for makers in ({}, dict.fromkeys("abcdefg")):
        with pytest.raises(CourseError, match="1 to 6"):
            schedules(makers=makers)
