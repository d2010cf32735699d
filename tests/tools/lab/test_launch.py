"""`course lab` opens the lesson that is named, and hands on all other words."""

import pytest

from course_utils.errors import CourseError
from course_utils.tools.lab.launch import chosen

NAMES = ["00_tensors", "01_dataset"]


@pytest.mark.parametrize(
    ("words", "stem", "rest"),
    [
        ((), "00_tensors", ()),
        (("01_dataset",), "01_dataset", ()),
        (("--port=8932",), "00_tensors", ("--port=8932",)),
        (("--no-browser",), "00_tensors", ("--no-browser",)),
        (("--port", "8932", "01_dataset"), "01_dataset", ("--port", "8932")),
        (("01_dataset", "--no-browser"), "01_dataset", ("--no-browser",)),
    ],
)
def test_a_stem_may_be_left_out_before_jupyters_options(words, stem, rest):
    assert chosen(words, NAMES) == (stem, rest)


def test_an_unknown_lesson_is_told():
    with pytest.raises(CourseError, match="no lesson '01_data'"):
        chosen(("01_data",), NAMES)
