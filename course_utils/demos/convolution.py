"""A convolution's window moving over a digit, with its arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import ipywidgets as widgets
import torch
from torch import Tensor

from course_utils.data import Digits
from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.pictures.palette import MINUS, PAPER, PLUS, SOFT
from course_utils.pictures.parts import (
    Cell,
    Key,
    frame,
    grid,
    legend,
    mixed,
    shaded,
    short,
)
from course_utils.pictures.svg import Picture

from .base import FULL_NAME, Demo, choice, player, slider
from .blame import plain_errors

OWN = "your own"
KERNELS = {
    "vertical edges": "-1 0 1; -1 0 1; -1 0 1",
    "horizontal edges": "-1 -1 -1; 0 0 0; 1 1 1",
    "blur": "; ".join(["1/9 1/9 1/9"] * 3),
    "sharpen": "0 -1 0; -1 5 -1; 0 -1 0",
}
CELL, WIDE, TOP, MIDDLE, RIGHT = 29, 34, 30, 322, 562


@plain_errors
def convolution(kernel: Tensor | Sequence[Sequence[float]] | None = None) -> Demo:
    """Step a 3×3 kernel over a digit of 8×8 pixels.

    kernel: the nine numbers to begin with, `(3, 3)`; they can also be typed in the
    demo. Raises CourseError for another shape.
    """
    digits = Digits(train=False)
    weights = widgets.Text(
        KERNELS["vertical edges"] if kernel is None else _written(kernel),
        description=N_("its weights"),
        continuous_update=False,
        style=FULL_NAME,
    )
    names = choice("kernel", [*KERNELS, OWN], value=_name(weights.value))
    controls = {
        "position": player("position", 63, 18),
        "kernel": names,
        "weights": weights,
        "padding": slider("padding", 1, 0, 1),
        "stride": slider("stride", 1, 1, 2),
        "index": slider("digit", 0, 0, len(digits) - 1),
    }

    def resize(change) -> None:
        side = output_side(8, controls["padding"].value, controls["stride"].value)
        controls["position"].max = side**2 - 1

    def write(change) -> None:
        if change["new"] != OWN:
            weights.value = KERNELS[change["new"]]

    def rename(change) -> None:
        names.value = _name(change["new"])

    controls["padding"].observe(resize, "value")
    controls["stride"].observe(resize, "value")
    names.observe(write, "value")
    weights.observe(rename, "value")

    def draw(
        position: int, kernel: str, weights: str, padding: int, stride: int, index: int
    ) -> Picture:
        image = digits[index][0][0]
        return window_picture(image, parsed(weights), padding, stride, position)

    words = "Convolution: a 3 × 3 window on a digit, its products, and their sum."
    return Demo(draw, controls, words)


def _name(written: str) -> str:
    return next((name for name, each in KERNELS.items() if each == written), OWN)


def _written(kernel: Tensor | Sequence[Sequence[float]]) -> str:
    try:
        rows = torch.as_tensor(kernel).detach().tolist()
        return "; ".join(" ".join(f"{v:g}" for v in row) for row in rows)
    except (TypeError, ValueError):
        raise CourseError(N_("The kernel must be nine numbers, (3, 3).")) from None


def parsed(written: str) -> Tensor:
    """The kernel `(3, 3)` of text such as `"-1 0 1; -1 0 1; -1 0 1"`."""
    try:
        rows = [[float(Fraction(n)) for n in r.split()] for r in written.split(";")]
        kernel = torch.tensor(rows)
    except (ValueError, ZeroDivisionError):
        kernel = torch.empty(0)
    if kernel.shape != (3, 3):
        raise CourseError(
            N_(
                "A kernel is three rows of three numbers, such as "
                "-1 0 1; -1 0 1; -1 0 1."
            )
        )
    return kernel


def output_side(side: int, padding: int, stride: int) -> int:
    """The side of what a 3×3 convolution gives for an image of `side` pixels.

    Source: the formula in the documentation of `torch.nn.Conv2d`.
    """
    return (side + 2 * padding - 3) // stride + 1


def windows(image: Tensor, padding: int, stride: int) -> Tensor:
    """All 3×3 windows of an image `(H, W)`, as `(H_out, W_out, 3, 3)`."""
    padded = torch.nn.functional.pad(image, [padding] * 4)
    return padded.unfold(0, 3, stride).unfold(1, 3, stride)


def window_picture(
    image: Tensor, kernel: Tensor, padding: int, stride: int, position: int
) -> Picture:
    """The window at `position`, its products with the kernel, and the output.

    image: `(8, 8)`; kernel: `(3, 3)`; position: counted row by row over the output.
    """
    seen = windows(image, padding, stride)
    output = (seen * kernel).sum((2, 3))
    position = min(position, output.numel() - 1)
    row, column = divmod(position, output.shape[1])
    total = output[row, column].item()
    alt = (
        f"Window at output row {row}, column {column} of {tuple(output.shape)}: "
        f"the products of nine pixels with the kernel sum to {total:.2f}."
    )
    picture = Picture(RIGHT + 8 * WIDE + 4, TOP + 10 * CELL + 30, alt)
    picture.sharpness = 1.15  # so many numbers make a large file
    _input(picture, image, padding, stride, output.shape[1], position)
    _arithmetic(picture, seen[row, column], kernel, total)
    _output(picture, output, position)
    keys = [Key("positive", PLUS), Key("negative", MINUS)]
    x = legend(picture, MIDDLE, picture.height - 6, keys)
    picture.text(x, picture.height - 6, "pale: after this window", 13)
    return picture


def _input(picture: Picture, image: Tensor, padding, stride, across, position) -> None:
    """The padded image and the window on it; pointing at a pixel moves the window."""
    side = image.shape[0] + 2 * padding
    padded = torch.nn.functional.pad(image, [padding] * 4)
    picture.text(4, 18, f"input, padding {padding}", 13, fill=SOFT)
    cells = shaded(padded.tolist(), 0.0, 1.0)
    for i in range(side):
        for j in range(side):
            if padding and (i in (0, side - 1) or j in (0, side - 1)):
                cells[i][j] = Cell(0, PAPER, dash="3 2")
    grid(picture, 4, TOP, cells, CELL)
    row, column = (stride * n for n in divmod(position, across))
    frame(picture, 4 + column * CELL, TOP + row * CELL, 3 * CELL, 3 * CELL)
    for number in range(across * across):
        i, j = (stride * n + 1 for n in divmod(number, across))
        box = (4 + j * CELL, TOP + i * CELL, CELL, CELL)
        picture.rect(*box, "transparent", data_hover=f"position={number}")


def _arithmetic(picture: Picture, window: Tensor, kernel: Tensor, total: float) -> None:
    """Window × kernel, row by row, and the sum of all nine products."""
    picture.text(MIDDLE, 18, "window", 13, fill=SOFT)
    picture.text(MIDDLE + 116, 18, "kernel", 13, fill=SOFT)
    grid(picture, MIDDLE, TOP, shaded(window.tolist(), 0.0, 1.0), 30)
    picture.text(MIDDLE + 103, TOP + 51, "×", 18, "middle", bold=True)
    high = kernel.abs().max().item()
    grid(picture, MIDDLE + 116, TOP, signed(kernel, high), 34, 30)
    y = TOP + 128
    for pixels, weights in zip(window.tolist(), kernel.tolist(), strict=True):
        for place, (pixel, weight) in enumerate(zip(pixels, weights, strict=True)):
            plus = "+" if place else " "
            term = f"{plus}{short(pixel)}×{short(weight)}"
            picture.text(MIDDLE + place * 73, y, term, 13, mono=True, width=73)
        y += 22
    picture.line(MIDDLE, y - 8, MIDDLE + 218, y - 8, width=1)
    picture.text(MIDDLE, y + 16, f"= {total:.2f}", 16, mono=True, bold=True)


def _output(picture: Picture, output: Tensor, position: int) -> None:
    """The output: up to `position` in full color, pale where the window comes later."""
    across = output.shape[1]
    size = "×".join(map(str, output.shape))
    picture.text(RIGHT, 18, f"output, {size}", 13, fill=SOFT)
    high = output.abs().max().item()
    full, pale = signed(output, high), signed(output, high, 0.25)
    cells = [
        [(full if i * across + j <= position else pale)[i][j] for j in range(across)]
        for i in range(len(output))
    ]
    grid(picture, RIGHT, TOP, cells, WIDE, CELL)
    row, column = divmod(position, across)
    frame(picture, RIGHT + column * WIDE, TOP + row * CELL, WIDE, CELL)
    for number in range(output.numel()):
        i, j = divmod(number, across)
        box = (RIGHT + j * WIDE, TOP + i * CELL, WIDE, CELL)
        picture.rect(*box, "transparent", data_hover=f"position={number}")


def signed(values: Tensor, high: float, strength: float = 1.0) -> list[list[Cell]]:
    """Cells of numbers `(rows, columns)` in two colors, for positive and negative,
    the stronger the nearer to `high`."""

    def fill(value: float) -> str:
        share = abs(value) / (high or 1.0)
        return mixed(PLUS if value > 0 else MINUS, strength * share)

    return [[Cell(short(v), fill(v)) for v in row] for row in values.tolist()]
