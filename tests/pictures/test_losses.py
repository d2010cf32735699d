import math

import pytest

from course_utils.demos.cross_entropy import cross_entropy
from course_utils.errors import CourseError
from course_utils.pictures.losses import minus_log


@pytest.mark.parametrize("p", [0.01, 0.25, 1.0])
def test_the_loss_is_that_of_torch(p):
    from torch import tensor
    from torch.nn.functional import nll_loss

    loss = nll_loss(tensor([[math.log(p), 0.0]]), tensor([0])).item()
    assert minus_log(p).alt == f"A probability of {p:g} is a loss of {abs(loss):.2f}."


def test_no_probability_is_an_infinite_loss():
    assert minus_log(0).alt.endswith("a loss of infinite.")
    with pytest.raises(CourseError, match="probability"):
        minus_log(1.5)


def test_the_dot_can_be_moved():
    demo = cross_entropy(0.5)
    assert "0.69" in demo.drawn.alt
    demo.controls["p"].value = 0.1
    assert "2.30" in demo.drawn.alt
    with pytest.raises(CourseError, match="from 0.01 to 1"):
        cross_entropy(3)
