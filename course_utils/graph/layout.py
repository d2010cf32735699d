"""Where the boxes and lines of a layered graph go, without a system program.

The method is that of Sugiyama, Tagawa and Toda (1981): layers, an order in each layer
with few crossings, then places close to the neighbors. All is computed for a graph
that runs down the page; for one that runs sideways, x and y change places before and
after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from .layers import Layers
from .spacing import middles

LAYER_GAP, SIDEWAYS_GAP = 58, 40  # pixels between layers, where no label needs more
WIDE, TALL = 900, 400  # pixels of a layer, from which leaves go higher
EDGE = 10  # pixels at the side of a box where no line enters
PORTS = 34  # pixels between two lines that enter a box, where there is room
APART = 30  # the least of them for a label beside each
STUB = 10  # pixels that a line runs straight at its ends, where no label is in its way
TURN = 20  # pixels along the graph in which a line changes its place across it


class Size(NamedTuple):
    """Pixels of a box."""

    width: float
    height: float


class Ends(NamedTuple):
    """Pixels along a line at its start and at its end."""

    start: float
    end: float


class Point(NamedTuple):
    """A place on the picture."""

    x: float
    y: float


@dataclass
class Layout:
    """places: upper left corner of each box. routes: the points of each edge.

    stubs: how far an edge runs straight at its ends: past its labels, where these do
    not fit beside it.
    """

    width: float
    height: float
    places: list[Point]
    routes: list[list[Point]]
    stubs: list[Ends]


def layout(
    sizes: Sequence[tuple[float, float]],
    edges: Sequence[tuple[int, int]],
    sideways: bool = False,
    labels: Sequence[Ends] = (),
) -> Layout:
    """Place boxes of `sizes` (width, height) so that every edge points down, or right.

    Edges must form no cycle; the same pair may occur several times. A route starts in
    the middle of a box's lower side and ends on the upper side of another; between its
    points it is vertical in a layer and free from one layer to the next.

    labels: pixels that each edge needs, sideways, for what stands at both its ends.
    """
    if not sizes:
        return Layout(0, 0, [], [], [])
    turned = [Size(*size[::-1]) if sideways else Size(*size) for size in sizes]
    plan = _Plan(turned, edges, sideways, labels or [Ends(0, 0)] * len(edges)).drawn()
    if not sideways:
        return plan
    return Layout(
        plan.height,
        plan.width,
        [Point(y, x) for x, y in plan.places],
        [[Point(y, x) for x, y in route] for route in plan.routes],
        plan.stubs,
    )


@dataclass
class Wire:
    """An edge on its way: across the graph at each layer, and where it is labeled."""

    chain: list[int]
    across: list[float]
    labels: Ends
    stubs: Ends = Ends(STUB, STUB)

    @property
    def first_turn(self) -> float:
        """How far it goes to the right in its first gap."""
        return self.across[1] - self.across[0]

    @property
    def last_turn(self) -> float:
        """The same in its last gap."""
        return self.across[-1] - self.across[-2]


class _Plan:
    """A graph that runs down, from its layers to its routes."""

    def __init__(
        self,
        sizes: list[Size],
        edges: Sequence[tuple[int, int]],
        sideways: bool,
        labels: Sequence[Ends],
    ):
        self.sizes, self.gap = sizes, SIDEWAYS_GAP if sideways else LAYER_GAP
        widths = [size.width for size in sizes]
        self.layers = Layers(widths, edges, TALL if sideways else WIDE)
        self.middles = middles(self.layers)
        self.wires = [
            Wire(chain, [self.middles[v] for v in chain], label)
            for chain, label in zip(self.layers.chains, labels, strict=True)
        ]
        self.leaving: dict[int, list[Wire]] = {}
        self.entering: dict[int, list[Wire]] = {}
        for wire in self.wires:
            self.leaving.setdefault(wire.chain[0], []).append(wire)
            self.entering.setdefault(wire.chain[-1], []).append(wire)
        self._spread()
        self._straighten()

    def _spread(self) -> None:
        """Let the lines enter a box side by side, in the order they come from."""
        for box, wires in self.entering.items():
            wires.sort(key=lambda wire: wire.across[-2])
            room = max(self.sizes[box].width - 2 * EDGE, 0)
            space = min(PORTS, room / max(len(wires) - 1, 1))
            for place, wire in enumerate(wires):
                wire.across[-1] += (place - (len(wires) - 1) / 2) * space

    def _straighten(self) -> None:
        """Let lines run straight past labels that do not fit beside them.

        A label stands on the side of its line that the line does not come from. There
        it is free where the lines of a box come from different sides.
        """
        for wires in self.leaving.values():
            turns = [wire.first_turn for wire in wires]
            if min(turns) < -1 and max(turns) > 1:
                most = max(STUB, *(wire.labels.start for wire in wires))
                for wire in wires:
                    wire.stubs = wire.stubs._replace(start=most)
        for wires in self.entering.values():
            pairs = pairwise(wire.across[-1] for wire in wires)
            near = any(b - a < APART for a, b in pairs)
            # Two lines from outside have their labels between them.
            left, right = wires[0].last_turn, wires[-1].last_turn
            from_outside = len(wires) == 2 and left > -1 and right < 1
            if len(wires) > 1 and (near or not from_outside):
                most = max(STUB, *(wire.labels.end for wire in wires))
                for wire in wires:
                    wire.stubs = wire.stubs._replace(end=most)

    def _gaps(self) -> list[float]:
        """The room below each layer, for the longest labels and for lines to turn."""
        gaps = [float(self.gap)] * len(self.layers.rows)
        for wire in self.wires:
            first = self.layers.level[wire.chain[0]]
            last = self.layers.level[wire.chain[-1]] - 1
            for row, (a, b) in enumerate(pairwise(wire.across), first):
                starts, ends = row == first, row == last
                room = max(wire.labels.start * starts, wire.labels.end * ends)
                if abs(a - b) > 1:
                    straight = wire.stubs.start * starts + wire.stubs.end * ends
                    room = max(room, straight + TURN)
                gaps[row] = max(gaps[row], room)
        return gaps

    def drawn(self) -> Layout:
        """The places and routes."""
        tops, bottoms, y = [], [], 0.0
        for row, gap in zip(self.layers.rows, self._gaps(), strict=True):
            tops.append(y)
            y += max(self.sizes[v].height for v in row if v < len(self.sizes))
            bottoms.append(y)
            y += gap
        level = self.layers.level
        places = [
            Point(self.middles[box] - size.width / 2, tops[level[box]])
            for box, size in enumerate(self.sizes)
        ]
        routes = []
        for wire in self.wires:
            source, target = wire.chain[0], wire.chain[-1]
            side = tops[level[source]] + self.sizes[source].height
            route = [Point(wire.across[0], y) for y in (side, bottoms[level[source]])]
            for row, x in enumerate(wire.across[1:-1], level[source] + 1):
                route += [Point(x, tops[row]), Point(x, bottoms[row])]
            routes.append([*route, Point(wire.across[-1], tops[level[target]])])
        width = max(
            m + w / 2 for m, w in zip(self.middles, self.layers.widths, strict=True)
        )
        stubs = [wire.stubs for wire in self.wires]
        return Layout(width, bottoms[-1], places, routes, stubs)
