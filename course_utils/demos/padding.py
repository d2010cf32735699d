"""Padding: how much of a batch of texts is filling, in three orders."""

from __future__ import annotations

from collections.abc import Sequence, Sized

import numpy as np

from course_utils.data import place_names
from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.pictures.palette import DATA, PANEL, SOFT, ink_on
from course_utils.pictures.parts import Cell, Key, bar, draw_cell, legend
from course_utils.pictures.svg import Picture, fit

from .base import Demo, choice, slider
from .blame import plain_errors

ORDERS = ("as they come", "sorted by length", "in buckets")
MOST, ROW, LEFT, TOP = 20, 16, 70, 32
ROOM, GAPS, SIDE = 330, 54, 250  # of the longest text, between batches, at the right


@plain_errors
def padding(texts: Sequence[Sized] | None = None) -> Demo:
    """Batches of texts, padded to the longest in each.

    texts: strings, or anything with a length; the first 20 are drawn. Without them,
    names of places. Raises CourseError where there is nothing to pad.
    """
    if isinstance(texts, str) or not isinstance(texts, Sequence | None):
        raise CourseError(
            N_("padding takes a list of texts, such as ['Rome', 'Berlin'].")
        )
    given = some_names() if texts is None else list(texts)
    if not all(isinstance(text, Sized) for text in given):
        raise CourseError(N_("Each text needs a length: a string, a list or a tensor."))
    shown = given[:MOST]
    if not any(map(len, shown)):
        raise CourseError(N_("padding needs at least one text that is not empty."))

    def draw(batch_size: int, order: str) -> Picture:
        return padding_picture(shown, batch_size, order, len(given) - len(shown))

    controls = {
        "batch_size": slider("batch size", min(8, len(shown)), 1, len(shown)),
        "order": choice("order", ORDERS),
    }
    words = N_(
        "Padding: names in batches, each filled up to the longest name in its batch."
    )
    return Demo(draw, controls, words)


def some_names(count: int = MOST, seed: int = 0) -> list[str]:
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
        shuffled = np.random.RandomState(1).permutation(len(batches))
        batches = [batches[i] for i in shuffled]
    return batches


def waste(lengths: Sequence[int], batches: list[list[int]]) -> float:
    """The share of all numbers in the padded batches that is padding, 0 to 1."""
    cells = sum(len(batch) * max(lengths[i] for i in batch) for batch in batches)
    return 1 - sum(lengths[i] for batch in batches for i in batch) / max(1, cells)


def padding_picture(
    texts: Sequence[Sized], batch_size: int, order: str, more: int = 0
) -> Picture:
    """Each text a row, its letters plain, its padding hatched; batches in blocks."""
    lengths = [len(text) for text in texts]
    batches = cut(lengths, batch_size, order)
    verdict = f"{waste(lengths, batches):.0%} of all numbers are padding"
    alt = f"{len(texts)} texts in batches of {batch_size}, {order}: {verdict}."
    cell = min(8.0, ROOM / max(lengths))
    side = LEFT + max(lengths) * cell + 90
    height = max(TOP + len(texts) * ROW + GAPS + 20 * bool(more), TOP + 290)
    picture = Picture(side + SIDE, height, alt)
    picture.text(4, 18, verdict, 16, bold=True)
    y, gap = TOP, min(9, GAPS / len(batches))
    for number, batch in enumerate(batches):
        _batch(picture, y, number, [texts[i] for i in batch], cell)
        y += len(batch) * ROW + gap
    if more:
        picture.text(4, height - 6, f"… {more:,} more texts, not drawn", 13)
    keys = [Key("letters", DATA), Key("padding", PANEL, hatch=True)]
    legend(picture, side, TOP + 13, keys)
    picture.text(side, TOP + 42, "(B, L)", mono=True)
    picture.text(side + 60, TOP + 42, "shape of the batch")
    _compare(picture, side, lengths, batch_size, order)
    return picture


def _batch(picture: Picture, y: float, number: int, texts: list[Sized], cell: float):
    longest = max(map(len, texts))
    picture.text(4, y + 12, f"batch {number + 1}", 12, fill=SOFT)
    for row, text in enumerate(texts):
        top, width = y + row * ROW, len(text) * cell
        picture.rect(LEFT, top, width, ROW - 1.5, DATA, radius=0)
        if isinstance(text, str) and cell == 8:
            letters = (LEFT, top + 11.5, text, cell / 0.602)
            picture.text(*letters, fill=ink_on(DATA), mono=True)
        elif isinstance(text, str) and width > 20:
            letters = fit(text, width - 4, 12)
            picture.text(LEFT + 2, top + 11.5, letters, 12, fill=ink_on(DATA))
        if len(text) < longest:
            filling = (longest - len(text)) * cell
            empty = Cell("", PANEL, hatch=True)
            draw_cell(picture, LEFT + width, top, filling, ROW - 1.5, empty)
    shape = f"({len(texts)}, {longest})"
    x = LEFT + longest * cell + 6
    picture.text(x, y + 12, shape, 12, fill=SOFT, mono=True)


def _compare(picture: Picture, x, lengths: list[int], batch_size: int, chosen: str):
    """The waste of all three orders at this batch size."""
    picture.text(x, TOP + 88, f"Padding at batch size {batch_size}", 13, bold=True)
    for place, order in enumerate(ORDERS):
        share = waste(lengths, cut(lengths, batch_size, order))
        y, now = TOP + 104 + place * 40, order == chosen
        picture.text(x, y + 10, order, 12, bold=now)
        bar(picture, x, y + 15, 190, 12, share, SOFT, hatch=True)
        picture.text(x + 198, y + 26, f"{share:.0%}", 13, bold=now)
    y = TOP + 104 + len(ORDERS) * 40 + 18
    picture.text(x, y, "in buckets: sorted by length and cut,", 12, fill=SOFT)
    picture.text(x, y + 18, "then the batches in random order", 12, fill=SOFT)
