import re

import pytest
import torch
from torch.nn import functional as F

from course_utils.data import Digits
from course_utils.demos.convolution import (
    KERNELS,
    convolution,
    output_side,
    short,
    windows,
)


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kernel", KERNELS)
def test_the_sums_are_those_of_torch(kernel, padding, stride):
    image, weights = torch.rand(8, 8), torch.tensor(KERNELS[kernel]).float()
    found = (windows(image, padding, stride) * weights).sum((2, 3))
    expected = F.conv2d(image[None, None], weights[None, None], None, stride, padding)
    torch.testing.assert_close(found, expected[0, 0])
    assert output_side(8, padding, stride) == expected.shape[-1]


def test_the_shown_products_sum_to_the_shown_output():
    demo = convolution()
    demo.controls["position"].value = 18
    svg = demo.picture.value
    terms = re.findall(r">[+ ]?(-?[\d.]+)×(-?[\d.]+)<", svg)
    assert len(terms) == 9
    total = sum(float(a) * float(b) for a, b in terms)
    shown = float(re.search(r">= (-?[\d.]+)<", svg)[1])
    assert shown == pytest.approx(total, abs=0.05)
    image = Digits(train=False)[0][0]
    kernel = torch.tensor(KERNELS["vertical edges"])[None, None].float()
    expected = F.conv2d(image, kernel, padding=1)[0, 2, 2].item()
    assert shown == pytest.approx(expected, abs=0.01)


def test_the_number_of_positions_follows_padding_and_stride():
    demo = convolution()
    position = demo.controls["position"]
    position.value = 63
    demo.controls["padding"].value = 0
    assert (position.max, position.player.max, position.value) == (35, 35, 35)
    demo.controls["stride"].value = 2
    assert position.max == 8 and "output row 2, column 2 of (3, 3)" in demo.drawn.alt
    demo.controls["padding"].value, demo.controls["stride"].value = 1, 1
    assert position.max == position.player.max == 63


def test_the_output_is_empty_after_the_window():
    demo = convolution()
    counts = []
    for step in (0, 10, 63):
        demo.controls["position"].value = step
        counts.append(demo.picture.value.count("<text"))
    assert counts[1] - counts[0] == 10 and counts[2] - counts[0] == 63


def test_short_numbers():
    values = [0.0, 1.0, -1.0, 0.25, -0.5, 1.5, -0.001, 10.0, 100.0]
    told = ["0", "1", "-1", ".25", "-.5", "1.5", "0", "10", "100"]
    assert [short(v) for v in values] == told
