"""What the picture of a graph shows, and the window through which a page shows it."""

import re

import torch

from course_utils.graph import graph_of, show
from course_utils.graph.drawing import MARGIN, Scene, strip
from course_utils.graph.folding import fold
from course_utils.graph.legend import entries
from course_utils.graph.lines import lines_of
from course_utils.pictures.palette import NOW, SOFT


def layer(passes=1):
    x, w = torch.ones(2, 3), torch.ones(3, 2, requires_grad=True)
    return fold(graph_of(lambda: torch.relu(x @ w).sum(), x=x, w=w, passes=passes))


def three_ways():
    a, b, c = (torch.tensor(v, requires_grad=v < 3) for v in (1.0, 2.0, 3.0))
    w = torch.tensor(4.0, requires_grad=True)

    def compute():
        with torch.no_grad():
            first = a * 2
        return w * (first + (b * 2).detach() + c * 2)

    return fold(graph_of(compute))


def legend(view, gradients=True):
    return " · ".join(e.text for e in entries(view, lines_of(view), gradients))


def heads(svg):
    """(color, does it point left) of each arrow head."""
    number = r"(-?[\d.]+)"
    pattern = rf'd="M{number} {number}L{number} {number}L\S+ \S+z" fill="([^"]*)"'
    return [
        (color, float(tip) < float(back))
        for tip, _, back, _, color in re.findall(pattern, svg)
    ]


def test_each_way_to_stop_a_gradient_has_a_sign_of_its_own():
    view = three_ways()
    looks = {}
    for line in lines_of(view):
        looks.setdefault(view.boxes[line.source].title, set()).add(line.look)
    assert looks["a"] == {"data"} and looks["c"] == {"data"}
    assert looks["b"] == {"gradient"} and looks["mul 2"] == {"cut", "data"}
    regions = [view.graph.nodes[box.out].region for box in view.boxes]
    assert regions.count("no_grad") == 1
    assert {"data", "leaf"} <= {box.kind for box in view.boxes}


def test_the_legend_has_only_what_the_picture_has():
    assert "cut" in legend(three_ways()) and "no_grad" in legend(three_ways())
    for word in ("cut", "gray", "folded", "off the graph"):
        assert word not in legend(layer())
    assert "way of the gradient" in legend(layer())
    assert "way of the gradient" not in legend(layer(passes=0), gradients=False)


def test_arrows_turn_the_way_the_gradient_went():
    scene = Scene(layer())
    forward, backward = scene.picture(3).svg(), scene.picture().svg()
    assert set(heads(forward)) == {(SOFT, False)}
    turned, plain = (NOW, True), (SOFT, False)  # three lines and the legend; one line
    assert sorted(heads(backward), key=str) == [turned] * 4 + [plain]


def test_slopes_appear_when_the_gradient_has_passed():
    scene, seen = Scene(layer()), []
    for number in range(len(scene.film)):
        svg = scene.picture(number).svg()
        seen.append([s for s in ("×1 each", "[matmul", "xᵀ @") if s in svg])
    assert seen[:4] == [[]] * 4
    assert [len(slopes) for slopes in seen[4:]] == [1, 2, 3, 3]
    assert "3×2" in scene.picture().svg()


def test_a_long_graph_runs_down_in_a_still_picture():
    w = torch.ones(1, requires_grad=True)

    def chain():
        y = w
        for operation in (torch.sin, torch.cos, torch.tanh, torch.exp) * 2:
            y = operation(y)
        return y

    graph = graph_of(chain)
    assert show(graph).height > show(graph).width
    wide = show(graph_of(lambda: w * 2))
    assert wide.width > wide.height


def test_the_window_keeps_what_works_in_sight_and_never_jumps():
    scene = Scene(layer())
    windows = [scene.window(number) for number in range(len(scene.film))]
    assert len({(w.width, w.height, w.words.height) for w in windows}) == 1
    for window, step in zip(windows[1:], scene.film[1:], strict=True):
        corner, size = scene.plan.places[step.box], scene.faces[step.box].size
        assert corner.x < window.focus.x < corner.x + size.width + 2 * MARGIN
        html = window.html()
        assert f"50% - var(--wide)*{window.focus.x / window.width:.4f}" in html
        assert f"50% - var(--high)*{window.focus.y / window.height:.4f}" in html


def test_one_picture_has_the_words_and_the_other_is_hidden_from_readers():
    html = Scene(layer()).window(5).html()
    assert html.count('role="img"') == 1 and html.count('aria-hidden="true"') == 1
    assert 'aria-label="autograd graph of 3 operations with leaves w: Step 5' in html


def test_the_strip_shows_the_start_both_middles_and_the_end():
    titles = re.findall(r">(Step \d of \d · \w+)", strip(layer()).svg())
    assert titles == [
        "Step 0 of 7 · start",
        "Step 2 of 7 · forward",
        "Step 5 of 7 · backward",
        "Step 7 of 7 · backward",
    ]
    assert strip(layer(passes=0)).height < strip(layer()).height
