"""Where the boxes and lines of a layered graph go, without a system program.

The method is that of Sugiyama, Tagawa and Toda (1981): layers, an order in each layer
with few crossings, then places close to the neighbors.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean

GAP_X, GAP_Y = 22, 58
WIDE = 900  # pixels of a layer, from which leaves go higher
BEND = 16  # width of the slot in which a long line passes a layer
SWEEPS = 8
PULLS = 40


@dataclass
class Layout:
    """places: upper left corner of each box. routes: the points of each edge."""

    width: float
    height: float
    places: list[tuple[float, float]]
    routes: list[list[tuple[float, float]]]


def layout(sizes: list[tuple[float, float]], edges: list[tuple[int, int]]) -> Layout:
    """Place boxes of `sizes` (width, height) so that every edge points down.

    Edges must form no cycle; the same pair may occur several times. A route starts in
    the middle of a box's lower side and ends on the upper side of another; between its
    points it is vertical in a layer and free from one layer to the next.
    """
    if not sizes:
        return Layout(0, 0, [], [])
    level = _levels([w for w, _ in sizes], edges)
    widths = [w for w, _ in sizes]
    chains = []
    for source, target in edges:
        chain = [source]
        for step in range(level[source] + 1, level[target]):
            chain.append(len(widths))
            widths.append(BEND)
            level.append(step)
        chains.append([*chain, target])
    rows = _order(level, chains)
    middles = _places(rows, widths, chains)
    return _draw(sizes, widths, level, rows, middles, chains)


def _levels(widths: list[float], edges: list[tuple[int, int]]) -> list[int]:
    """Longest path from a source; a source stands right above its first user, or
    higher where that layer would grow too wide."""
    count = len(widths)
    users: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for source, target in edges:
        users[source].append(target)
        waiting[target] += 1
    sources = [i for i in range(count) if not waiting[i]]
    level, ready = [0] * count, list(sources)
    for node in ready:
        for user in users[node]:
            level[user] = max(level[user], level[node] + 1)
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    for node in sources:
        if users[node]:
            level[node] = min(level[user] for user in users[node]) - 1
    return _raised([s for s in sources if users[s]], level, widths)


def _raised(sources: list[int], level: list[int], widths: list[float]) -> list[int]:
    """Lift sources out of layers wider than `WIDE`."""
    free = set(sources)
    row = max(level)
    while row >= min(level):
        inside = [v for v, at in enumerate(level) if at == row]
        total = sum(widths[v] + GAP_X for v in inside)
        movable = [v for v in inside if v in free]
        while total > WIDE and movable and len(inside) > 1:
            vertex = movable.pop()
            inside.remove(vertex)
            level[vertex] -= 1
            total -= widths[vertex] + GAP_X - BEND
        row -= 1
    top = min(level)
    return [at - top for at in level]


def _order(level: list[int], chains: list[list[int]]) -> list[list[int]]:
    """The vertices of each layer from left to right, with few crossings."""
    rows: list[list[int]] = [[] for _ in range(max(level) + 1)]
    for vertex, row in enumerate(level):
        rows[row].append(vertex)
    above: list[list[int]] = [[] for _ in level]
    below: list[list[int]] = [[] for _ in level]
    for chain in chains:
        for a, b in zip(chain, chain[1:], strict=False):
            below[a].append(b)
            above[b].append(a)
    best, fewest = [list(row) for row in rows], _crossings(rows, below)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        near = above if down else below
        for row in rows if down else reversed(rows):
            at = {v: i for r in rows for i, v in enumerate(r)}
            row.sort(key=lambda v: mean(at[n] for n in near[v]) if near[v] else at[v])  # noqa: B023
        count = _crossings(rows, below)
        if count < fewest:
            best, fewest = [list(row) for row in rows], count
    return best


def _crossings(rows: list[list[int]], below: list[list[int]]) -> int:
    at = {v: i for row in rows for i, v in enumerate(row)}
    total = 0
    for row in rows:
        ends = [at[b] for v in row for b in sorted(below[v], key=at.get)]
        total += sum(a > b for i, a in enumerate(ends) for b in ends[i + 1 :])
    return total


def _places(rows, widths: list[float], chains) -> list[float]:
    """The middle of each vertex: near its neighbors, never closer than the gap."""
    near: list[list[tuple[int, float]]] = [[] for _ in widths]
    for chain in chains:
        for a, b in zip(chain, chain[1:], strict=False):
            weight = 8.0 if widths[a] == widths[b] == BEND else 1.0
            near[a].append((b, weight))
            near[b].append((a, weight))
    middles = [0.0] * len(widths)
    for row in rows:
        x = 0.0
        for vertex in row:
            middles[vertex] = x + widths[vertex] / 2
            x += widths[vertex] + GAP_X
    for sweep in range(PULLS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wishes = []
            for v in row:
                total = sum(weight for _, weight in near[v])
                pull = sum(middles[n] * weight for n, weight in near[v])
                wishes.append((pull / total if total else middles[v], total or 0.1))
            for v, x in zip(row, _apart(row, widths, wishes), strict=True):
                middles[v] = x
    return middles


def _apart(row: list[int], widths: list[float], wishes) -> list[float]:
    """The places closest to the wishes (least squares) that keep the order and gaps."""
    offsets, blocks = [0.0], []
    for a, b in zip(row, row[1:], strict=False):
        offsets.append(offsets[-1] + (widths[a] + widths[b]) / 2 + GAP_X)
    for (wish, weight), offset in zip(wishes, offsets, strict=True):
        blocks.append([wish - offset, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            x, w, n = blocks.pop()
            y, v, m = blocks[-1]
            blocks[-1] = [(x * w + y * v) / (w + v), w + v, n + m]
    starts = [x for x, _, n in blocks for _ in range(n)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


def _draw(sizes, widths, level, rows, middles, chains) -> Layout:
    left = min(m - w / 2 for m, w in zip(middles, widths, strict=True))
    middles = [m - left for m in middles]
    tops, y = [], 0.0
    for row in rows:
        tops.append(y)
        y += max((sizes[v][1] for v in row if v < len(sizes)), default=0) + GAP_Y
    bottoms = [top - GAP_Y for top in tops[1:]] + [y - GAP_Y]
    places = [(middles[i] - w / 2, tops[level[i]]) for i, (w, _) in enumerate(sizes)]
    ports = _ports(sizes, middles, chains)
    routes = []
    for chain, port in zip(chains, ports, strict=True):
        source, target = chain[0], chain[-1]
        bottom = tops[level[source]] + sizes[source][1]
        route = [(middles[source], bottom), (middles[source], bottoms[level[source]])]
        for bend in chain[1:-1]:
            route += [
                (middles[bend], y) for y in (tops[level[bend]], bottoms[level[bend]])
            ]
        routes.append([*route, (port, tops[level[target]])])
    width = max(m + w / 2 for m, w in zip(middles, widths, strict=True))
    return Layout(width, y - GAP_Y, places, routes)


def _ports(sizes, middles, chains) -> list[float]:
    """Where each edge enters its target: spread out, in the order they come from."""
    entering: dict[int, list[int]] = {}
    for i, chain in enumerate(chains):
        entering.setdefault(chain[-1], []).append(i)
    ports = [0.0] * len(chains)
    for target, edges in entering.items():
        edges.sort(key=lambda i: middles[chains[i][-2]])
        space = min(34.0, sizes[target][0] / (len(edges) + 1))
        for place, i in enumerate(edges):
            ports[i] = middles[target] + (place - (len(edges) - 1) / 2) * space
    return ports
