"""Cells, legends, bars and axes: where they stand and what can be read on them."""

import re

import pytest
import torch

from course_utils.pictures.palette import MODEL, PANEL
from course_utils.pictures.parts import (
    Cell,
    Chart,
    Key,
    bar,
    counted,
    gray,
    grid,
    legend,
    mixed,
    outline,
    round_up,
    shaded,
    short,
)
from course_utils.pictures.svg import Picture, text_width


@pytest.fixture
def picture():
    return Picture(200, 100, "parts")


def boxes(picture):
    box = " ".join(rf'{name}="([\d.]+)"' for name in ("x", "y", "width", "height"))
    return [tuple(map(float, found)) for found in re.findall(box, picture.svg())]


def test_words_are_singular_and_plural():
    assert counted(1, "epoch") == "1 epoch" and counted(1200, "epoch") == "1,200 epochs"
    assert counted(2, "batch", "batches") == "2 batches"


def test_short_numbers():
    values = [0.0, 1.0, -1.0, 0.25, -0.5, 1.5, -0.001, 10.0, 100.0]
    texts = ["0", "1", "-1", ".25", "-.5", "1.5", "0", "10", "100"]
    assert [short(v) for v in values] == texts


def test_shades_go_from_black_to_white_and_from_white_to_a_color():
    assert (gray(-1), gray(2)) == ("#000000", "#ffffff")
    assert (mixed(MODEL, 0), mixed(MODEL, 1)) == ("#ffffff", MODEL)


def test_cells_stand_side_by_side_with_their_numbers(picture):
    grid(picture, 10, 20, shaded([[0.0, 1.0], [0.5, 0.25]], 0, 1), 30, 20)
    assert boxes(picture) == [
        (10, 20, 30, 20),
        (40, 20, 30, 20),
        (10, 40, 30, 20),
        (40, 40, 30, 20),
    ]
    assert re.findall(">([^<]+)</text>", picture.svg()) == ["0", "1", ".5", ".25"]


def test_the_ink_can_be_read_on_a_cell_and_stripes_leave_room_for_it(picture):
    grid(picture, 0, 0, [[Cell("7", MODEL, hatch=True), Cell("8", PANEL)]], 40)
    assert re.findall('fill="([^"]*)"[^>]*>[78]<', picture.svg()) == [
        "#ffffff",
        "var(--jp-content-font-color1, #1f2328)",
    ]
    ground = boxes(picture)[1]
    assert 0 < ground[0] and ground[0] + ground[2] < 40


def test_an_outline_runs_between_inside_and_outside_only(picture):
    inside = torch.tensor([[1, 1, 0], [1, 1, 0]])
    outline(picture, 0, 0, 10, inside)
    d = re.search(' d="([^"]+)"', picture.svg())[1]
    assert d.count("h") == 4 and d.count("v") == 4
    outline(picture, 0, 0, 10, torch.zeros(2, 2))
    assert len(picture.parts) == 1


def test_keys_of_a_legend_do_not_meet(picture):
    names = ["a first name", "b"]
    end = legend(picture, 5, 50, [Key(n, mark="line") for n in names])
    left = [float(x) for x in re.findall('<text x="([^"]+)"', picture.svg())]
    assert left[0] + text_width(names[0]) < left[1] < end
    assert legend(picture, 5, 50, [Key("c"), Key("d")], down=True) == 94


def test_a_bar_is_as_long_as_its_share(picture):
    bar(picture, 10, 10, 80, 10, 0.25, MODEL)
    bar(picture, 10, 30, 80, 10, 0, MODEL)
    assert [box[2] for box in boxes(picture)] == [80, 20, 80]


def test_values_have_their_places_and_those_outside_are_at_the_edge(picture):
    chart = Chart(picture, 10, 20, 100, 50, (0, 4), (0, 2))
    assert (chart.x(0), chart.x(4), chart.x(9)) == (10, 110, 110)
    assert (chart.y(0), chart.y(2), chart.y(1)) == (70, 20, 45)
    assert chart.x(float("nan")) == 10 and chart.y(float("-inf")) == 70


def test_a_curve_has_a_gap_where_it_is_not_finite(picture):
    chart = Chart(picture, 0, 0, 100, 100)
    chart.curve([(0, 0), (0.5, 0.5), (0.6, float("nan")), (0.7, 0.7), (1, 1)], MODEL)
    assert re.search(' d="([^"]+)"', picture.svg())[1].count("M") == 2


@pytest.mark.parametrize(
    "top, high", [(0.9, 1), (1.0, 1), (1.2, 2), (4, 5), (0.021, 0.03), (0, 1), (-3, 1)]
)
def test_an_axis_ends_at_a_round_value(top, high):
    assert round_up(top) == pytest.approx(high)


@pytest.mark.parametrize("shape, tag", [("circle", "circle"), ("square", "rect")])
def test_marks_have_shapes(picture, shape, tag):
    Chart(picture, 0, 0, 100, 100).mark(0, 0, shape, MODEL)
    assert picture.parts[-1].startswith(f"<{tag}")
