"""Boxes and texts never overlap, and lines only touch their own boxes."""

import itertools
import re
from html import unescape

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given, settings
from torch import nn

from course_utils.graph import GraphError, graph_of, show
from course_utils.graph.drawing import Scene
from course_utils.graph.folding import fold
from course_utils.graph.layout import layout
from course_utils.pictures.svg import text_width


@st.composite
def graphs(draw):
    count = draw(st.integers(1, 14))
    side = st.floats(20, 200)
    sizes = draw(st.lists(st.tuples(side, side), min_size=count, max_size=count))
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    edges = draw(st.lists(pair, max_size=24))
    return sizes, [(min(p), max(p)) for p in edges if p[0] != p[1]]


@settings(max_examples=100)
@given(graphs())
def test_boxes_keep_their_distance(graph):
    sizes, edges = graph
    plan = layout(sizes, edges)
    boxes = [
        (x, y, x + w, y + h) for (x, y), (w, h) in zip(plan.places, sizes, strict=True)
    ]
    for i, a in enumerate(boxes):
        assert (
            a[0] >= -1e-6 and a[2] <= plan.width + 1e-6 and a[3] <= plan.height + 1e-6
        )
        for b in boxes[i + 1 :]:
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert apart


@settings(max_examples=100)
@given(graphs())
def test_every_edge_points_down_and_misses_the_other_boxes(graph):
    sizes, edges = graph
    plan = layout(sizes, edges)
    for (source, target), route in zip(edges, plan.routes, strict=True):
        assert all(a[1] <= b[1] + 1e-6 for a, b in zip(route, route[1:], strict=False))
        for i, ((x, y), (w, h)) in enumerate(zip(plan.places, sizes, strict=True)):
            if i in (source, target):
                continue
            for (px, top), (qx, bottom) in zip(route, route[1:], strict=False):
                beside = max(px, qx) <= x or min(px, qx) >= x + w
                assert beside or bottom <= y + 1e-6 or top >= y + h - 1e-6


TEXT = re.compile(
    r'<text x="([\d.-]+)" y="([\d.-]+)" font-size="([\d.]+)" '
    r'text-anchor="(\w+)"([^>]*)>([^<]*)<'
)


def texts(svg):
    """(x, y, width, height) of each text in a picture."""
    for x, y, size, anchor, more, string in TEXT.findall(svg):
        wide = text_width(unescape(string), float(size), "Mono" in more, "bold" in more)
        left = float(x) - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        yield left, float(y) - 0.75 * float(size), wide, 0.95 * float(size), string


def overlaps(svg):
    found = [text for text in texts(svg) if text[4].strip()]
    pairs = itertools.combinations(found, 2)
    return [(a[4], b[4]) for a, b in pairs if meet(a, b)]


def meet(a, b):
    across = a[0] < b[0] + b[2] and b[0] < a[0] + a[2]
    return across and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def samples():
    torch.manual_seed(0)
    w, x = torch.randn(4, 4, requires_grad=True), torch.randn(4, 4)
    b = torch.randn(4, requires_grad=True)
    yield lambda: torch.relu(x @ w + b).sum()
    yield lambda: sum((w * i).exp().log_softmax(0) @ x for i in range(2, 6)).mean()
    yield lambda: (torch.cat(w.split(1)) * w.unbind()[2] * 1e9).pow(2).std()
    yield lambda: ((w @ w).detach() - w.t() @ w).abs().amax() * 1e-7
    model = nn.Sequential(*(nn.Linear(4, 4) for _ in range(12)))
    yield lambda: model(x).sum()
    yield lambda: (w * w + w @ w).sum()
    cell = nn.RNN(4, 4)
    yield lambda: cell(x[:, None])[0].sum()


@pytest.mark.parametrize("sideways", [True, False])
@pytest.mark.parametrize("number", range(7))
def test_no_text_overlaps_at_any_step(number, sideways):
    scene = Scene(fold(graph_of(list(samples())[number])), sideways)
    for step in [None, *range(0, len(scene.film), 3), len(scene.film) - 1]:
        picture = scene.picture(step)
        assert overlaps(picture.svg()) == []
        for x, y, w, h, string in texts(picture.svg()):
            assert x >= 0 and x + w <= picture.width + 1 and y + h <= picture.height, (
                string
            )


def test_large_graphs_are_folded_by_module():
    model = nn.Sequential(
        *(nn.Sequential(nn.Linear(4, 4), nn.ReLU()) for _ in range(12))
    )
    graph = graph_of(lambda: model(torch.ones(1, 4)).sum())
    titles = [box.title for box in fold(graph).boxes]
    assert len(graph.nodes) > 40 and "3 · Sequential" in titles and len(titles) <= 16
    opened = [box.title for box in fold(graph, "3").boxes]
    assert {"3.0 · Linear", "3.1 · ReLU", "4 · Sequential"} <= set(opened)
    assert "3 · Sequential" not in opened
    assert len(fold(graph, "all").boxes) == len(graph.nodes)


def unrolled(count):
    """A recurrent network written as a loop, 20 times or as often as `count` says."""
    w, u = torch.ones(2, 2, requires_grad=True), torch.ones(2, 2, requires_grad=True)
    steps = torch.ones(count, 1, 2)

    def compute():
        h = torch.zeros(1, 2)
        for x in steps:
            h = torch.tanh(x @ w + h @ u)
        return h.sum()

    return fold(graph_of(compute))


def test_a_long_loop_shows_its_first_passes_and_its_last():
    view = unrolled(20)
    folded = [box.title for box in view.boxes if box.kind == "module"]
    assert folded == ["pass 1", "pass 2", "passes 3 to 19", "pass 20"]
    inside = {box.title: len(box.nodes) for box in view.boxes}
    assert inside["passes 3 to 19"] == 17 * inside["pass 20"]
    assert {"w", "u"} <= set(inside)


def test_a_longer_loop_makes_no_larger_picture():
    heights = {show(unrolled(count).graph).height for count in (20, 200)}
    assert len(heights) == 1 and heights.pop() < 1200


def test_two_loops_are_folded_one_after_the_other():
    w = torch.ones(1, requires_grad=True)

    def compute():
        y = w
        for _ in range(30):
            y = torch.sin(y * w)
        for _ in range(30):
            y = torch.tanh(y + w)
        return y

    view = fold(graph_of(compute))
    titles = [box.title for box in view.boxes]
    assert titles.count("passes 3 to 29") == 2 and len(titles) == 9
    assert sum(len(box.nodes) for box in view.boxes) == len(view.graph.nodes)


def test_what_repeats_nothing_is_folded_by_time():
    w = torch.ones(1, requires_grad=True)

    def compute():
        y = w
        for step in range(200):
            y = (y * w, y + w, y - w)[step * step % 7 % 3]
        return y

    assert len(fold(graph_of(compute)).boxes) < 40


def test_a_module_used_again_is_another_box():
    cell, other = nn.Linear(2, 2), nn.Sequential(*(nn.Tanh() for _ in range(9)))

    def compute():
        h = torch.ones(1, 2)
        for _ in range(4):
            h = other(cell(h))
        return h.sum()

    view = fold(graph_of(compute, cell=cell, other=other))
    titles = [box.title for box in view.boxes]
    assert {"Linear", "Linear · call 4", "Sequential · call 2"} <= set(titles)


def test_an_unknown_module_is_told():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    graph = graph_of(lambda: model(torch.ones(1, 2)).sum())
    with pytest.raises(GraphError, match="no module 'layer9' in this graph: 0, 1"):
        show(graph, unfold="layer9")
