"""Outputs of layers as gray maps or bars; dark is low, light is high."""

from __future__ import annotations

import math

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from .images import draw_image
from .palette import MODEL, SOFT
from .parts import SHADES
from .svg import Picture

BARS = 16  # a longer vector is drawn as a map
GAP = 4
PHOTO = 64  # pixels a side; a finer photo is made smaller, as is the file it is in


def draw_output(picture: Picture, output: Tensor, x, y, width, height) -> None:
    """Draw one sample's output into a box: `(C, H, W)` as maps, `(N,)` as bars.

    The range of the values stands below; the box includes that line.
    """
    values = torch.nan_to_num(output.detach().float())
    if not values.numel():
        picture.text(x, y + 14, "empty", 12, fill=SOFT)
        return
    low, high = values.min().item(), values.max().item()
    while values.dim() > 3:
        values = values[0]
    if values.dim() <= 1 and values.numel() <= BARS:
        draw_bars(picture, values.reshape(-1).tolist(), x, y, width, height)
        return
    if values.dim() == 1:
        values = _folded(values, low)
    maps = values if values.dim() == 3 else values[None]
    boxes = draw_maps(picture, maps, x, y, width, height - 24, low, high)
    bottom = boxes[-1][1] + boxes[-1][3] + GAP
    picture.text(x, bottom + 16, f"black {low:.2f}, white {high:.2f}", 12, fill=SOFT)


def draw_maps(picture: Picture, maps: Tensor, x, y, width, height, low, high):
    """Maps `(C, H, W)` in a grid on one scale; returns the box of each: its left, top,
    width and height."""
    count, rows, columns = maps.shape
    choices = [(_scale(maps, n, width, height), n) for n in range(1, count + 1)]
    scale, across = max(choices, key=lambda c: (c[0], count % c[1] == 0, c[1]))
    wide, tall = max(1, int(columns * scale)), max(1, int(rows * scale))
    boxes = []
    for number, values in enumerate(maps):
        row, column = divmod(number, across)
        boxes.append((x + column * (wide + GAP), y + row * (tall + GAP), wide, tall))
        draw_map(picture, values, *boxes[-1], low, high)
    return boxes


def _scale(maps: Tensor, across: int, width: float, height: float) -> float:
    """Pixels a value when `across` maps stand in a row of the box."""
    count, rows, columns = maps.shape
    down = math.ceil(count / across)
    wide, tall = width / across - GAP, height / down - GAP
    scale = min(wide / columns, tall / rows, 28)
    return int(2 * scale) / 2 if scale >= 1 else max(0.01, scale)  # sharp where large


def draw_map(picture: Picture, values: Tensor, x, y, width, height, low, high) -> None:
    """One `(H, W)` map as an image, black where it is `low`, white where `high`."""
    share = (values - low) / ((high - low) or 1.0)
    sides = min(len(share), round(height)), min(share.shape[1], round(width))
    if sides != tuple(share.shape):
        share = F.adaptive_avg_pool2d(share[None], sides)[0]
    gray = (share * SHADES).round().clamp(0, SHADES) * (255 / SHADES)
    image = Image.fromarray(gray.to(torch.uint8).numpy())
    draw_image(picture, image, x, y, width, height)


def draw_photo(picture: Picture, photo: Tensor, x, y, height) -> None:
    """An image `(3, H, W)` in color, its lowest value black and its highest white."""
    low, high = photo.min(), photo.max()
    share = (photo - low) / (high - low).clamp(min=1e-12)
    image = Image.fromarray((share * 255).byte().permute(1, 2, 0).numpy())
    image.thumbnail((PHOTO, PHOTO))
    image = image.quantize(24).convert("RGB")
    draw_image(picture, image, x, y, height * image.width / image.height, height)


def draw_bars(picture: Picture, values: list[float], x, y, width, height) -> None:
    """A bar a value, with its number; the largest is striped."""
    tall = min(24, height / max(1, len(values)))
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    left, right = x + 30, x + width - 62
    scale = (right - left) / ((high - low) or 1.0)
    zero = left - low * scale
    for number, value in enumerate(values):
        top, best = y + number * tall, value == max(values)
        start, length = min(zero, zero + value * scale), abs(value) * scale
        picture.text(x + 22, top + tall - 7, number, 12, "end", bold=best)
        picture.rect(
            start, top + 2, max(length, 0.5), tall - 5, MODEL, radius=1, hatch=best
        )
        picture.text(right + 8, top + tall - 7, f"{value:.2f}", 12, bold=best)
    picture.line(zero, y, zero, y + tall * len(values), width=1)


def _folded(values: Tensor, low: float) -> Tensor:
    """A long vector `(N,)` in rows of about a square."""
    columns = math.ceil(math.sqrt(len(values)))
    rows = math.ceil(len(values) / columns)
    padded = values.new_full((rows * columns,), low)
    padded[: len(values)] = values
    return padded.reshape(rows, columns)
