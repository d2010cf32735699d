import re

import numpy as np
import pytest

from course_utils.pictures.plane import Plane
from course_utils.pictures.svg import Picture


@pytest.fixture
def plane():
    return Plane(Picture(100, 100, "a plane"), 10, 20, 80, (-2.0, 2.0))


def numbers(plane):
    d = re.search(' d="([^"]+)"', plane.picture.parts[-1])[1]
    return [float(n) for n in re.findall(r"[\d.]+", d)]


def test_a_contour_runs_where_the_values_cross_the_level(plane):
    ticks = plane.ticks(9)
    values = np.tile(ticks, (9, 1))  # the value is x
    plane.contour(values, 1.0)
    x = numbers(plane)[0::2]
    assert set(x) == {70.0}


def test_a_level_that_is_not_crossed_draws_nothing(plane):
    before = len(plane.picture.parts)
    plane.contour(np.zeros((5, 5)), 3.0)
    plane.bands(np.zeros((5, 5)), [1.0, 2.0], ["red"])
    assert len(plane.picture.parts) == before


def test_bands_share_the_square_between_the_fills(plane):
    values = np.tile(plane.ticks(9), (9, 1))
    plane.bands(values, [-3, 0, 3], ["#111111", "#222222"])
    left, right = plane.picture.parts[-2:]
    assert "#111111" in left and "10.0 " in left and "90.0 2" not in left
    assert "#222222" in right and "90.0 " in right
