"""The lines of a graph: their way, their arrow heads, and what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from course_utils.pictures.palette import INK, NOW, PAPER, SOFT
from course_utils.pictures.svg import SMALLEST, Picture, text_width

from .layout import STUB, Ends, Point
from .model import Edge, View
from .rules import slope
from .steps import State

ROOM = 12  # pixels beside a label, for arrow heads and the frame of what works
DOWN = Ends(17, 22)  # pixels that lines run straight in a graph that runs down
SLOPE, STEP = 12.5, 13  # size of text, height of a line of it
DASHES = {"data": "2 4", "cut": "7 5"}


@dataclass
class Line:
    """One edge of the view: where it runs, and what stands beside it.

    shape: of the tensor, once for each output of a box. slope: what the gradient is
    multiplied by on its way back. first: of several that enter a box, from the left;
    beside: how many others enter to the right of it.
    """

    edge: Edge
    source: int  # boxes
    target: int
    look: str  # gradient, data, or cut
    shape: str = ""
    slope: str = ""
    first: bool = False
    beside: int = 0
    route: Sequence[Point] = ()
    stubs: Ends = Ends(STUB, STUB)

    @property
    def room(self) -> Ends:
        """Pixels that its labels need at its start and at its end."""
        shape = text_width(self.shape, SMALLEST)
        slope = text_width(self.slope, SLOPE, bold=True)
        return Ends(*(wide + ROOM if wide else 0 for wide in (shape, slope)))


def lines_of(view: View) -> list[Line]:
    """The lines of a view, without their routes."""
    lines, shown = [], set()
    for edge in view.edges:
        source, target = view.home[edge.source], view.home[edge.target]
        line = Line(edge, source, target, _look(view, edge), slope=_slope(view, edge))
        value = view.graph.nodes[edge.source].values.get(edge.output)
        if value is not None and (source, value.size) not in shown:
            shown.add((source, value.size))
            line.shape = value.size
        lines.append(line)
    return lines


def _look(view: View, edge: Edge) -> str:
    """Under no_grad nothing is cut: there the line was never written down."""
    region = view.graph.nodes[edge.target].region
    return "data" if edge.kind == "cut" and region else edge.kind


def _slope(view: View, edge: Edge) -> str:
    if edge.kind != "gradient" or view.boxes[view.home[edge.target]].kind == "module":
        return ""
    turns = [t for t in view.graph.backward if t.node == edge.target]
    if not turns or edge.slot not in turns[-1].sent:
        return ""
    return slope(view.graph, view.graph.nodes[edge.target], edge.slot, turns[-1])


def draw_line(picture: Picture, line: Line, state: State, sideways: bool) -> None:
    """Draw a line as it is in this state; a gradient turns its arrow around."""
    flows, done = _carries(line, state)
    color = NOW if flows or done else SOFT
    known = state.knows(line.source)
    picture.path(
        curve(line, sideways),
        color,
        3.5 if flows else 1.8,
        DASHES.get(line.look),
        stroke_opacity=None if known else 0.4,
    )
    ahead = (1, 0) if sideways else (0, 1)
    start, end = line.route[0], line.route[-1]
    if flows or done:
        picture.head(*start, -ahead[0], -ahead[1], NOW, 11 if flows else 9)
        _write_slope(picture, line, sideways)
    else:
        picture.head(*end, *ahead, color)
    if line.look == "cut":
        _cut(picture, end, sideways)


def _carries(line: Line, state: State) -> tuple[bool, bool]:
    """Whether a gradient goes along the line in this very step, or went before."""
    if line.edge.kind != "gradient":
        return False, False
    step = state.step
    flows = step is not None and step.kind == "backward" and step.box == line.target
    return flows, line.target in state.turned


def curve(line: Line, sideways: bool) -> str:
    """Straight in a layer and beside a label, an S from one layer to the next."""

    def turn(pair: Sequence[float]) -> Sequence[float]:
        return pair if sideways else pair[::-1]

    def write(*pairs: Sequence[float]) -> str:
        return " ".join(f"{x:.1f} {y:.1f}" for x, y in map(turn, pairs))

    way = [turn(point) for point in line.route]  # (along the graph, across it)
    tail, head = line.stubs if sideways else DOWN
    d = f"M{write(way[0])}"
    for i, ((start, level), (end, other)) in enumerate(pairwise(way)):
        if abs(level - other) >= 0.5:
            a = start + (tail if i == 1 else STUB)
            b = end - (head if i == len(way) - 2 else STUB)
            middle = (a + b) / 2
            bend = write((middle, level), (middle, other), (b, other))
            d += f"L{write((a, level))}C{bend}"
        d += f"L{write((end, other))}"
    return d


def _write_slope(picture: Picture, line: Line, sideways: bool) -> None:
    """Beside the line's end, on the side that it does not come from."""
    (_, before), (x, y) = line.route[-2:]
    if sideways:
        below = before < y - 1 and line.stubs.end == STUB
        x, y, anchor = x - 7, y + 13 if below else y - 5, "end"
    else:
        x, anchor = (x - 6, "end") if line.first else (x + 6, "start")
        y -= 8 + STEP * line.beside
        if line.beside:  # its label stands across the lines to the right
            wide = text_width(line.slope, SLOPE, bold=True)
            picture.rect(x - 2, y - 11, wide + 4, STEP + 1, PAPER, radius=0)
    picture.text(x, y, line.slope, SLOPE, anchor, bold=True)


def write_shape(picture: Picture, line: Line, sideways: bool) -> None:
    """The tensor's shape, beside the point where its lines begin."""
    start, _, after, *_ = line.route
    right, down = (8, 14) if sideways else (7, 15)
    if sideways and line.stubs.start == STUB and after.y > start.y + 1:
        down = -6
    picture.text(start.x + right, start.y + down, line.shape, SMALLEST, fill=SOFT)


def _cut(picture: Picture, end: Point, sideways: bool) -> None:
    """Two strokes across the line, before its end."""
    for shift in (16, 22):
        if sideways:
            x, y = end.x - shift, end.y
            picture.line(x - 3, y + 8, x + 3, y - 8, INK, 2.4)
        else:
            x, y = end.x, end.y - shift
            picture.line(x - 8, y + 3, x + 8, y - 3, INK, 2.4)
