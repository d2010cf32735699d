import re
from html import unescape

import pytest
import torch

from course_utils.errors import CourseError
from course_utils.pictures.parts import short
from course_utils.pictures.tables import (
    confusion_map,
    difference_table,
    matrix_product,
)


def texts(picture):
    return [unescape(t) for t in re.findall(">([^<]*)</text>", picture.svg())]


def test_the_table_holds_what_torch_broadcasts():
    predicted, target = torch.tensor([[1.0], [2.5]]), torch.tensor([1.0, 2.0])
    shown = texts(difference_table(predicted, target))
    values = (predicted - target).flatten().tolist()
    assert shown[7:11] == [short(v) for v in values] == ["0", "-1", "1.5", ".5"]
    assert "2 compare strangers" in shown and "of the diagonal: 0.12" in shown


def test_shapes_that_fit_and_more_than_8_samples_are_refused():
    for shape in ((2,), (9, 1), (2, 2)):
        with pytest.raises(CourseError, match=r"\(n, 1\) and \(n,\)"):
            difference_table(torch.zeros(shape), torch.zeros(shape[0]))


def test_one_number_of_a_product_is_written_out():
    a, b = torch.tensor([[1.0, 2.0], [-3.0, 4.0]]), torch.tensor([[5.0], [0.5]])
    picture = matrix_product(a, b, row=1)
    assert "(2, 2) @ (2, 1) is (2, 1)" in picture.alt
    assert "(-3)·5 + 4·.5 = -13" in texts(picture)


@pytest.mark.parametrize("a, b", [((2, 3), (2, 3)), ((2,), (2, 1)), ((9, 1), (1, 1))])
def test_a_product_that_cannot_be_drawn_is_refused(a, b):
    with pytest.raises(CourseError):
        matrix_product(torch.zeros(a), torch.zeros(b))


def test_a_confusion_map_names_the_most_frequent_mistake():
    counts = torch.tensor([[9, 1, 0], [0, 8, 4], [0, 0, 7]])
    picture = confusion_map(counts, ["cat", "dog", "fox"])
    assert picture.alt == "Confusion of 3 classes: 24 of 29 on the diagonal."
    assert texts(picture)[-2:] == ["dog, taken for", "fox: 4×"]
    assert "most often" not in "".join(texts(confusion_map(torch.eye(2), "ab")))


def test_counts_need_a_name_for_each_class():
    with pytest.raises(CourseError, match="2 names"):
        confusion_map(torch.eye(3), "ab")
