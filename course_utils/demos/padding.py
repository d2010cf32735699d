"""Padding: how much of a batch of names is filling, in three orders."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets
import numpy as np

from course_utils.data import place_names
from course_utils.pictures.svg import (
    INK,
    LINE,
    ORANGE,
    PALETTE,
    PANEL,
    SKY,
    SOFT,
    Picture,
    ink_on,
)

from .base import Demo, slider

ORDERS = ("as they come", "sorted by length", "in buckets")
NAMES, ROW, CELL, LEFT, TOP = 20, 18, 8, 70, 34


def padding() -> Demo:
    """Batches of real names, padded to the longest in each."""
    names = some_names()
    controls = {
        "batch_size": slider("batch size", 8, 1, NAMES),
        "order": widgets.Dropdown(options=ORDERS, description="order"),
    }

    def draw(batch_size: int, order: str) -> Picture:
        return padding_picture(names, batch_size, order)

    words = (
        "Padding: names in batches, each filled up to the longest name in its batch."
    )
    return Demo(draw, controls, words)


def some_names(count: int = NAMES, seed: int = 0) -> list[str]:
    """`count` names of places, drawn from all languages."""
    names = sorted({place.name for place in place_names()})
    chosen = np.random.RandomState(seed).permutation(len(names))[:count]
    return [names[i] for i in chosen]


def cut(lengths: Sequence[int], batch_size: int, order: str) -> list[list[int]]:
    """Batches of indices in one of the `ORDERS`.

    In buckets means: sorted by length, cut, and then the batches in random order.
    """
    indices = list(range(len(lengths)))
    if order != ORDERS[0]:
        indices.sort(key=lambda index: lengths[index])
    starts = range(0, len(indices), batch_size)
    batches = [indices[start : start + batch_size] for start in starts]
    if order == ORDERS[2]:
        batches = [
            batches[i] for i in np.random.RandomState(1).permutation(len(batches))
        ]
    return batches


def waste(lengths: Sequence[int], batches: list[list[int]]) -> float:
    """The share of all numbers in the padded batches that is padding, 0 to 1."""
    cells = sum(len(batch) * max(lengths[i] for i in batch) for batch in batches)
    return 1 - sum(lengths[i] for batch in batches for i in batch) / cells


def padding_picture(names: list[str], batch_size: int, order: str) -> Picture:
    """Each name a row, its letters plain, its padding hatched; batches in blocks."""
    lengths = [len(name) for name in names]
    batches = cut(lengths, batch_size, order)
    share = waste(lengths, batches)
    gap = 3 if len(batches) > 16 else 9
    height = TOP + len(names) * ROW + len(batches) * gap
    side = LEFT + max(lengths) * CELL + 110
    said = f"{share:.0%} of all numbers are padding"
    alt = f"{len(names)} names in batches of {batch_size}, {order}: {said}."
    picture = Picture(side + 260, max(height, TOP + 290), alt)
    picture.text(4, 18, said, 16, bold=True)
    y = TOP
    for number, batch in enumerate(batches):
        _batch(picture, y, number, [names[i] for i in batch])
        y += len(batch) * ROW + gap
    _legend(picture, side)
    _compare(picture, side, lengths, batch_size, order)
    return picture


def _batch(picture: Picture, y: float, number: int, names: list[str]) -> None:
    color = PALETTE[number % len(PALETTE)]
    longest = max(map(len, names))
    picture.text(4, y + 13, f"batch {number + 1}", 12, fill=SOFT)
    for row, name in enumerate(names):
        top, end = y + row * ROW, LEFT + len(name) * CELL
        picture.rect(LEFT, top, len(name) * CELL, ROW - 2, color, radius=0)
        picture.text(LEFT, top + 12, name, CELL / 0.602, fill=ink_on(color), mono=True)
        if len(name) < longest:
            filling = (longest - len(name)) * CELL
            picture.rect(end, top, filling, ROW - 2, "#dde2e7", LINE, 0, hatch=True)
    shape = f"({len(names)}, {longest})"
    picture.text(LEFT + longest * CELL + 8, y + 13, shape, 12, fill=SOFT, mono=True)


def _legend(picture: Picture, x: float) -> None:
    picture.rect(x, TOP, 32, ROW - 2, SKY, radius=0)
    picture.text(x + 40, TOP + 13, "letters")
    picture.rect(x + 110, TOP, 32, ROW - 2, "#dde2e7", LINE, 0, hatch=True)
    picture.text(x + 150, TOP + 13, "padding")
    picture.text(x, TOP + 42, "(B, L)", mono=True)
    picture.text(x + 60, TOP + 42, "shape of the batch")


def _compare(
    picture: Picture, x: float, lengths: list[int], batch_size: int, chosen: str
) -> None:
    """The waste of all three orders at this batch size."""
    picture.text(x, TOP + 88, f"Padding at batch size {batch_size}", 13, bold=True)
    for place, order in enumerate(ORDERS):
        share = waste(lengths, cut(lengths, batch_size, order))
        y, now = TOP + 104 + place * 40, order == chosen
        picture.text(x, y + 10, order, 12, bold=now)
        picture.rect(x, y + 15, 200, 12, PANEL, INK if now else LINE, 0)
        picture.rect(x, y + 15, 200 * share, 12, ORANGE, radius=0, hatch=True)
        picture.text(x + 208, y + 26, f"{share:.0%}", 13, bold=now)
    y = TOP + 104 + len(ORDERS) * 40 + 18
    picture.text(x, y, "in buckets: sorted by length and cut,", 12, fill=SOFT)
    picture.text(x, y + 18, "then the batches in random order", 12, fill=SOFT)
