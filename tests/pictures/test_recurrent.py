import re

import pytest

from course_utils.errors import CourseError
from course_utils.pictures.recurrent import recurrent


def test_each_names_state_is_that_of_its_own_last_letter():
    svg = recurrent("Rome", "Ur").svg()
    assert "Rome: its last state, h4" in svg and "Ur: its last state, h2" in svg
    assert "(2, 4) → (2, 4, E) → (2, H)" in svg


def test_there_is_padding_after_the_shorter_name_only():
    picture = recurrent("Rome", "Ur")
    striped = len(re.findall('class="hatch"', picture.svg()))
    assert striped == 1 + 2 * 3  # the legend, and two places in three rows


@pytest.mark.parametrize("names", [("",), ("Karlsruhe",), tuple("abcd")])
def test_longer_names_and_more_of_them_are_refused(names):
    with pytest.raises(CourseError, match="one to three names"):
        recurrent(*names)
