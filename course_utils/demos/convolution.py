"""A convolution's window moving over a digit, with its arithmetic."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets
import torch
from torch import Tensor

from course_utils.data import Digits
from course_utils.pictures.svg import INK, LINE, PAPER, SOFT, Picture, ink_on

from .base import Demo, player, slider

KERNELS = {
    "vertical edges": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "horizontal edges": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "blur": [[1 / 9] * 3] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
}
CELL, SMALL, TOP, MIDDLE, RIGHT = 31, 40, 34, 344, 600


def convolution() -> Demo:
    """Step a 3×3 kernel over a digit of 8×8 pixels."""
    digits = Digits(train=False)

    def draw(
        position: int, kernel: str, padding: int, stride: int, index: int
    ) -> Picture:
        weights = torch.tensor(KERNELS[kernel], dtype=torch.float32)
        return window_picture(digits[index][0][0], weights, padding, stride, position)

    controls = {
        "position": player("position", 63, 500),
        "kernel": widgets.Dropdown(options=list(KERNELS), description="kernel"),
        "padding": slider("padding", 1, 0, 1),
        "stride": slider("stride", 1, 1, 2),
        "index": slider("digit", 0, 0, len(digits) - 1),
    }
    controls["position"].value = 18

    def resize(change) -> None:
        side = output_side(8, controls["padding"].value, controls["stride"].value)
        controls["position"].max = controls["position"].player.max = side**2 - 1

    controls["padding"].observe(resize, "value")
    controls["stride"].observe(resize, "value")
    words = "Convolution: a 3 × 3 window on a digit, its products, and their sum."
    return Demo(draw, controls, words)


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
    """The window at `position`, its products with the kernel, and the output so far.

    image: `(8, 8)`; kernel: `(3, 3)`; position: counted row by row over the output.
    """
    found = windows(image, padding, stride)
    output = (found * kernel).sum((2, 3))
    position = min(position, output.numel() - 1)
    row, column = divmod(position, output.shape[1])
    window, total = found[row, column], output[row, column].item()
    alt = (
        f"Window at output row {row}, column {column} of {tuple(output.shape)}: "
        f"the products of nine pixels with the kernel sum to {total:.2f}."
    )
    picture = Picture(RIGHT + 8 * CELL + 6, TOP + 10 * CELL + 12, alt)
    _input(picture, image, padding, stride, row, column)
    _arithmetic(picture, window, kernel, total)
    _output(picture, output, position)
    return picture


def _input(picture: Picture, image: Tensor, padding, stride, row, column) -> None:
    """The padded image and the window on it."""
    side = image.shape[0] + 2 * padding
    padded = torch.nn.functional.pad(image, [padding] * 4)
    picture.text(4, 20, f"input, padding {padding}", 13, fill=SOFT)
    inner = range(padding, side - padding)

    def pixel(i: int, j: int) -> tuple[str | None, str | None]:
        inside = i in inner and j in inner
        return (gray(padded[i, j].item()), None) if inside else (None, "3 2")

    _grid(picture, 4, TOP, CELL, padded, pixel)
    x, y = 4 + column * stride * CELL, TOP + row * stride * CELL
    for color, width in ((PAPER, 7), (INK, 3.5)):
        picture.rect(x, y, 3 * CELL, 3 * CELL, "none", color, 2, stroke_width=width)


def _arithmetic(picture: Picture, window: Tensor, kernel: Tensor, total: float) -> None:
    """Window × kernel, row by row, and the sum of all nine products."""
    picture.text(MIDDLE, 20, "window", 13, fill=SOFT)
    picture.text(MIDDLE + 3 * SMALL / 2 + 76, 20, "kernel", 13, fill=SOFT)
    _grid(
        picture, MIDDLE, TOP, 32, window, lambda i, j: (gray(window[i, j].item()), None)
    )
    picture.text(MIDDLE + 108, TOP + 54, "×", 18, "middle", bold=True)
    _grid(picture, MIDDLE + 122, TOP, 32, kernel, lambda i, j: (None, None))
    y = TOP + 130
    for pixels, weights in zip(window.tolist(), kernel.tolist(), strict=True):
        terms = zip(pixels, weights, strict=True)
        for place, (pixel, weight) in enumerate(terms):
            plus = "+" if place else " "
            term = f"{plus}{short(pixel)}×{short(weight)}"
            picture.text(MIDDLE + place * 76, y, term, 13, mono=True)
        y += 22
    picture.line(MIDDLE, y - 8, MIDDLE + 226, y - 8, width=1)
    picture.text(MIDDLE, y + 16, f"= {total:.2f}", 16, mono=True, bold=True)


def _output(picture: Picture, output: Tensor, position: int) -> None:
    """The output up to `position`; what comes later is empty."""
    across = output.shape[1]
    low, high = output.min().item(), output.max().item()
    span = (high - low) or 1.0

    def value(i: int, j: int) -> tuple[str | None, str | None]:
        done = i * across + j <= position
        return (gray((output[i, j].item() - low) / span), None) if done else ("", None)

    size = "×".join(map(str, output.shape))
    picture.text(RIGHT, 20, f"output, {size}", 13, fill=SOFT)
    _grid(picture, RIGHT, TOP, CELL, output, value)
    row, column = divmod(position, across)
    x, y = RIGHT + column * CELL, TOP + row * CELL
    for color, width in ((PAPER, 7), (INK, 3.5)):
        picture.rect(x, y, CELL, CELL, "none", color, 2, stroke_width=width)


def _grid(picture: Picture, left, top, cell, values: Tensor, look: Callable) -> None:
    """Numbers in cells; `look(i, j)` gives fill (`""`: not known yet) and dash."""
    for i, line in enumerate(values.tolist()):
        for j, value in enumerate(line):
            fill, dash = look(i, j)
            x, y = left + j * cell, top + i * cell
            picture.rect(x, y, cell, cell, fill or "none", LINE, 0, stroke_width=0.6,
                         stroke_dasharray=dash)  # fmt: skip
            if fill != "":
                ink = ink_on(fill) if fill else INK
                text = short(value)
                size = 11 if len(text) < 5 else 9.5
                picture.text(x + cell / 2, y + cell / 2 + 4, text, size, "middle", ink)


def gray(share: float) -> str:
    """A gray from black for 0 to white for 1."""
    level = round(255 * min(max(share, 0.0), 1.0))
    return f"#{level:02x}{level:02x}{level:02x}"


def short(value: float) -> str:
    """`0`, `1`, `-1`, `.25`, `-1.5`: two decimals at most, no zero in front."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "0") else text.replace("0.", ".", 1)
