"""Whether probabilities can be trusted: how often each kind of answer was right."""

from __future__ import annotations

import torch
from torch import Tensor

from course_utils.errors import CourseError
from course_utils.locale.again import N_

from .palette import INK, LINE, MODEL, SOFT, ink_on
from .parts import Chart, Key, legend
from .svg import Picture


def reliability(chances: Tensor, right: Tensor, bins: int = 10) -> Picture:
    """In each bin of the model's probability, the share of answers that were right.

    chances: the probability of the answer, `(n,)`; right: whether it was the target,
    `(n,)` of bool or 0 and 1. A model that can be trusted lies on the diagonal.
    In a lesson: `reliability(best.values, best.indices == target)`.
    Raises CourseError for other shapes, and for what are no probabilities.
    """
    if chances.dim() != 1 or chances.shape != right.shape or not len(chances):
        shapes = f"{tuple(chances.shape)} and {tuple(right.shape)}"
        raise CourseError(N_("both must be (n,), not {shapes}", shapes=shapes))
    if chances.min() < 0 or chances.max() > 1:
        raise CourseError(
            N_("probabilities are from 0 to 1: logits need a softmax first")
        )
    edges, count, mean, share = binned(chances, right, bins)
    gap = float((count * (share - mean).abs()).nansum() / count.sum())
    alt = f"Right answers by probability, in {bins} bins; mean gap {gap:.3f}."
    picture = Picture(620, 330, alt)
    picture.sharpness = 1
    keys = [
        Key("right, of those in the bin", MODEL),
        Key("as it claims", LINE, dash="7 4", mark="line"),
    ]
    legend(picture, 8, 20, keys)
    chart = Chart(picture, 50, 44, 330, 240)
    ticks = {n / 4: f"{n / 4:g}" for n in range(5)}
    chart.axes(ticks, ticks)
    picture.text(chart.right, chart.bottom + 36, "probability of the answer", 13, "end")
    unit, labels = chart.width / bins, []
    for n in range(bins):
        if count[n]:
            y, high = chart.y(float(share[n])), chart.bottom - chart.y(float(share[n]))
            box = (chart.left + n * unit + 1, y, unit - 2, max(high, 1.0))
            picture.rect(*box, MODEL, radius=0)
            words = f"{int(count[n])}"
            x = chart.left + (n + 0.5) * unit
            within = y < 60  # no room above the bar
            place = (
                (x, y + 15, words, ink_on(MODEL)) if within else (x, y - 5, words, INK)
            )
            labels.append(place)
    chart.curve([(0, 0), (1, 1)], LINE, "7 4")
    for x, y, words, ink in labels:
        picture.text(x, y, words, 11.5, "middle", ink)
    picture.text(chart.right + 20, 70, f"mean gap: {gap:.3f}", 14, bold=True)
    for line, words in enumerate(
        ("a bar below the line:", "surer than it is right", "numbers: answers")
    ):
        picture.text(chart.right + 20, 96 + 20 * line, words, 13, fill=SOFT)
    return picture


def binned(chances: Tensor, right: Tensor, bins: int) -> tuple[Tensor, ...]:
    """The bins' edges `(bins + 1,)`, and in each `(bins,)`: how many, the mean of the
    probabilities, the share that was right; NaN where there is none."""
    place = (chances.double() * bins).long().clamp(max=bins - 1)
    count = torch.bincount(place, minlength=bins)
    sums = (torch.bincount(place, each.double(), bins) for each in (chances, right))
    mean, share = (total / count for total in sums)
    return torch.linspace(0, 1, bins + 1), count, mean, share
