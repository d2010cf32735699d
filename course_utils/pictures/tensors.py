"""Still pictures for the first lesson: the kernel, shapes, and one memory."""

from __future__ import annotations

import torch

from .palette import DATA, LINE, PANEL, PAPER, SERIES, SOFT
from .parts import Cell, draw_cell, grid
from .svg import Picture

SIDE = 30  # pixels of a cell


def kernel() -> Picture:
    """A page with cells on the left, the process that runs them on the right."""
    alt = "The page holds cells as text; the kernel, a Python process, holds variables."
    picture = Picture(740, 206, alt)
    _box(picture, 4, "the page", "text, saved in the file")
    cells = (("[1]", "counter = 0"), ("[2]", "counter = counter + 1"), ("[ ]", "…"))
    for row, (number, code) in enumerate(cells):
        y = 66 + row * 44
        picture.text(22, y + 22, number, 13, fill=SOFT, mono=True)
        picture.rect(58, y, 220, 34, PAPER, LINE)
        picture.text(70, y + 22, code, 13, mono=True)
    _box(picture, 436, "the kernel", "a Python process, forgets when restarted")
    for row, (name, value) in enumerate((("torch", "a module"), ("counter", "1"))):
        y = 66 + row * 44
        picture.text(456, y + 22, name, 13, mono=True)
        picture.line(530, y + 17, 566, y + 17, arrow=True)
        draw_cell(picture, 572, y, 130, 34, Cell(value, DATA), 13)
    picture.line(312, 84, 426, 84, width=2.5, arrow=True)
    picture.text(368, 74, "code", 13, "middle")
    picture.line(428, 142, 314, 142, width=2.5, arrow=True)
    picture.text(368, 132, "result", 13, "middle")
    return picture


def _box(picture: Picture, x: float, title: str, words: str) -> None:
    picture.rect(x, 4, 300, 198, PANEL, LINE, 8)
    picture.text(x + 16, 28, title, 15, bold=True)
    picture.text(x + 16, 48, words, 12.5, fill=SOFT)


def shapes() -> Picture:
    """Tensors of zero to three dimensions, each with its shape."""
    alt = "A number has the shape (), a row (4,), a table (2, 3), a picture (3, 4, 4)."
    picture = Picture(740, 234, alt)
    drawn = (
        (30, (), "one number"),
        (150, (4,), "a row"),
        (360, (2, 3), "a table"),
        (544, (3, 4, 4), "a color picture"),
    )
    for x, shape, words in drawn:
        layers, rows, columns = (1,) * (3 - len(shape)) + shape
        for layer in reversed(range(layers)):
            shift = 18 * layer
            cells = [[Cell("", DATA)] * columns] * rows
            grid(picture, x + shift, 94 - shift, cells, SIDE)
        for dim, way in enumerate(("depth", "down", "across")[3 - len(shape) :]):
            _arrow(picture, x, 94, shape, dim, way)
        picture.text(x, 20, shape, 15, bold=True, mono=True)
        picture.text(x, 40, words, 13, fill=SOFT)
    return picture


def _arrow(picture: Picture, x: float, y: float, shape, dim: int, way: str) -> None:
    """The direction of one dimension, with its name."""
    rows, columns = ((1, 1) + shape)[-2:]
    bottom, right = y + rows * SIDE, x + columns * SIDE
    if way == "across":
        picture.line(x, bottom + 9, right, bottom + 9, arrow=True)
        picture.text(right + 5, bottom + 13, f"dim {dim}", 12, fill=SOFT)
    elif way == "down":
        picture.line(x - 8, y, x - 8, bottom, arrow=True)
        picture.text(x - 14, y + 16, f"dim {dim}", 12, "end", SOFT)
    else:
        picture.line(right + 9, bottom, right + 45, bottom - 36, arrow=True)
        picture.text(right + 33, bottom - 8, f"dim {dim}", 12, fill=SOFT)


def one_memory() -> Picture:
    """Two views that read one memory, and a reshape that had to copy."""
    alt = "numbers, its view table and table.T read one memory; a reshape of table.T "
    picture = Picture(740, 212, alt + "reads a second one, a copy.")
    picture.rect(4, 4, 474, 204, PANEL, LINE, 8)
    picture.text(18, 196, "three ways to read one memory", 13, fill=SOFT)
    picture.rect(490, 4, 246, 204, PANEL, LINE, 8)
    picture.text(504, 196, "a second memory: copied", 13, fill=SOFT)
    table = torch.arange(6).view(2, 3)
    numbers, turned = table.flatten().tolist(), table.T.flatten().tolist()
    tensors = (
        (18, 1, 6, "numbers", numbers, DATA, False),
        (232, 2, 3, "table", numbers, DATA, False),
        (356, 3, 2, "table.T", turned, DATA, False),
        (504, 1, 6, "table.T.reshape(6)", turned, SERIES[1], True),
    )
    for x, rows, columns, name, values, color, hatch in tensors:
        picture.text(x, 30, name, 14, bold=True, mono=True)
        shape = f"({columns},)" if rows == 1 else f"({rows}, {columns})"
        picture.text(x, 50, shape, 13, fill=SOFT, mono=True)
        cells = [Cell(value, color, hatch) for value in values]
        lines = [cells[i : i + columns] for i in range(0, len(cells), columns)]
        grid(picture, x, 64, lines, SIDE, size=14)
    return picture
