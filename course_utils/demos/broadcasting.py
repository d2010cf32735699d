"""Demo: how two shapes are lined up from the right and stretched to fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.pictures.palette import PANEL, SERIES, SOFT, WRONG
from course_utils.pictures.parts import Cell, draw_cell, grid, short
from course_utils.pictures.svg import Picture

from .base import Demo, choice, slider
from .blame import plain_errors

Shape = tuple[int, ...]
SHAPES = [(), (3,), (4,), (1, 4), (3, 1), (3, 4), (4, 3)]
SHAPES += [(2, 1, 4), (2, 3, 1), (2, 3, 4)]
DIMS, MOST = 3, 6  # columns of the table: as a rule, and at most
LEFT, TABLE, WIDTH = 8, 190, 740
GRIDS, ROOM, SLOT = 172, 170, 244  # where the grids stand, and what each may take
CELL_W, CELL_H, LAYER_GAP = 42, 24, 8
A, B, SUM = SERIES[:3]


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
        a = 1 if self.a is None else self.a
        b = 1 if self.b is None else self.b
        return (b if a == 1 else a) if a == b or 1 in (a, b) else None

    @property
    def verdict(self) -> str:
        """The rule in words, such as `✓ 1 becomes 4`."""
        if self.size is None:
            return f"✗ {self.a} is not {self.b}"
        if self.a == self.b:
            return "✓ the same"
        small = self.b if self.a == self.size else self.a
        return f"✓ {'none' if small is None else '1'} becomes {self.size}"


def columns(a: Shape, b: Shape) -> list[Column]:
    """The dimensions of both shapes, compared from the right to the first misfit."""
    compared = []
    for dim in range(-1, -1 - max(len(a), len(b)), -1):
        sizes = (shape[dim] if len(shape) >= -dim else None for shape in (a, b))
        compared.append(Column(dim, *sizes))
        if compared[-1].size is None:
            break
    return compared


def stretched(shape: Shape, compared: list[Column]) -> Shape:
    """`shape` after the dimensions in `compared` have been stretched."""
    sizes = tuple(column.size or 0 for column in reversed(compared))
    return shape[: max(0, len(shape) - len(sizes))] + sizes


@plain_errors
def broadcasting(
    a: torch.Tensor | Sequence[int] = (3, 1), b: torch.Tensor | Sequence[int] = (4,)
) -> Demo:
    """Compare two shapes, dimension by dimension, and see whether they broadcast.

    a, b: the shapes to begin with, or tensors, of which the numbers are shown; at most
    six dimensions. Raises CourseError for anything else.
    """
    given = [_tensor(name, value) for name, value in (("a", a), ("b", b))]
    own = {tuple(tensor.shape): tensor for tensor in given}
    shapes = list(dict.fromkeys([*SHAPES, *own]))
    dims = max(DIMS, *(tensor.dim() for tensor in given))
    names = [(str(shape), shape) for shape in shapes]

    def numbers(tensor: torch.Tensor, shape: Shape, step: int) -> torch.Tensor:
        return tensor if tensor.shape == shape else counting(shape, step)

    def show(a: Shape, b: Shape, compared: int) -> Picture:
        return draw(numbers(given[0], a, 1), numbers(given[1], b, 100), compared, dims)

    controls = {
        "a": choice("shape of a", names, value=tuple(given[0].shape)),
        "b": choice("shape of b", names, value=tuple(given[1].shape)),
        "compared": slider("dimensions compared", 0, 0, dims),
    }
    words = N_(
        "Demo: two shapes are lined up at the right and compared dimension by "
        "dimension; a size of 1 is stretched to the other size, and a + b is shown."
    )
    return Demo(show, controls, words, saved=lambda: draw(*given, 1, dims))


def counting(shape: Shape, step: int = 1) -> torch.Tensor:
    """The numbers `step`, 2 `step`, … in a shape."""
    return step * torch.arange(1, 1 + torch.Size(shape).numel()).reshape(shape)


def _tensor(name: str, value: torch.Tensor | Sequence[int]) -> torch.Tensor:
    """A tensor as it is; a shape filled with numbers that `a` and `b` do not share."""
    if not isinstance(value, torch.Tensor):
        sizes = list(value) if isinstance(value, Sequence) else [value]
        if not all(type(size) is int and size >= 0 for size in sizes):
            raise CourseError(
                N_("{name} must be a shape such as (3, 1), or a tensor.", name=name)
            )
        if torch.Size(sizes).numel() > 10**6:
            raise CourseError(
                N_("{name} has too many numbers: more than a million.", name=name)
            )
        value = counting(tuple(sizes), 1 if name == "a" else 100)
    if value.dim() > MOST:
        raise CourseError(
            N_(
                "{name} has {value} dimensions; at most {most} fit.",
                name=name,
                value=value.dim(),
                most=MOST,
            )
        )
    return value.detach().cpu()


def draw(a: torch.Tensor, b: torch.Tensor, compared: int, dims: int = DIMS) -> Picture:
    """The picture for two tensors after `compared` dimensions from the right."""
    shapes = tuple(a.shape), tuple(b.shape)
    rule = columns(*shapes)
    shown = rule[:compared]
    fits = all(column.size is not None for column in shown)
    done = fits and len(shown) == len(rule)
    total, error = _torch_says(a, b)
    ways = [stretched(shape, shown) if fits else shape for shape in shapes]
    operands = [("a", a, A, ways[0]), ("b", b, B, ways[1])]
    if done:
        operands.append(("a + b", total, SUM, tuple(total.shape)))
    alt = _alt(*shapes, shown, fits, done)
    picture = Picture(WIDTH, GRIDS + ROOM + 70, alt)
    _table(picture, *shapes, shown, dims)
    for slot, (name, tensor, color, shape) in enumerate(operands):
        _operand(picture, LEFT + slot * SLOT, name, tensor, color, shape)
    for slot, sign in ((1, "+"), (2, "=")):
        picture.text(LEFT + slot * SLOT - 26, GRIDS + 32, sign, 22, "middle", bold=True)
    if not done:
        picture.text(LEFT + 2 * SLOT, GRIDS + 32, "?", 22, bold=True)
    if fits:
        _outcome(picture, stretched(shapes[0], shown) if done else None, bool(shown))
    else:
        _misfit(picture, error)
    return picture


def _torch_says(a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor | None, str]:
    """What PyTorch itself makes of `a + b`: the sum, or the words of its error."""
    try:
        return a + b, ""
    except RuntimeError as error:
        return None, str(error)


def _alt(a: Shape, b: Shape, shown: list[Column], fits: bool, done: bool) -> str:
    steps = "; ".join(f"dimension {c.dim}: {c.verdict[2:]}" for c in shown)
    end = f"the result has the shape {stretched(a, shown)}" if done else "not done yet"
    if not fits:
        end = "the shapes do not fit"
    return f"Broadcasting {a} with {b}. {steps or 'nothing compared'}; {end}."


def _table(picture: Picture, a: Shape, b: Shape, shown: list[Column], dims: int):
    """The two shapes, lined up at the right, a column a dimension."""
    for y, words in ((46, f"a  {a}"), (76, f"b  {b}"), (134, "a + b")):
        picture.text(LEFT, y, words, 14, mono=True, width=TABLE - LEFT - 8)
    picture.text(LEFT, 105, "compared from the right", 13, fill=SOFT)
    step = (WIDTH - TABLE - LEFT) / dims
    for dim in range(-dims, 0):
        x, width = TABLE + (dim + dims) * step, step - 12
        middle = x + width / 2
        column = shown[-dim - 1] if len(shown) >= -dim else None
        picture.text(middle, 16, f"dim {dim}", 13, "middle", SOFT)
        sizes = [(shape[dim] if len(shape) >= -dim else None) for shape in (a, b)]
        sizes.append(column.size if column else None)
        for y, size, color in zip((28, 58, 116), sizes, (A, B, SUM), strict=True):
            cell = Cell("", PANEL, dash="4 3") if size is None else Cell(size, color)
            draw_cell(picture, x, y, width, 26, cell, 15)
        if column is not None:
            words, bold = column.verdict, column.size is None
            picture.text(middle, 105, words, 13, "middle", bold=bold, width=step)


def _operand(picture: Picture, x: float, name: str, tensor, color, shape: Shape):
    """A tensor's values stretched to `shape`; what is only read again is hatched."""
    changed = "" if shape == tuple(tensor.shape) else f" → {shape}"
    words = f"{name} {tuple(tensor.shape)}{changed}"
    picture.text(x, GRIDS, words, 12, mono=True, width=SLOT - 30)
    layers, rows, across = solid = (1,) * (3 - len(shape)) + shape[-3:]
    taken = layers * (rows * CELL_H + LAYER_GAP)
    if len(shape) > 3 or across * CELL_W > SLOT - 40 or taken > ROOM:
        picture.text(x, GRIDS + 32, "too many numbers to draw", 13, fill=SOFT)
        return
    values = tensor.expand(shape).reshape(solid).tolist()
    stored = _stored(tensor, shape).reshape(solid).tolist()
    for layer in range(layers):
        top = GRIDS + 10 + layer * (rows * CELL_H + LAYER_GAP)
        cells = [
            [
                Cell(short(value), color if own else PANEL, hatch=not own)
                for value, own in zip(*row, strict=True)
            ]
            for row in zip(values[layer], stored[layer], strict=True)
        ]
        grid(picture, x, top, cells, CELL_W, CELL_H)


def _stored(tensor: torch.Tensor, shape: Shape) -> torch.Tensor:
    """Which elements of the tensor stretched to `shape` are the tensor's own."""
    own = torch.zeros(shape, dtype=torch.bool)
    missing = (0,) * (len(shape) - tensor.ndim)
    own[missing + tuple(slice(0, size) for size in tensor.shape)] = True
    return own


def _outcome(picture: Picture, shape: Shape | None, begun: bool) -> None:
    """The question, the key of the hatch, or the result's shape."""
    y = GRIDS + ROOM + 30
    if shape is not None:
        picture.text(LEFT, y, f"a + b has the shape {shape}.", 15, bold=True)
    elif not begun:
        question = "Does a + b work, and which shape has it? Compare from the right."
        picture.text(LEFT, y, question, 15, bold=True)
    if begun:
        draw_cell(picture, LEFT, y + 12, 22, 16, Cell("", PANEL, hatch=True))
        words = "not stored: the same value is read again"
        picture.text(LEFT + 30, y + 25, words, 13)


def _misfit(picture: Picture, error: str) -> None:
    """PyTorch's own error, and how to read it."""
    y = GRIDS + ROOM
    words, at, where = error.partition(" at ")
    picture.rect(2, y, WIDTH - 4, 66, "none", WRONG, stroke_width=2)
    picture.text(12, y + 19, f"RuntimeError: {words}", 12.5, mono=True)
    picture.text(12, y + 37, f"{at.strip()} {where}", 12.5, mono=True)
    why = "Neither size is 1, so neither stretches. PyTorch counts this dimension from"
    picture.text(12, y + 57, f"{why} the left, starting at 0.", 13, fill=SOFT)
