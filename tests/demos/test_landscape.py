import numpy as np
import pytest

from course_utils.demos.landscape import (
    METHODS,
    STEPS,
    SURFACES,
    descend,
    draw,
    landscape,
)


def bowl_by_hand(method, x, y, lr, steps):
    """The update rules written out, on 0.05 x² + y²."""
    w, v, s = np.array([x, y]), np.zeros(2), np.zeros(2)
    for t in range(1, steps + 1):
        g = w * [0.1, 2.0]
        if method == "Adam":
            v, s = 0.9 * v + 0.1 * g, 0.999 * s + 0.001 * g**2
            w = w - lr * (v / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
        else:
            v = (0.9 if "0.9" in method else 0.0) * v + g
            w = w - lr * v
    return w


@pytest.mark.parametrize("method", METHODS)
def test_a_path_follows_the_update_rule(method):
    path = descend("a long valley", method, 3.0, -2.0, 0.1)
    assert path.shape == (STEPS + 1, 2)
    for steps in (0, 1, 5, 40):
        expected = bowl_by_hand(method, 3.0, -2.0, 0.1, steps)
        np.testing.assert_allclose(path[steps], expected, rtol=1e-9, atol=1e-9)


def test_momentum_leaves_the_upper_valley_and_sgd_does_not():
    ends = {m: descend("two valleys", m, 3.5, 2.5, 0.1)[-1] for m in METHODS}
    assert ends["momentum 0.9"][0] < 0 < ends["SGD"][0]


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("lr", [0.001, 2.0])
def test_every_surface_is_drawn_even_when_a_path_leaves_the_map(surface, lr):
    picture = draw(surface, 4.0, -4.0, lr, STEPS)
    assert "nan" not in picture.svg() and "inf" not in picture.svg()
    gone = [
        m for m in METHODS if not (abs(descend(surface, m, 4.0, -4.0, lr)) <= 4).all()
    ]
    assert picture.svg().count("has left the map") == len(gone)


def test_the_start_and_the_steps_can_be_picked():
    demo = landscape()
    before = demo.picture.value
    demo.controls["x"].value = 2.0
    demo.controls["steps"].value = 0
    assert demo.picture.value != before
    heights = {float(SURFACES["a long valley"](2.0, 2.5))}
    assert (
        f"{heights.pop():.3f}" in demo.drawn.alt and "from (2.0, 2.5)" in demo.drawn.alt
    )


def test_the_lowest_is_named():
    shown = draw("a long valley", -3.5, 2.5, 0.1, 30).svg()
    assert "lowest: momentum 0.9" in shown
