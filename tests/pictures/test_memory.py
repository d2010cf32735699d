import pytest
import torch

from course_utils.errors import CourseError
from course_utils.pictures.memory import memory_strip, order

TABLE = torch.arange(6).reshape(2, 3)


def test_a_view_reads_the_memory_in_its_own_order():
    assert order(TABLE, TABLE) == {i: i + 1 for i in range(6)}
    assert order(TABLE, TABLE.T) == {0: 1, 3: 2, 1: 3, 4: 4, 2: 5, 5: 6}
    assert order(TABLE, TABLE[:, 1:]) == {1: 1, 2: 2, 4: 3, 5: 4}


def test_the_order_is_that_in_which_torch_gives_the_numbers():
    part = torch.arange(20)[7:13].reshape(2, 3)
    places = order(part, part.T)
    read = sorted(places, key=places.get)
    assert [part.flatten()[i] for i in read] == part.T.flatten().tolist()


def test_what_has_memory_of_its_own_is_called_a_copy():
    views = {"table.T": TABLE.T, "copied": TABLE.T.reshape(6)}
    picture = memory_strip(TABLE, **views)
    assert picture.alt == "A strip of 6 numbers; views: table.T; copies: copied."
    assert picture.svg().count('class="hatch"') == 6


@pytest.mark.parametrize("wrong", [torch.zeros(13), torch.zeros(0), TABLE.T])
def test_more_than_a_strip_is_refused(wrong):
    with pytest.raises(CourseError, match="contiguous, of 1 to 12"):
        memory_strip(wrong)
