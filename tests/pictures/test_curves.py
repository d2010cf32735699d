import re

import pytest

from course_utils.pictures.curves import POINTS, Chart, add_curves, curves
from course_utils.pictures.svg import Picture


def chart(series, **options):
    picture = Picture(400, 200, "curves")
    return picture, add_curves(picture, series, 10, 10, 100, 100, **options)


def test_values_have_their_places():
    made = Chart(10, 20, 100, 50, last=4, high=2.0)
    assert (made.x(0), made.x(4)) == (10, 110)
    assert (made.y(0), made.y(2), made.y(1)) == (70, 20, 45)
    assert made.y(99) == 20


@pytest.mark.parametrize(
    "top, high", [(0.9, 1), (1.0, 1), (1.2, 2), (4, 5), (0.021, 0.03)]
)
def test_the_axis_ends_at_a_round_value(top, high):
    assert chart({"a": [0.0, top, top]})[1].high == pytest.approx(high)


def test_each_curve_has_its_own_dashes_and_its_name():
    svg = curves({"training": [3, 1], "validation": [3, 2]}, "Two").svg()
    assert ">training<" in svg and ">validation<" in svg
    assert 'stroke-dasharray="7 4"' in svg


def test_names_at_the_same_height_do_not_lie_on_each_other():
    picture, _ = chart({"a": [1, 0.5], "b": [1, 0.5], "c": [1, 0.5]})
    names = [part for part in picture.parts if re.search(">[abc]<", part)]
    heights = sorted(float(re.search(' y="([^"]+)"', part)[1]) for part in names)
    assert (
        len(heights) == 3
        and min(b - a for a, b in zip(heights, heights[1:], strict=False)) >= 18
    )


def test_what_is_not_finite_is_left_out():
    picture, made = chart({"a": [1.0, float("nan"), float("inf"), 0.5]})
    assert made.high == 1 and "nan" not in "".join(picture.parts)


def test_nothing_to_draw_is_an_empty_chart():
    assert chart({"a": []})[1].high == 1.0


def test_long_curves_are_thinned_but_keep_their_end():
    picture, made = chart({"a": [float(i) for i in range(5001)]})
    line = next(part for part in picture.parts if part.count("L") > 5)
    assert POINTS / 2 < line.count("L") < 2 * POINTS
    assert f"{made.x(5000):.1f} {made.y(5000):.1f}" in line


def test_the_words_are_the_authors():
    assert curves({"training": [3, 1.25]}, "It falls.").alt == "It falls."
