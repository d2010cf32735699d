"""The dataset explorer: what a dataset stores, and what it gives for an index."""

from __future__ import annotations

import ipywidgets as widgets
import torch
from torchvision.transforms import v2

from course_utils.data import Digits
from course_utils.pictures.svg import LINE, SOFT, Picture, ink_on

from .base import Demo, slider

TRANSFORMS = {
    "off": None,
    "Normalize([0.5], [0.5])": v2.Normalize([0.5], [0.5]),
    "CenterCrop(6)": v2.CenterCrop(6),
    "RandomHorizontalFlip(p=1)": v2.RandomHorizontalFlip(p=1),
}
CELL, LEFT, RIGHT, TOP = 36, 4, 440, 84


def dataset_explorer() -> Demo:
    """Walk through the digits by index, with a transform on or off."""
    digits = Digits()

    def draw(index: int, transform: str) -> Picture:
        digits.transform = TRANSFORMS[transform]
        stored = digits.images[index]
        return explorer_picture(len(digits), index, transform, stored, digits[index])

    controls = {
        "index": slider("index", 2, 0, len(digits) - 1),
        "transform": widgets.Dropdown(
            options=list(TRANSFORMS), description="transform"
        ),
    }
    words = "Dataset explorer: a stored digit, its transform, and the sample it gives."
    return Demo(draw, controls, words)


def explorer_picture(
    length: int,
    index: int,
    transform: str,
    stored: torch.Tensor,
    sample: tuple[torch.Tensor, int],
) -> Picture:
    """The stored image `(1, H, W)` beside the sample made of it."""
    image, label = sample
    alt = f"Sample {index}: {facts(image)}; label {label}; transform {transform}."
    picture = Picture(RIGHT + 8 * CELL + 4, TOP + 8 * CELL + 68, alt)
    written = "" if transform == "off" else f"transform={transform}"
    picture.text(LEFT, 20, f"digits = Digits({written})", 14, mono=True)
    picture.text(LEFT, 42, f"image, label = digits[{index}]", 14, mono=True, bold=True)
    picture.text(LEFT, TOP - 8, "what is stored", 14, fill=SOFT)
    picture.text(RIGHT, TOP - 8, f"what digits[{index}] gives: image", 14, fill=SOFT)
    _grid(picture, LEFT, stored[0])
    _grid(picture, RIGHT, image[0])
    middle, between = TOP + 4 * CELL, (LEFT + 8 * CELL + RIGHT) / 2
    picture.line(LEFT + 8 * CELL + 10, middle, RIGHT - 10, middle, width=2, arrow=True)
    name = "no transform" if transform == "off" else transform.split("(")[0]
    picture.text(between, middle - 12, name, 12, "middle")
    picture.text(LEFT, TOP + 8 * CELL + 26, f"len(digits) = {length}", 14, mono=True)
    picture.text(RIGHT, TOP + 8 * CELL + 26, facts(image), 14, mono=True)
    said = f"label = {label}   ({type(label).__name__})"
    picture.text(RIGHT, TOP + 8 * CELL + 50, said, 14, mono=True)
    return picture


def facts(image: torch.Tensor) -> str:
    """Shape, dtype and range of an image, in one line."""
    low, high = image.min().item(), image.max().item()
    shape, kind = tuple(image.shape), str(image.dtype).removeprefix("torch.")
    return f"{shape} {kind}, {low:.2f} to {high:.2f}"


def _grid(picture: Picture, left: float, image: torch.Tensor) -> None:
    """The pixels of `(H, W)`: dark is low, and the value stands in each."""
    low = -1 if image.min() < 0 else 0
    for row, values in enumerate(image.tolist()):
        for column, value in enumerate(values):
            gray = round(255 * (value - low) / (1 - low))
            color = f"#{gray:02x}{gray:02x}{gray:02x}"
            x, y = left + column * CELL, TOP + row * CELL
            picture.rect(x, y, CELL, CELL, color, LINE, 0, stroke_width=0.5)
            whole = value == int(value)
            number = f"{value:.0f}" if whole else f"{value:.2f}".replace("0.", ".")
            middle = x + CELL / 2
            picture.text(middle, y + 23, number, 12, "middle", ink_on(color))
