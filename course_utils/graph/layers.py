"""The layers of a graph that runs down, and the order in each, with few crossings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import mean

GAP = 22  # pixels between the boxes of a layer
SLOT = 16  # pixels in which a long edge passes a layer
SWEEPS = 8


class Layers:
    """The vertices by layer: boxes first, then slots where a long edge passes.

    widths, level: of each vertex. rows: the vertices of each layer, from left to right.
    chains: each edge as the vertices it goes through, from one layer to the next.
    limit: pixels of a layer, from which boxes that nothing enters go higher.
    """

    def __init__(
        self, widths: Sequence[float], edges: Sequence[tuple[int, int]], limit: float
    ):
        self.boxes = len(widths)
        self.widths = list(widths)
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

    def _ordered(self) -> list[list[int]]:
        """Sort each layer by its neighbors, down and up again, and keep the best."""
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
