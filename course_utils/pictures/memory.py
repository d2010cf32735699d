"""One strip of memory, and in which order each view of it reads the numbers."""

from __future__ import annotations

import torch
from torch import Tensor

from course_utils.errors import CourseError
from course_utils.locale.again import N_

from .palette import DATA, PANEL, SERIES, SOFT
from .parts import Cell, grid, short
from .svg import Picture

SIDE, MOST, LEFT, ROW = 38, 12, 190, 52


def memory_strip(tensor: Tensor, **views: Tensor) -> Picture:
    """The memory of a contiguous tensor, and how its views walk through it.

    views: by name; each is drawn below with its shape and stride, and at each number
    the place where it is read: 1, 2, … What does not share the memory is a copy.
    In a lesson: `memory_strip(table, **{"table.T": table.T, "row": table[1]})`.
    Raises CourseError for more than 12 numbers.
    """
    if not 1 <= tensor.numel() <= MOST or not tensor.is_contiguous():
        raise CourseError(N_("the tensor must be contiguous, of 1 to 12 numbers"))
    numbers = tensor.detach().flatten()
    copies = [name for name, view in views.items() if not _shared(tensor, view)]
    shared = [name for name in views if name not in copies]
    alt = f"A strip of {len(numbers)} numbers; views: {', '.join(shared) or 'none'}"
    alt += f"; copies: {', '.join(copies) or 'none'}."
    width = max(LEFT + len(numbers) * SIDE + 16, 560)
    picture = Picture(width, 98 + ROW * len(views), alt)
    picture.text(8, 28, "the memory", 14, bold=True)
    picture.text(8, 46, "numbers, one after another", 12, fill=SOFT)
    grid(picture, LEFT, 14, [[Cell(short(n), DATA) for n in numbers.tolist()]], SIDE)
    for row, (name, view) in enumerate(views.items()):
        y = 76 + row * ROW
        picture.text(8, y + 16, name, 14, bold=True, mono=True, width=LEFT - 16)
        kind = f"{tuple(view.shape)} stride {view.stride()}"
        kind = kind if name in shared else f"{tuple(view.shape)} a copy"
        picture.text(8, y + 34, kind, 12, fill=SOFT, mono=True, width=LEFT - 12)
        if name in shared:
            reads = order(tensor, view)
            cells = [
                Cell(reads.get(i, ""), DATA if i in reads else PANEL)
                for i in range(len(numbers))
            ]
        else:
            cells = [
                Cell(short(v), SERIES[1], hatch=True)
                for v in view.detach().flatten()[:MOST].tolist()
            ]
        grid(picture, LEFT, y, [cells], SIDE, 30)
    words = (
        "in a view: the order in which it reads the places; striped: memory of its own"
    )
    picture.text(8, picture.height - 10, words, 12, fill=SOFT)
    return picture


def order(tensor: Tensor, view: Tensor) -> dict[int, int]:
    """Place in the memory of `tensor` → when `view` reads it, counted from 1."""
    places = torch.arange(tensor.numel() + tensor.storage_offset())
    seen = places.as_strided(view.shape, view.stride(), view.storage_offset())
    first = tensor.storage_offset()
    return {p - first: n for n, p in enumerate(seen.flatten().tolist(), 1)}


def _shared(tensor: Tensor, view: Tensor) -> bool:
    return tensor.untyped_storage().data_ptr() == view.untyped_storage().data_ptr()
