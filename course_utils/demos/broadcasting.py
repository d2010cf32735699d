"""Demo: how two shapes are lined up from the right and stretched to fit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import ipywidgets as widgets
import torch

from course_utils.pictures.svg import (
    GREEN,
    INK,
    LINE,
    ORANGE,
    RED,
    SKY,
    SOFT,
    Picture,
    ink_on,
)

from .base import Demo, slider

Shape = tuple[int, ...]
SHAPES: tuple[Shape, ...] = (
    (), (3,), (4,), (1, 4), (3, 1), (3, 4), (4, 3), (2, 1, 4), (2, 3, 1), (2, 3, 4),
)  # fmt: skip
DIMS = 3
CELL_W, CELL_H, SLOT = 42, 27, 236
COLUMN_W, COLUMN_X = 150, 210
WIDTH, GRIDS_Y, LAYER_GAP = 720, 218, 10
READ_AGAIN = "#e4e6e8"  # light in both themes, so that the hatch can be seen


@dataclass
class Column:
    """One dimension, counted from the right: `dim` is -1, -2, …

    a, b: the sizes there, `None` where a tensor has no such dimension.
    """

    dim: int
    a: int | None
    b: int | None

    @property
    def size(self) -> int | None:
        """The result's size, `None` where the two do not fit."""
        a, b = self.a or 1, self.b or 1
        return max(a, b) if a == b or 1 in (a, b) else None

    @property
    def says(self) -> str:
        """The rule in words, such as `✓ 1 becomes 4`."""
        if self.size is None:
            return f"✗ {self.a} is not {self.b}"
        if self.a == self.b:
            return "✓ the same"
        small = self.b if self.a == self.size else self.a
        return f"✓ {'none' if small is None else '1'} becomes {self.size}"


def columns(a: Shape, b: Shape) -> list[Column]:
    """The dimensions of both shapes, compared from the right to the first misfit."""
    found = []
    for dim in range(-1, -1 - max(len(a), len(b)), -1):
        sizes = (shape[dim] if len(shape) >= -dim else None for shape in (a, b))
        found.append(Column(dim, *sizes))
        if found[-1].size is None:
            break
    return found


def stretched(shape: Shape, compared: list[Column]) -> Shape:
    """`shape` after the dimensions in `compared` have been stretched."""
    sizes = tuple(column.size or 0 for column in reversed(compared))
    return shape[: max(0, len(shape) - len(sizes))] + sizes


def broadcasting() -> Demo:
    """Choose two shapes and see whether, and how, they broadcast."""
    names = [(str(shape), shape) for shape in SHAPES]
    controls = {
        "a": widgets.Dropdown(options=names, value=(3, 1), description="shape of a"),
        "b": widgets.Dropdown(options=names, value=(4,), description="shape of b"),
        "compared": slider("dimensions compared", DIMS, 0, DIMS),
    }
    words = (
        "Demo: two shapes are lined up at the right and compared dimension by "
        "dimension; a size of 1 is stretched to the other size, and a + b is shown."
    )
    return Demo(draw, controls, words)


def draw(a: Shape, b: Shape, compared: int) -> Picture:
    """The picture for two shapes after `compared` dimensions from the right."""
    rule = columns(a, b)
    shown = rule[:compared]
    fits = all(column.size is not None for column in shown)
    done = fits and len(shown) == len(rule)
    grids = [("a", _numbers(a, 1), SKY), ("b", _numbers(b, 100), ORANGE)]
    said, error = _torch_says(*(tensor for _, tensor, _ in grids))
    shapes = [stretched(s, shown) if fits else s for s in (a, b)]
    bottom = GRIDS_Y + 20 + max(map(_height, shapes))
    picture = Picture(
        WIDTH, bottom + (38 if fits else 76), _alt(a, b, shown, fits, done)
    )
    _rule(picture, a, b, shown)
    if done:
        grids.append(("a + b", said, GREEN))
        shapes.append(tuple(said.shape))
    for slot, (grid, shape) in enumerate(zip(grids, shapes, strict=True)):
        _grid(picture, slot, *grid, shape)
    _operators(picture, done)
    if fits:
        _result(picture, bottom + 24, stretched(a, shown) if done else None)
    else:
        _misfit(picture, bottom + 4, error)
    return picture


def _numbers(shape: Shape, step: int) -> torch.Tensor:
    return step * torch.arange(1, 1 + torch.Size(shape).numel()).reshape(shape)


def _height(shape: Shape) -> int:
    """Pixels that the grid of a tensor of this shape takes."""
    layers, rows, _ = (1,) * (3 - len(shape)) + shape
    return layers * (rows * CELL_H + LAYER_GAP)


def _torch_says(a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor | None, str]:
    """What PyTorch itself makes of `a + b`: the sum, or the words of its error."""
    try:
        return a + b, ""
    except RuntimeError as error:
        return None, str(error)


def _alt(a: Shape, b: Shape, shown: list[Column], fits: bool, done: bool) -> str:
    steps = "; ".join(f"dimension {c.dim}: {c.says[2:]}" for c in shown)
    end = f"the result has the shape {stretched(a, shown)}" if done else "not done yet"
    if not fits:
        end = "the shapes do not fit"
    return f"Broadcasting {a} with {b}. {steps or 'nothing compared'}; {end}."


def _rule(picture: Picture, a: Shape, b: Shape, shown: list[Column]) -> None:
    """The two shapes as a table, lined up at the right, a column a dimension."""
    for row, (name, shape) in enumerate((("a", a), ("b", b))):
        picture.text(24, 64 + 38 * row, f"{name}  {shape}", 15, mono=True)
    picture.text(24, 140, "compared from the right", 13, fill=SOFT)
    picture.text(24, 176, "a + b", 15, mono=True)
    for dim in range(-DIMS, 0):
        x = COLUMN_X + (dim + DIMS) * (COLUMN_W + 12)
        column = shown[-dim - 1] if len(shown) >= -dim else None
        picture.text(x + COLUMN_W / 2, 28, f"dim {dim}", 13, "middle", SOFT)
        for row, (shape, color) in enumerate(((a, SKY), (b, ORANGE))):
            size = shape[dim] if len(shape) >= -dim else None
            _size(picture, x, 44 + 38 * row, size, color)
        if column is not None:
            fill = RED if column.size is None else INK
            bold = column.size is None
            picture.text(x + COLUMN_W / 2, 140, column.says, 13, "middle", fill, bold)
        _size(picture, x, 156, column.size if column else None, GREEN)


def _size(picture: Picture, x: float, y: float, size: int | None, color: str) -> None:
    fill, dash = ("none", "4 3") if size is None else (color, None)
    picture.rect(x, y, COLUMN_W, 30, fill, LINE, stroke_dasharray=dash)
    if size is not None:
        ink = ink_on(color)
        picture.text(x + COLUMN_W / 2, y + 21, size, 16, "middle", ink, bold=True)


def _grid(picture: Picture, slot: int, name: str, tensor, color, shape: Shape) -> None:
    """A tensor's values stretched to `shape`; what is only read again is hatched."""
    x, y = 24 + slot * SLOT, GRIDS_Y
    changed = "" if shape == tuple(tensor.shape) else f" → {shape}"
    picture.text(x, y, f"{name} {tuple(tensor.shape)}{changed}", 12.5, mono=True)
    solid = (1,) * (3 - len(shape)) + shape
    layers = tensor.expand(shape).reshape(solid)
    own = _stored(tensor, shape).reshape(solid)
    for layer, row, column in product(*map(range, solid)):
        left = x + column * CELL_W
        top = y + 12 + row * CELL_H + layer * (solid[1] * CELL_H + LAYER_GAP)
        value = layers[layer, row, column].item()
        _cell(picture, left, top, value, color if own[layer, row, column] else None)


def _cell(picture: Picture, x: float, y: float, value: int, color: str | None) -> None:
    fill = color or READ_AGAIN
    middle = x + CELL_W / 2 - 1
    box = dict(width=CELL_W - 2, height=CELL_H - 2, stroke=LINE)
    picture.rect(x, y, fill=fill, hatch=color is None, **box)
    if color is None:  # a plain ground under the number
        width = 9 * len(str(value)) + 2
        picture.rect(middle - width / 2, y + 5, width, CELL_H - 12, READ_AGAIN)
    picture.text(middle, y + 18, value, 13, "middle", ink_on(fill), mono=True)


def _stored(tensor: torch.Tensor, shape: Shape) -> torch.Tensor:
    """Which elements of the tensor stretched to `shape` are the tensor's own."""
    own = torch.zeros(shape, dtype=torch.bool)
    missing = (0,) * (len(shape) - tensor.ndim)
    own[missing + tuple(slice(0, size) for size in tensor.shape)] = True
    return own


def _operators(picture: Picture, done: bool) -> None:
    y = GRIDS_Y + 36
    picture.text(24 + SLOT - 34, y, "+", 22, "middle", bold=True)
    picture.text(24 + 2 * SLOT - 34, y, "=", 22, "middle", bold=True)
    if not done:
        picture.text(24 + 2 * SLOT, y, "?", 22, bold=True)


def _result(picture: Picture, y: float, shape: Shape | None) -> None:
    picture.rect(24, y - 13, 20, 16, READ_AGAIN, LINE, hatch=True)
    text = "not stored: the same value is read again."
    if shape is not None:
        text += f" The result has the shape {shape}."
    picture.text(52, y, text, 13)


def _misfit(picture: Picture, y: float, error: str) -> None:
    """PyTorch's own error, and how to read it."""
    words, at, where = error.partition(" at ")
    picture.rect(14, y, WIDTH - 28, 66, "none", RED, stroke_width=2)
    picture.text(24, y + 19, f"RuntimeError: {words}", 12.5, mono=True)
    picture.text(24, y + 37, f"{at.strip()} {where}", 12.5, mono=True)
    why = "Neither size is 1, so neither stretches. PyTorch counts this dimension from"
    picture.text(24, y + 57, f"{why} the left, starting at 0.", 13, fill=SOFT)
