import base64
import io
import re

import pytest
import torch
from PIL import Image

from course_utils.pictures.activations import draw_maps, draw_output, draw_photo
from course_utils.pictures.svg import Picture


def images(picture):
    found = re.findall(r"base64,([^\"]+)", picture.svg())
    return [Image.open(io.BytesIO(base64.b64decode(text))) for text in found]


def drawn(output):
    picture = Picture(300, 300, "test")
    draw_output(picture, output, 0, 0, 300, 300)
    return picture


def test_a_map_is_black_where_lowest_and_white_where_highest():
    (image,) = images(drawn(torch.tensor([[[-3.0, 1.0], [-1.0, 5.0]]])))
    w, h = image.size
    corners = [(0, 0), (w - 1, 0), (0, h - 1), (w - 1, h - 1)]
    assert [image.getpixel(c) for c in corners] == [0, 127, 63, 255]


def test_all_maps_of_a_layer_share_one_scale():
    maps = torch.stack([torch.zeros(2, 2), torch.ones(2, 2)])
    first, second = images(drawn(maps))
    assert (first.getextrema(), second.getextrema()) == ((0, 0), (255, 255))


def test_a_short_vector_is_bars_with_numbers_and_a_marked_best():
    svg = drawn(torch.tensor([0.5, -1.25, 2.0])).svg()
    assert "<image" not in svg
    assert all(f">{n}<" in svg for n in ("0.50", "-1.25", "2.00"))
    assert svg.count('class="hatch"') == 1


@pytest.mark.parametrize(
    "output",
    [
        torch.arange(100.0),
        torch.ones(4, 7, dtype=torch.int64),
        torch.rand(2, 3, 4, 5),
        torch.tensor([float("nan")] * 20),
        torch.zeros(3, 64, 64),
        torch.ones(2, 3) > 0,
    ],
)
def test_outputs_of_any_shape_can_be_drawn(output):
    assert images(drawn(output))


def test_scalars_and_empty_outputs_are_told_in_words():
    assert ">3.00<" in drawn(torch.tensor(3)).svg()
    assert ">empty<" in drawn(torch.zeros(0, 4)).svg()


def test_maps_stay_inside_their_box():
    picture = Picture(300, 300, "test")
    boxes = draw_maps(picture, torch.rand(16, 5, 9), 10, 20, 200, 100, 0, 1)
    assert len(boxes) == 16
    assert max(x + width for x, _, width, _ in boxes) <= 210
    assert max(y + height for _, y, _, height in boxes) <= 120


def test_a_photo_keeps_its_colors():
    photo = torch.zeros(3, 4, 4)
    photo[0, :, :2], photo[2, :, 2:] = 1, 1
    picture = Picture(100, 100, "test")
    draw_photo(picture, photo, 0, 0, 80)
    (image,) = images(picture)
    assert image.getpixel((0, 0)) == (255, 0, 0)
    assert image.getpixel((image.width - 1, 0)) == (0, 0, 255)
