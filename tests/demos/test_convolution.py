import pytest
import torch
from torch.nn import functional as F

from course_utils.data import Digits
from course_utils.demos.convolution import (
    KERNELS,
    OWN,
    convolution,
    output_side,
    parsed,
    windows,
)
from course_utils.errors import CourseError


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kernel", KERNELS)
def test_the_sums_are_those_of_torch(kernel, padding, stride):
    image, weights = torch.rand(8, 8), parsed(KERNELS[kernel])
    output = (windows(image, padding, stride) * weights).sum((2, 3))
    expected = F.conv2d(image[None, None], weights[None, None], None, stride, padding)
    torch.testing.assert_close(output, expected[0, 0])
    assert output_side(8, padding, stride) == expected.shape[-1]


def test_the_sum_of_the_chosen_window_is_told():
    demo = convolution()
    demo.controls["position"].value = 18
    image, kernel = Digits(train=False)[0][0], parsed(KERNELS["vertical edges"])
    expected = F.conv2d(image, kernel[None, None], padding=1)[0, 2, 2].item()
    assert "output row 2, column 2 of (8, 8)" in demo.drawn.alt
    assert demo.drawn.alt.endswith(f"sum to {expected:.2f}.")


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


def test_a_kernel_can_be_typed_and_is_named_by_its_weights():
    demo = convolution()
    kernel, weights = demo.controls["kernel"], demo.controls["weights"]
    weights.value = "0 0 0; 0 2 0; 0 0 0"
    assert kernel.value == OWN
    assert demo.drawn.alt.endswith(f"{2 * Digits(train=False)[0][0][0, 2, 2]:.2f}.")
    kernel.value = "blur"
    assert weights.value == KERNELS["blur"]
    weights.value = KERNELS["sharpen"]
    assert kernel.value == "sharpen"


def test_a_kernel_that_is_none_is_told_in_the_picture_and_does_no_harm():
    demo = convolution()
    height = demo.drawn.height
    for wrong in ("", "1 2 3", "a b c; 1 2 3; 1 2 3", "1/0 1 1; 1 1 1; 1 1 1"):
        demo.controls["weights"].value = wrong
        assert "three rows of three numbers" in demo.drawn.alt
    assert demo.drawn.height == height
    demo.controls["weights"].value = "1 1 1; 1 1 1; 1 1 1"
    assert demo.drawn.alt.startswith("Window at")


def test_an_own_kernel_begins():
    assert convolution(torch.eye(3)).values()["weights"] == "1 0 0; 0 1 0; 0 0 1"
    with pytest.raises(CourseError, match="three rows of three numbers"):
        convolution([[1.0, 2.0]])
