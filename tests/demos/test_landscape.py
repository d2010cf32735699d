from functools import partial

import numpy as np
import pytest
import torch

from course_utils.demos.landscape import (
    METHODS,
    MOMENTUM,
    STEPS,
    SURFACES,
    descend,
    heights,
    landscape,
)
from course_utils.errors import CourseError


def bowl_by_hand(method, x, y, lr, steps):
    """The update rules written out, on 0.05 x² + y²."""
    w, v, s = np.array([x, y]), np.zeros(2), np.zeros(2)
    for t in range(1, steps + 1):
        g = w * [0.1, 2.0]
        if method == "Adam":
            v, s = 0.9 * v + 0.1 * g, 0.999 * s + 0.001 * g**2
            w = w - lr * (v / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
        else:
            v = (0.9 if method == MOMENTUM else 0.0) * v + g
            w = w - lr * v
    return w


def method(name):
    return partial(METHODS[name], momentum=0.9) if name == MOMENTUM else METHODS[name]


@pytest.mark.parametrize("name", METHODS)
def test_a_path_follows_the_update_rule(name):
    path = descend(SURFACES["a long valley"], method(name), 3.0, -2.0, 0.1)
    assert path.shape == (STEPS + 1, 3)
    for steps in (0, 1, 5, 40):
        expected = bowl_by_hand(name, 3.0, -2.0, 0.1, steps)
        np.testing.assert_allclose(path[steps, :2], expected, rtol=1e-9, atol=1e-9)
        height = SURFACES["a long valley"](*expected)
        assert path[steps, 2] == pytest.approx(height, rel=1e-9)


def test_momentum_leaves_the_upper_valley_and_sgd_does_not():
    valleys = SURFACES["two valleys"]
    ends = {m: descend(valleys, method(m), 3.5, 2.5, 0.1)[-1] for m in METHODS}
    assert ends[MOMENTUM][0] < 0 < ends["SGD"][0]


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("lr", [0.001, 2.0])
def test_every_surface_is_drawn_even_when_a_path_leaves_the_map(surface, lr):
    demo = landscape()
    for name, value in dict(surface=surface, x=4.0, y=-4.0, lr=lr, steps=100).items():
        demo.controls[name].value = value
    svg = demo.picture.value
    assert "nan" not in svg and "inf" not in svg
    assert ("left the map" in svg) == (lr == 2.0)


def test_at_the_start_all_are_equal_and_then_the_lowest_is_named():
    demo = landscape()
    assert "lowest: SGD with momentum" in demo.picture.value
    demo.controls["x"].value, demo.controls["steps"].value = 2.0, 0
    assert "all equal" in demo.picture.value and "from (2, 2.5)" in demo.drawn.alt
    height = SURFACES["a long valley"](2.0, 2.5)
    assert demo.drawn.alt.count(f"at height {height:.3f}") == 3


def test_without_momentum_both_kinds_of_sgd_walk_alike():
    demo = landscape()
    demo.controls["momentum"].value = 0.0
    ends = [part.split()[-1] for part in demo.drawn.alt.rstrip(".").split("; ")]
    assert ends[0] == ends[1] != ends[2]


def test_an_own_function_and_own_methods():
    def bowl(x, y):
        return (x**2 + y**2).sum()

    demo = landscape(bowl, lr=0.25, methods={"steepest": torch.optim.SGD})
    assert demo.drawn.alt.startswith("bowl: from (-3.5, 2.5), 30 steps, lr=0.25: ")
    assert "steepest is at height 0.000" in demo.drawn.alt
    assert "momentum" not in demo.controls


def test_a_function_of_single_numbers_is_drawn_too():
    values = heights(lambda x, y: torch.tensor(float(x) - 2 * float(y)), 9)
    ticks = np.linspace(-4, 4, 9)
    np.testing.assert_allclose(values, ticks[None] - 2 * ticks[:, None])


@pytest.mark.parametrize(
    "wrong",
    [
        {"function": 3},
        {"function": lambda x: x},
        {"function": lambda x, y: 3.0},
        {"lr": -1},
        {"methods": {}},
        {"methods": {"none": lambda tensors, lr: None}},
    ],
)
def test_what_cannot_be_walked_is_refused_in_one_sentence(wrong):
    with pytest.raises(CourseError) as error:
        landscape(**wrong)
    assert "\n" not in str(error.value)


def test_an_error_in_the_learners_function_is_the_learners():
    with pytest.raises(AttributeError, match="nothing"):
        landscape(lambda x, y: x.nothing)
