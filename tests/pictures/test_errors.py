"""Targets, predictions and the errors between them."""

import re

import pytest
import torch

from course_utils.errors import CourseError
from course_utils.pictures.errors import error_lines
from course_utils.pictures.palette import WRONG

LINE = re.compile(rf'd="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)" stroke="{WRONG}"')


def lengths(picture):
    lines = [tuple(map(float, line)) for line in LINE.findall(picture.svg())]
    return [abs(line[3] - line[1]) for line in lines if line[0] == line[2]]


def test_a_line_is_as_long_as_its_error():
    target, predicted = (
        torch.tensor([10.0, 40.0, 25.0]),
        torch.tensor([10.0, 20.0, 65.0]),
    )
    drawn = lengths(error_lines(target, predicted))
    assert drawn[0] == 0 and drawn[2] == pytest.approx(2 * drawn[1], abs=0.3)


def test_the_axis_names_the_lowest_and_the_highest_value():
    svg = error_lines(torch.tensor([25.0, 130.0]), torch.tensor([90.0, 346.0])).svg()
    assert ">25</text>" in svg and ">346</text>" in svg


def test_equal_values_can_be_drawn():
    assert lengths(error_lines(torch.ones(3), torch.ones(3)))[:3] == [0, 0, 0]


@pytest.mark.parametrize("shape", [(3, 1), (4,), (0,)])
def test_other_shapes_are_refused(shape):
    target = torch.zeros(0 if shape == (0,) else 3)
    with pytest.raises(CourseError, match="must be"):
        error_lines(target, torch.zeros(shape))
