import re

import pytest

from course_utils.pictures.tensors import kernel, one_memory, shapes


def texts(picture):
    return re.findall(r"<text [^>]*>([^<]*)<", picture.svg())


def test_the_memory_picture_shows_what_torch_reads():
    digits = "".join(text for text in texts(one_memory()) if text.isdigit())
    assert digits == "012345012345031425031425"


def test_only_the_copy_is_hatched():
    assert one_memory().svg().count('class="hatch"') == 6


def test_every_dimension_of_every_shape_is_named():
    names = [text for text in texts(shapes()) if text.startswith("dim ")]
    assert sorted(names) == ["dim 0"] * 3 + ["dim 1"] * 2 + ["dim 2"]


@pytest.mark.parametrize("draw", [kernel, shapes, one_memory])
def test_every_cell_is_drawn_inside_the_picture(draw):
    picture = draw()
    boxes = re.findall(
        r'x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', picture.svg()
    )
    assert boxes
    for x, y, width, height in (map(float, box) for box in boxes):
        assert x + width <= picture.width and y + height <= picture.height
