"""Predicted quantities beside their targets, with the error between them."""

from __future__ import annotations

import torch

from course_utils.errors import CourseError
from course_utils.locale.again import N_

from .palette import MODEL, TRUTH, WRONG
from .parts import Chart, Key, legend
from .svg import Picture

LEFT, TOP, HEIGHT, STEP, DOT = 52, 44, 200, 36, 6


def error_lines(target: torch.Tensor, predicted: torch.Tensor) -> Picture:
    """Each sample as two marks and a line, its error: `(n,)` and `(n,)`.

    Raises CourseError where the shapes differ or there is no sample.
    """
    if target.shape != predicted.shape or target.dim() != 1 or not len(target):
        shapes = f"{tuple(target.shape)} and {tuple(predicted.shape)}"
        raise CourseError(
            N_("targets and predictions must be (n,) both, not {shapes}", shapes=shapes)
        )
    width = LEFT + len(target) * STEP + 16
    alt = f"{len(target)} targets and their predictions; a line is the error of each."
    picture = Picture(max(width, 430), TOP + HEIGHT + 30, alt)
    picture.sharpness = 1
    keys = [
        Key("target", TRUTH, mark="circle"),
        Key("prediction", MODEL, mark="square"),
        Key("error", WRONG, mark="line"),
    ]
    legend(picture, 4, 21, keys)
    values = torch.stack([target, predicted])
    low, high = values.min().item(), values.max().item()
    size = (len(target) * STEP, HEIGHT)
    ys = (low, high) if high > low else (low - 1, high + 1)
    chart = Chart(picture, LEFT, TOP, *size, (-0.5, len(target) - 0.5), ys)
    chart.axes({i: str(i) for i in range(len(target))}, {v: f"{v:.0f}" for v in ys})
    for i, (t, p) in enumerate(values.T.tolist()):
        chart.curve([(i, t), (i, p)], WRONG, width=3)
        chart.mark(i, t, "circle", TRUTH, DOT)
        chart.mark(i, p, "square", MODEL, DOT - 1)
    return picture
