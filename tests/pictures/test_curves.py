import re

import pytest

from course_utils.errors import CourseError
from course_utils.pictures.curves import POINTS, add_curves, curves, looks
from course_utils.pictures.svg import Picture


def chart(series, **options):
    picture = Picture(400, 200, "curves")
    return picture, add_curves(picture, series, 10, 10, 100, 100, **options)


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
    assert made.ys == (0, 1) and "nan" not in "".join(picture.parts)


def test_what_is_left_out_is_said():
    history = {"train": [1.0, float("inf")], "valid": [float("nan")] * 2 + [0.5]}
    words = "left out, nan or inf: 1 value of training, 2 values of validation"
    assert words in curves(history).svg()
    assert "left out" not in curves([1.0, 0.5]).svg()


def test_nothing_to_draw_is_an_empty_chart():
    assert chart({"a": []})[1].ys == (0, 1)


def test_long_curves_are_thinned_but_keep_their_end():
    picture, made = chart({"a": [float(i) for i in range(5001)]})
    line = next(part for part in picture.parts if part.count("L") > 5)
    assert POINTS / 2 < line.count("L") < 2 * POINTS
    assert f"{made.x(5000):.1f} {made.y(5000):.1f}" in line


def test_the_words_are_the_authors_or_say_which_curves_there_are():
    assert curves({"training": [3, 1.25]}, "It falls.").alt == "It falls."
    history = {"train": [1], "valid": [2], "lr": [3]}
    assert curves(history).alt == "Curves by epoch: training, validation, lr."


def test_training_and_validation_look_the_same_in_every_picture():
    both = looks(["training", "validation"])
    more = looks(["a", "validation", "b", "training"])
    assert more["training"] == both["training"]
    assert more["validation"] == both["validation"]
    assert len(set(more.values())) == 4


@pytest.mark.parametrize(
    "wrong", [3, {}, {"a": []}, "abc", {c: [1] for c in "abcdefg"}]
)
def test_what_is_no_history_is_refused_in_one_sentence(wrong):
    with pytest.raises(CourseError, match="^A history"):
        curves(wrong)
