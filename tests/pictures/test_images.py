"""A row of images."""

import io

import pytest
import torch
from PIL import Image

from course_utils.pictures.images import as_pil, image_row


def test_pixels_are_drawn_as_they_are():
    image = torch.tensor([[[0.0, 1.0], [1.0, 0.0]]])
    drawn = Image.open(io.BytesIO(image_row([image], ["x"], "two").png(1)))
    gray = drawn.convert("L")
    shown = [gray.getpixel(at) for at in ((25, 25), (75, 25), (25, 75), (75, 75))]
    assert shown == [0, 255, 255, 0]


@pytest.mark.parametrize("channels, mode", [(1, "L"), (3, "RGB")])
def test_floats_become_bytes_and_are_clipped(channels, mode):
    image = torch.tensor([-1.0, 0.5, 2.0]).expand(channels, 1, 3)
    assert as_pil(image).mode == mode
    assert as_pil(image).convert("L").tobytes() == bytes([0, 128, 255])


def test_every_image_needs_its_caption():
    with pytest.raises(ValueError):
        image_row([torch.zeros(1, 2, 2)], [], "none")


def test_captions_and_words_are_in_the_picture():
    picture = image_row([Image.new("L", (8, 8))] * 2, ["a < b", 7], "two images")
    assert ">a &lt; b<" in picture.svg() and ">7<" in picture.svg()
    assert picture._repr_mimebundle_()[0]["text/plain"] == "two images"
