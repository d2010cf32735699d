"""Predicted quantities beside their targets, with the error between them."""

from __future__ import annotations

import torch

from .svg import BLUE, INK, LINE, ORANGE, RED, SOFT, Picture

LEFT, TOP, HEIGHT, STEP, DOT = 52, 44, 200, 36, 6


def error_lines(target: torch.Tensor, predicted: torch.Tensor) -> Picture:
    """Each sample as two marks and a line, its error: `(n,)` and `(n,)`.

    Raises ValueError where the shapes differ or there is no sample.
    """
    if target.shape != predicted.shape or target.dim() != 1 or not len(target):
        shapes = f"{tuple(target.shape)} and {tuple(predicted.shape)}"
        raise ValueError(f"targets and predictions must be (n,) both, not {shapes}")
    width = LEFT + len(target) * STEP + 16
    alt = f"{len(target)} targets and their predictions; a line is the error of each."
    picture = Picture(max(width, 430), TOP + HEIGHT + 30, alt)
    _legend(picture)
    values = torch.stack([target, predicted])
    low, high = values.min().item(), values.max().item()
    span = max(high - low, 1e-12)

    def y(value: float) -> float:
        return TOP + 10 + (HEIGHT - 20) * (high - value) / span

    for value in {low, high}:
        picture.text(LEFT - 12, y(value) + 4, f"{value:.0f}", 12, "end", SOFT)
    picture.line(LEFT - 4, TOP, LEFT - 4, TOP + HEIGHT, LINE)
    for i, (t, p) in enumerate(values.T.tolist()):
        x = LEFT + (i + 0.5) * STEP
        picture.line(x, y(t), x, y(p), RED, 3)
        picture.circle(x, y(t), DOT, BLUE, INK)
        picture.rect(x - DOT, y(p) - DOT, 2 * DOT, 2 * DOT, ORANGE, INK, radius=0)
        picture.text(x, TOP + HEIGHT + 20, i, 12, "middle", SOFT)
    return picture


def _legend(picture: Picture) -> None:
    picture.circle(12, 16, DOT, BLUE, INK)
    picture.text(26, 21, "target", 13)
    picture.rect(104, 10, 2 * DOT, 2 * DOT, ORANGE, INK, radius=0)
    picture.text(124, 21, "prediction", 13)
    picture.line(234, 16, 262, 16, RED, 3)
    picture.text(270, 21, "error", 13)
