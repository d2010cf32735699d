"""Shapes that many pictures share: grids of cells, legends, bars, charts with axes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from torch import Tensor
from torch.nn import functional

from .palette import INK, LINE, NOW, PANEL, PAPER, SOFT, channels, ink_on
from .svg import Picture, text_width


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 epoch`, `2 epochs`; `plural` where an s does not do."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def short(value: float, digits: int = 2) -> str:
    """`0`, `1`, `-1`, `.25`, `-1.5`: no zero in front, none behind the point."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "0") else text.replace("0.", ".", 1)


def wrapped(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines that are no wider than `width` pixels, cut between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size, bold=bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


SHADES = 16  # few, so that a small PNG has colors left for the rest


def gray(share: float) -> str:
    """A gray from black for 0 to white for 1."""
    level = round(255 * _shade(share))
    return f"#{level:02x}{level:02x}{level:02x}"


def mixed(color: str, share: float) -> str:
    """A `#rrggbb` color thinned with white: white for 0, the color itself for 1."""
    share = _shade(share, SHADES // 2)
    thin = (round(255 - share * (255 - channel)) for channel in channels(color))
    return "#" + "".join(f"{channel:02x}" for channel in thin)


def _shade(share: float, shades: int = SHADES) -> float:
    return round(min(max(share, 0.0), 1.0) * shades) / shades


@dataclass
class Cell:
    """One cell of a grid: its text, and how it looks."""

    text: object = ""
    fill: str = PAPER
    hatch: bool = False
    dash: str | None = None
    bold: bool = False
    size: float | None = None  # of its text; else the grid's


def shaded(values: list[list[float]], low: float, high: float) -> list[list[Cell]]:
    """Cells of numbers, black where they are `low` and white where they are `high`."""
    span = (high - low) or 1.0
    return [[Cell(short(v), gray((v - low) / span)) for v in row] for row in values]


def grid(
    picture: Picture,
    x: float,
    y: float,
    rows: Iterable[Iterable[Cell]],
    width: float,
    height: float | None = None,
    size: float = 12,
) -> None:
    """Cells row by row, `width` × `height` pixels each (a square without `height`)."""
    height = height or width
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            left, top = x + column * width, y + row * height
            draw_cell(picture, left, top, width, height, cell, size)


def draw_cell(picture: Picture, x, y, width, height, cell: Cell, size=12) -> None:
    """A cell; text on a hatch has a plain ground under it."""
    box = (x, y, width, height, cell.fill, LINE, 0)
    picture.rect(*box, hatch=cell.hatch, stroke_width=0.75, stroke_dasharray=cell.dash)
    if cell.text == "":
        return
    size = cell.size or size
    text, middle = str(cell.text), y + height / 2
    if cell.hatch:
        wide = min(text_width(text, size, bold=cell.bold) + 6, width - 2)
        tall = min(size + 3, height - 2)
        ground = (x + (width - wide) / 2, middle - tall / 2, wide, tall)
        picture.rect(*ground, cell.fill, radius=2)
    picture.text(
        x + width / 2,
        middle + 0.36 * size,
        text,
        size,
        "middle",
        ink_on(cell.fill),
        cell.bold,
    )


def frame(picture: Picture, x, y, width, height) -> None:
    """A frame that stands out on any ground: ink with paper around it."""
    for color, thick in ((PAPER, 6), (INK, 3)):
        picture.rect(x, y, width, height, "none", color, 2, stroke_width=thick)


def outline(picture: Picture, x, y, side, inside: Tensor, color=NOW) -> None:
    """A line round the cells, `side` pixels each, where `inside` `(H, W)` is True."""
    padded = functional.pad(inside.bool(), (1, 1, 1, 1))
    d = ""
    for row, column in inside.nonzero().tolist():
        left, top = x + column * side, y + row * side
        around = padded[row : row + 3, column : column + 3]
        d += f"M{left:.1f} {top:.1f}h{side:.1f}" if not around[0, 1] else ""
        d += f"M{left:.1f} {top + side:.1f}h{side:.1f}" if not around[2, 1] else ""
        d += f"M{left:.1f} {top:.1f}v{side:.1f}" if not around[1, 0] else ""
        d += f"M{left + side:.1f} {top:.1f}v{side:.1f}" if not around[1, 2] else ""
    if d:
        picture.path(d, color, 3, stroke_linecap="square")


@dataclass
class Key:
    """One entry of a legend: a box, a line, a square, a circle or a triangle."""

    name: str
    color: str = PANEL
    hatch: bool = False
    dash: str | None = None
    mark: Literal["box", "line", "square", "circle", "triangle"] = "box"


def legend(
    picture: Picture, x: float, y: float, keys: Sequence[Key], down: bool = False
) -> float:
    """Keys side by side from `(x, y)`, the left end of their text's baseline, or one
    below another; returns where the next one would stand (x, or y when `down`)."""
    for key in keys:
        _key(picture, x, y, key)
        if down:
            y += 22
        else:
            x += 48 + text_width(key.name, 13)
    return y if down else x


def _key(picture: Picture, x: float, y: float, key: Key) -> None:
    middle = y - 4.5
    if key.mark == "box":
        picture.rect(
            x, y - 12, 22, 15, key.color, LINE, 2, key.hatch, stroke_dasharray=key.dash
        )
    elif key.mark == "line":
        picture.line(x, middle, x + 22, middle, key.color, 2.5, dash=key.dash)
    else:
        draw_mark(picture, x + 11, middle, key.mark, key.color, 5)
    picture.text(x + 29, y, key.name, 13)


def draw_mark(picture: Picture, x, y, shape: str, fill: str, size: float = 4) -> None:
    """A point as a `"circle"`, `"square"` or `"triangle"`; `size` is half its width."""
    edge = INK if size >= 2 else "none"
    if shape == "circle":
        picture.circle(x, y, size, fill, edge, stroke_width=1)
    elif shape == "square":
        box = (x - size, y - size, 2 * size, 2 * size)
        picture.rect(*box, fill, edge, 0, stroke_width=1)
    else:
        d = f"M{x:.1f} {y - 1.3 * size:.1f}l{1.2 * size} {2.2 * size}"
        picture.path(f"{d}h{-2.4 * size}z", edge, 1, fill=fill)


def bar(picture: Picture, x, y, width, height, share, fill, hatch=False) -> None:
    """A framed track of which `share`, 0 to 1, is filled."""
    picture.rect(x, y, width, height, PANEL, LINE, 2)
    if share > 0:
        picture.rect(x, y, max(1.0, width * share), height, fill, radius=2, hatch=hatch)


@dataclass
class Chart:
    """A part of a picture with axes: `left`, `top`, `width`, `height` in pixels, and
    the values at the ends of both axes. What lies outside is drawn at the edge."""

    picture: Picture
    left: float
    top: float
    width: float
    height: float
    xs: tuple[float, float] = (0.0, 1.0)
    ys: tuple[float, float] = (0.0, 1.0)

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def x(self, value: float) -> float:
        """The pixel of a value on the horizontal axis."""
        return self.left + self.width * _share(value, *self.xs)

    def y(self, value: float) -> float:
        """The pixel of a value on the vertical axis."""
        return self.top + self.height * (1 - _share(value, *self.ys))

    def axes(self, xs: dict[float, str], ys: dict[float, str]) -> None:
        """Both axes, with the words of `xs` below and of `ys` on the left."""
        picture = self.picture
        for value, words in ys.items():
            y = self.y(value)
            picture.text(self.left - 6, y + 4, words, 12, "end", SOFT)
            if self.bottom - y > 1:
                picture.line(self.left, y, self.right, y, width=1, dash="1 5")
        for value, words in xs.items():
            x = self.x(value)
            picture.line(x, self.bottom, x, self.bottom + 4)
            near_end = x + text_width(words, 12) / 2 > picture.width
            anchor = "end" if near_end else "middle"
            picture.text(x, self.bottom + 17, words, 12, anchor, SOFT)
        picture.path(f"M{self.left} {self.top}V{self.bottom}H{self.right}", LINE)

    def curve(self, points: Iterable[tuple[float, float]], color, dash=None, width=2.2):
        """A line through points; it has a gap where one is not finite."""
        d, pen = "", "M"
        for x, y in points:
            if math.isfinite(x) and math.isfinite(y):
                d += f"{pen}{self.x(x):.1f} {self.y(y):.1f}"
                pen = "L"
            else:
                pen = "M"
        if d:
            self.picture.path(d, color, width, dash=dash)

    def mark(self, x: float, y: float, shape: str, fill: str, size: float = 4) -> None:
        """A point, as `draw_mark` draws it."""
        draw_mark(self.picture, self.x(x), self.y(y), shape, fill, size)


def _share(value: float, low: float, high: float) -> float:
    """0 at the lowest value, 1 at the highest; `value` may be NaN."""
    share = (float(value) - low) / ((high - low) or 1.0)
    return min(share, 1.0) if share > 0 else 0.0


def round_up(value: float) -> float:
    """The next of 1, 2, 3, 5, 10, … times a power of ten; 1 for what is not above 0."""
    if not 0 < value < math.inf:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in (1, 2, 3, 5, 10) if n * power >= value * 0.999)
