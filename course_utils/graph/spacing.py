"""Where the vertices of ordered layers stand: near their neighbors, never too close."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from .layers import GAP, Layers

PULLS = 40
STRAIGHT = 8.0  # how much harder a long edge pulls to be straight


class Pull(NamedTuple):
    """A neighbor, or a place, and how hard it pulls."""

    target: float
    weight: float


@dataclass
class Block:
    """Vertices that stand as close as they may, and move as one."""

    start: float
    weight: float
    count: int


def middles(layers: Layers) -> list[float]:
    """The middle of each vertex; the leftmost box begins at 0.

    From a row packed to the left each layer is pulled towards the layers above and
    below, down and up again, until little moves.
    """
    near: list[list[Pull]] = [[] for _ in layers.widths]
    for a, b in layers.links:
        weight = STRAIGHT if a >= layers.boxes and b >= layers.boxes else 1.0
        near[a].append(Pull(b, weight))
        near[b].append(Pull(a, weight))
    places = [0.0] * len(layers.widths)
    for row in layers.rows:
        widths = [layers.widths[v] for v in row]
        for v, offset in zip(row, _offsets(widths), strict=True):
            places[v] = widths[0] / 2 + offset
    for sweep in range(PULLS):
        for row in layers.rows if sweep % 2 == 0 else reversed(layers.rows):
            wishes = [_wish(places, near[v], places[v]) for v in row]
            found = apart([layers.widths[v] for v in row], wishes)
            for v, place in zip(row, found, strict=True):
                places[v] = place
    left = min(m - w / 2 for m, w in zip(places, layers.widths, strict=True))
    return [place - left for place in places]


def _wish(places: list[float], pulls: list[Pull], now: float) -> Pull:
    """Where a vertex wants to be: between its neighbors."""
    total = sum(pull.weight for pull in pulls)
    if not total:
        return Pull(now, 0.1)
    where = sum(places[pull.target] * pull.weight for pull in pulls)
    return Pull(where / total, total)


def _offsets(widths: list[float]) -> list[float]:
    """How far each middle is from the first where all stand as close as they may."""
    offsets = [0.0]
    for a, b in pairwise(widths):
        offsets.append(offsets[-1] + (a + b) / 2 + GAP)
    return offsets


def apart(widths: list[float], wishes: list[Pull]) -> list[float]:
    """The places closest to the wishes (least squares) that keep the order and gaps.

    Each vertex begins as a block of its own; a block that would overtake the one before
    joins it, and the two stand where both together want to be.
    """
    offsets, blocks = _offsets(widths), []
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
