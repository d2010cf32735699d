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
from statistics import mean
from typing import NamedTuple

GAP, LAYER_GAP = 22, 58  # between the boxes of a layer, between layers
SIDEWAYS_GAP = 40  # between layers, where no label needs more
WIDE, TALL = 900, 400  # pixels of a layer, from which leaves go higher
SLOT = 16  # room in which a long line passes a layer
TURN = 24  # pixels along the graph in which a line changes its place across it
STUB = 10  # pixels that a line runs straight at its ends, where no label is in its way
APART = 30  # pixels between two ends of lines, for a label beside each
EDGE = 10  # pixels at the side of a box where no line enters
SWEEPS = 8
PULLS = 40
STRAIGHT = 8.0  # how much harder a long line pulls to be straight


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
    layers = Layers(turned, edges, TALL if sideways else WIDE)
    gap = SIDEWAYS_GAP if sideways else LAYER_GAP
    plan = layers.drawn(gap, labels or [Ends(0, 0)] * len(edges))
    if not sideways:
        return plan
    return Layout(
        plan.height,
        plan.width,
        [Point(y, x) for x, y in plan.places],
        [[Point(y, x) for x, y in route] for route in plan.routes],
        plan.stubs,
    )


class Layers:
    """The vertices by layer: boxes, and slots where a long edge passes.

    A chain is an edge as the vertices it goes through, from one layer to the next.
    """

    def __init__(
        self, sizes: list[Size], edges: Sequence[tuple[int, int]], limit: float
    ):
        self.sizes = sizes
        self.widths = [size.width for size in sizes]
        self.level = levels(self.widths, edges, limit)
        self.chains: list[list[int]] = []
        for source, target in edges:
            chain = [source]
            for row in range(self.level[source] + 1, self.level[target]):
                chain.append(len(self.widths))
                self.widths.append(SLOT)
                self.level.append(row)
            self.chains.append([*chain, target])
        self.links = [link for chain in self.chains for link in pairwise(chain)]
        self.rows = self._ordered()
        self.middles = self._placed()

    def _ordered(self) -> list[list[int]]:
        """The vertices of each layer from left to right, with few crossings."""
        rows: list[list[int]] = [[] for _ in range(max(self.level) + 1)]
        for v, row in enumerate(self.level):
            rows[row].append(v)
        above: list[list[int]] = [[] for _ in self.level]
        below: list[list[int]] = [[] for _ in self.level]
        for a, b in self.links:
            below[a].append(b)
            above[b].append(a)
        best, fewest = [list(row) for row in rows], _crossings(rows, below)
        for sweep in range(SWEEPS):
            down = sweep % 2 == 0
            for row in rows if down else reversed(rows):
                _sort(row, rows, above if down else below)
            count = _crossings(rows, below)
            if count < fewest:
                best, fewest = [list(row) for row in rows], count
        return best

    def _placed(self) -> list[float]:
        """The middle of each vertex: near its neighbors, never closer than the gap.

        From a row packed to the left each layer is pulled towards the layers above and
        below, down and up again, until little moves.
        """
        near: list[list[Pull]] = [[] for _ in self.widths]
        boxes = len(self.sizes)
        for a, b in self.links:
            weight = STRAIGHT if a >= boxes and b >= boxes else 1.0
            near[a].append(Pull(b, weight))
            near[b].append(Pull(a, weight))
        middles = [0.0] * len(self.widths)
        for row in self.rows:
            x = 0.0
            for v in row:
                middles[v] = x + self.widths[v] / 2
                x += self.widths[v] + GAP
        for sweep in range(PULLS):
            for row in self.rows if sweep % 2 == 0 else reversed(self.rows):
                wishes = [_wish(middles, near[v], middles[v]) for v in row]
                widths = [self.widths[v] for v in row]
                for v, x in zip(row, apart(widths, wishes), strict=True):
                    middles[v] = x
        left = min(m - w / 2 for m, w in zip(middles, self.widths, strict=True))
        return [middle - left for middle in middles]

    def drawn(self, gap: float, labels: Sequence[Ends]) -> Layout:
        """The places and routes; `gap` pixels between layers, more for long labels."""
        ports = self._ports()
        stubs = self._stubs(labels, ports)
        tops, bottoms, y = [], [], 0.0
        gaps = self._gaps(gap, labels, stubs, ports)
        for row, after in zip(self.rows, gaps, strict=True):
            tops.append(y)
            high = max(self.sizes[v].height for v in row if v < len(self.sizes))
            bottoms.append(y + high)
            y += high + after
        places = [
            Point(self.middles[i] - size.width / 2, tops[self.level[i]])
            for i, size in enumerate(self.sizes)
        ]
        routes = []
        for chain, port in zip(self.chains, ports, strict=True):
            source, *slots, target = chain
            x, row = self.middles[source], self.level[source]
            start = Point(x, tops[row] + self.sizes[source].height)
            route = [start, Point(x, bottoms[row])]
            for v in slots:
                sides = (tops[self.level[v]], bottoms[self.level[v]])
                route += [Point(self.middles[v], side) for side in sides]
            routes.append([*route, Point(port, tops[self.level[target]])])
        right = [m + w / 2 for m, w in zip(self.middles, self.widths, strict=True)]
        return Layout(max(right), bottoms[-1], places, routes, stubs)

    def _stubs(self, labels: Sequence[Ends], ports: list[float]) -> list[Ends]:
        """How far each edge runs straight at its ends.

        A label stands on the side of its line that the line does not come from. That
        does where the lines of a box come from different sides; else they must run
        straight beside the labels.
        """
        leaving: dict[int, list[int]] = {}
        entering: dict[int, list[int]] = {}
        for i, chain in enumerate(self.chains):
            leaving.setdefault(chain[0], []).append(i)
            entering.setdefault(chain[-1], []).append(i)
        starts, ends = [float(STUB)] * len(labels), [float(STUB)] * len(labels)
        for lines in leaving.values():
            ways = [self._ways(i, ports[i])[0] for i in lines]
            if min(ways) < -1 and max(ways) > 1:
                for i in lines:
                    starts[i] = max(STUB, *(labels[line].start for line in lines))
        for lines in entering.values():
            lines.sort(key=lambda i: ports[i])
            ways = [self._ways(i, ports[i])[1] for i in lines]
            near = any(ports[b] - ports[a] < APART for a, b in pairwise(lines))
            # Two lines from outside have their labels between them.
            from_outside = len(lines) == 2 and ways[0] > -1 and ways[1] < 1
            if len(lines) > 1 and (near or not from_outside):
                for i in lines:
                    ends[i] = max(STUB, *(labels[line].end for line in lines))
        return [Ends(*pair) for pair in zip(starts, ends, strict=True)]

    def _ways(self, i: int, port: float) -> tuple[float, float]:
        """How far an edge goes to the right in its first gap, and in its last."""
        xs = [*(self.middles[v] for v in self.chains[i][:-1]), port]
        return xs[1] - xs[0], xs[-1] - xs[-2]

    def _gaps(
        self,
        gap: float,
        labels: Sequence[Ends],
        stubs: list[Ends],
        ports: list[float],
    ) -> list[float]:
        """The room below each layer, for the longest labels and for lines to turn."""
        gaps = [gap] * len(self.rows)
        for chain, port, label, stub in zip(
            self.chains, ports, labels, stubs, strict=True
        ):
            first, last = self.level[chain[0]], self.level[chain[-1]] - 1
            xs = [*(self.middles[v] for v in chain[:-1]), port]
            for row, (a, b) in enumerate(pairwise(xs), first):
                start = row == first
                end = row == last
                room = max(label.start * start, label.end * end)
                if abs(a - b) > 1:
                    straight = stub.start * start + stub.end * end
                    room = max(room, straight + TURN)
                gaps[row] = max(gaps[row], room)
        return gaps

    def _ports(self) -> list[float]:
        """Where each edge enters its target: spread, in the order they come from."""
        entering: dict[int, list[int]] = {}
        for i, chain in enumerate(self.chains):
            entering.setdefault(chain[-1], []).append(i)
        ports = [0.0] * len(self.chains)
        for target, edges in entering.items():
            edges.sort(key=lambda i: self.middles[self.chains[i][-2]])
            room = self.sizes[target].width - 2 * EDGE
            space = min(34.0, max(room, 0) / max(len(edges) - 1, 1))
            for place, i in enumerate(edges):
                shift = (place - (len(edges) - 1) / 2) * space
                ports[i] = self.middles[target] + shift
        return ports


def levels(
    widths: list[float], edges: Sequence[tuple[int, int]], limit: float
) -> list[int]:
    """The layer of each box: the longest path from a source.

    A source stands right above its first user, or higher where that layer would grow
    wider than `limit`: else all leaves would stand in the first layer, far from theirs.
    """
    users: list[list[int]] = [[] for _ in widths]
    waiting = [0] * len(widths)
    for source, target in edges:
        users[source].append(target)
        waiting[target] += 1
    sources = [i for i, count in enumerate(waiting) if not count]
    level, ready = [0] * len(widths), list(sources)
    for node in ready:
        for user in users[node]:
            level[user] = max(level[user], level[node] + 1)
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    free = {node for node in sources if users[node]}
    for node in free:
        level[node] = min(level[user] for user in users[node]) - 1
    _raise(free, level, widths, limit)
    top = min(level)
    return [row - top for row in level]


def _raise(free: set[int], level: list[int], widths: list[float], limit: float) -> None:
    """Lift sources out of layers that are too wide, from the last layer up."""
    row = max(level)
    while row >= min(level):
        inside = [v for v, at in enumerate(level) if at == row]
        total = sum(widths[v] + GAP for v in inside)
        movable = [v for v in inside if v in free]
        while total > limit and movable and len(inside) > 1:
            v = movable.pop()
            inside.remove(v)
            level[v] -= 1
            total -= widths[v] + GAP - SLOT
        row -= 1


def _sort(row: list[int], rows: list[list[int]], near: list[list[int]]) -> None:
    """Order a layer by where the neighbors of each vertex stand, on average."""
    at = {v: i for other in rows for i, v in enumerate(other)}
    row.sort(key=lambda v: mean(at[n] for n in near[v]) if near[v] else at[v])


def _crossings(rows: list[list[int]], below: list[list[int]]) -> int:
    at = {v: i for row in rows for i, v in enumerate(row)}
    total = 0
    for row in rows:
        ends = [at[b] for v in row for b in sorted(below[v], key=at.get)]
        total += sum(a > b for i, a in enumerate(ends) for b in ends[i + 1 :])
    return total


class Pull(NamedTuple):
    """A neighbor, or a place, and how hard it pulls."""

    target: float
    weight: float


def _wish(middles: list[float], pulls: list[Pull], now: float) -> Pull:
    """Where a vertex wants to be: between its neighbors."""
    total = sum(pull.weight for pull in pulls)
    if not total:
        return Pull(now, 0.1)
    where = sum(middles[pull.target] * pull.weight for pull in pulls)
    return Pull(where / total, total)


@dataclass
class Block:
    """Vertices that stand as close as they may, and move as one."""

    start: float
    weight: float
    count: int


def apart(widths: list[float], wishes: list[Pull]) -> list[float]:
    """The places closest to the wishes (least squares) that keep the order and gaps.

    Each vertex begins as a block of its own; a block that would overtake the one before
    joins it, and the two stand where both together want to be.
    """
    offsets, blocks = [0.0], []
    for a, b in pairwise(widths):
        offsets.append(offsets[-1] + (a + b) / 2 + GAP)
    for (wish, weight), offset in zip(wishes, offsets, strict=True):
        blocks.append(Block(wish - offset, weight, 1))
        while len(blocks) > 1 and blocks[-2].start >= blocks[-1].start:
            last, before = blocks.pop(), blocks[-1]
            weight = last.weight + before.weight
            pull = last.start * last.weight + before.start * before.weight
            before.start, before.weight = pull / weight, weight
            before.count += last.count
    starts = [block.start for block in blocks for _ in range(block.count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]
