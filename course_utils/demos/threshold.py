"""The threshold: where scores become answers, and what each measure says of them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import ipywidgets as widgets
import torch
from torch import Tensor

from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.pictures.palette import DATA, INK, MODEL, PANEL, PAPER, SOFT
from course_utils.pictures.palette import TRUTH as POSITIVE
from course_utils.pictures.parts import (
    Cell,
    Chart,
    Key,
    bar,
    draw_mark,
    grid,
    legend,
)
from course_utils.pictures.svg import Picture

from .base import FULL_NAME, Demo, slider
from .blame import plain_errors

NEGATIVE = DATA
SAMPLES, BINS = 1000, 20
LEFT, TOP, WIDTH, HALF, STRIP = 48, 64, 380, 104, 66
RIGHT, CELL, BAR = 466, 92, 134


class Counts(NamedTuple):
    """The four cells of a confusion matrix of two classes."""

    tp: int
    fp: int
    fn: int
    tn: int


@plain_errors
def threshold(
    scores: Tensor | Sequence[float] | None = None,
    targets: Tensor | Sequence[int] | None = None,
) -> Demo:
    """Move the threshold and the base rate; everything else follows.

    scores, targets: one's own, `(n,)` each: probabilities from 0 to 1, and classes 0
    and 1; then the base rate is theirs. Raises CourseError for others.
    """
    controls = {
        "threshold": widgets.FloatSlider(
            0.5,
            min=0,
            max=1,
            step=1 / BINS,
            description=N_("threshold"),
            style=FULL_NAME,
        ),
        "percent": slider("positives in 100", 30, 1, 90),
    }
    own = None
    if scores is not None or targets is not None:
        own = histogram(*_checked(scores, targets))
        del controls["percent"]
    tried: dict[int, set[int]] = {}

    def show(threshold: float, percent: int = -1) -> Picture:
        bars = histogram(*example(percent)) if own is None else own
        first = round(threshold * BINS)
        tried.setdefault(percent, set()).add(first)
        return draw(bars, first, tried[percent])

    words = N_(
        "Demo: the scores of 1000 samples; the threshold and the share of positives "
        "decide the confusion matrix, accuracy, precision, recall and F1."
    )
    return Demo(show, controls, words)


def _checked(scores, targets) -> tuple[Tensor, Tensor]:
    try:
        scores = torch.as_tensor(scores).detach().float().cpu()
        targets = torch.as_tensor(targets).detach().cpu()
    except (TypeError, ValueError, RuntimeError):
        raise CourseError(
            N_("threshold takes scores and targets, (n,) both.")
        ) from None
    if scores.dim() != 1 or scores.shape != targets.shape or not len(scores):
        shapes = f"{tuple(scores.shape)} and {tuple(targets.shape)}"
        raise CourseError(
            N_("Scores and targets must be (n,) both, not {shapes}.", shapes=shapes)
        )
    if not bool(((scores >= 0) & (scores <= 1)).all()):
        raise CourseError(
            N_("Scores must be from 0 to 1: logits need .sigmoid() first.")
        )
    if not bool(((targets == 0) | (targets == 1)).all()):
        raise CourseError(N_("Targets must be 0 or 1."))
    return scores, targets.long()


def example(percent: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Scores in (0, 1) and targets, `(1000,)` each, `percent` of them positive.

    The logits of each class are the quantiles of a normal distribution, so that no
    chance is in them; with more positives the shape of the two classes stays.
    """
    positives = SAMPLES * percent // 100
    logits = []
    for count, mean in ((SAMPLES - positives, -1.2), (positives, 1.2)):
        normal = NormalDist(mean, 1.5)
        logits += [normal.inv_cdf((i + 0.5) / count) for i in range(count)]
    targets = (torch.arange(SAMPLES) >= SAMPLES - positives).long()
    return torch.tensor(logits).sigmoid(), targets


def histogram(scores: Tensor, targets: Tensor) -> Tensor:
    """How many samples fall into each bin of the score: int64 `(2, BINS)` by target."""
    bins = (scores * BINS).long().clamp(max=BINS - 1)
    return torch.bincount(targets * BINS + bins, minlength=2 * BINS).reshape(2, BINS)


def count(bars: Tensor, first: int) -> Counts:
    """The confusion matrix when the bins from `first` on are called positive."""
    negatives, positives = bars
    parts = positives[first:], negatives[first:], positives[:first], negatives[:first]
    return Counts(*(int(part.sum()) for part in parts))


def measures(c: Counts) -> dict[str, tuple[float, str]]:
    """Name → value and the fraction behind it; 0 / 0 counts as 0."""
    fractions = {
        "accuracy": (c.tp + c.tn, sum(c)),
        "precision": (c.tp, c.tp + c.fp),
        "recall": (c.tp, c.tp + c.fn),
        "F1": (2 * c.tp, 2 * c.tp + c.fp + c.fn),
    }
    return {
        name: (part / whole if whole else 0.0, f"{part} / {whole}")
        for name, (part, whole) in fractions.items()
    }


def f1(bars: Tensor, first: int) -> float:
    """F1 when the bins from `first` on are called positive."""
    return measures(count(bars, first))["F1"][0]


def draw(bars: Tensor, first: int, tried: set[int]) -> Picture:
    """The histogram on the left, the matrix and the measures on the right.

    tried: the thresholds of which F1 is shown, in bins.
    """
    counts, samples = count(bars, first), int(bars.sum())
    values = measures(counts)
    share = int(bars[1].sum()) / samples
    numbers = ", ".join(f"{name} {value:.2f}" for name, (value, _) in values.items())
    alt = f"Threshold {first / BINS:.2f}, {100 * share:.3g} % positives: {numbers}."
    picture = Picture(RIGHT + 362, TOP + 2 * HALF + STRIP + 86, alt)
    picture.sharpness = 1  # so many stripes make a large file
    keys = [
        Key("is positive (up)", POSITIVE),
        Key("is negative (down)", NEGATIVE),
        Key("answered wrongly", PAPER, hatch=True),
    ]
    legend(picture, 4, 24, keys)
    _bars(picture, bars, first)
    _strip(picture, bars, first, tried)
    _matrix(picture, counts)
    _measures(picture, values, max(share, 1 - share))
    return picture


def _bars(picture: Picture, bars: Tensor, first: int) -> None:
    """Positives above the axis, negatives below, each on a scale of their own."""
    middle, unit, x = TOP + HALF, WIDTH / BINS, LEFT + first * WIDTH / BINS
    picture.rect(x, TOP, LEFT + WIDTH - x, 2 * HALF, PANEL, radius=0)
    for target, color in enumerate((NEGATIVE, POSITIVE)):
        most = max(1, int(bars[target].max()))
        edge = TOP + 4 if target else TOP + 2 * HALF - 4
        picture.text(LEFT - 6, edge + 4, most, 12, "end", SOFT)
        picture.line(LEFT, edge, LEFT + WIDTH, edge, width=1, dash="1 5")
        for i, number in enumerate(bars[target].tolist()):
            high = (HALF - 4) * number / most
            wrong = (i >= first) != bool(target)
            box = (LEFT + i * unit + 1, middle - high if target else middle)
            if number:
                size = (unit - 2, high, color)
                picture.rect(*box, *size, radius=0, hatch=wrong)
    picture.line(LEFT, middle, LEFT + WIDTH, middle, INK, 1)
    picture.line(x, TOP - 6, x, TOP + 2 * HALF + 4, INK, 2.5)
    if first > 3:
        picture.text(x - 8, TOP - 8, "← negative", 13, "end")
    if first < BINS - 3:
        picture.text(x + 8, TOP - 8, "positive →", 13)


def _strip(picture: Picture, bars: Tensor, first: int, tried: set[int]) -> None:
    """F1 of the thresholds that were tried, the best of them marked."""
    chart = Chart(picture, LEFT, TOP + 2 * HALF + 26, WIDTH, STRIP)
    ticks = {i / BINS: f"{i / BINS:.2f}" for i in range(0, BINS + 1, 5)}
    chart.axes(ticks, {0: "0", 1: "F1  1"})
    points = {i / BINS: f1(bars, i) for i in sorted(tried)}
    chart.curve(points.items(), MODEL, "2 3", 1.5)
    for place, value in points.items():
        chart.mark(place, value, "circle", MODEL, 3.5)
    best = max(points, key=points.get)
    chart.mark(first / BINS, f1(bars, first), "circle", INK, 5)
    picture.text(chart.x(best), chart.y(points[best]) - 8, "★", 14, "middle")
    words = f"★ best F1 so far: {points[best]:.2f}, at {best:.2f}"
    y = chart.bottom + 38
    picture.text(LEFT, y, "score", 13)
    picture.text(LEFT + WIDTH, y, words, 13, "end", bold=True)


def _matrix(picture: Picture, counts: Counts) -> None:
    """Rows are targets, columns predictions, as in the lesson."""
    x, y = RIGHT + 76, 48
    picture.text(x + CELL, y - 28, "predicted", 13, "middle", SOFT)
    for i, name in enumerate(("negative", "positive")):
        picture.text(x - 8, y + i * 46 + 18, "target", 12, "end", SOFT)
        picture.text(x + (i + 0.5) * CELL, y - 9, name, 13, "middle")
        picture.text(x - 8, y + i * 46 + 36, name, 13, "end")
    cells = [
        [("TN", counts.tn, False), ("FP", counts.fp, True)],
        [("FN", counts.fn, True), ("TP", counts.tp, False)],
    ]
    rows = [
        [Cell(f"{short} {n}", color, hatch=wrong, bold=True) for short, n, wrong in row]
        for row, color in zip(cells, (NEGATIVE, POSITIVE), strict=True)
    ]
    grid(picture, x, y, rows, CELL, 46, size=16)


def _measures(picture: Picture, values: dict, constant: float) -> None:
    x, y = RIGHT + 76, 172
    for i, (name, (value, fraction)) in enumerate(values.items()):
        top = y + i * 42 + (22 if i else 0)
        picture.text(x - 8, top + 16, name, 14, "end", bold=True)
        bar(picture, x, top, BAR, 22, value, MODEL)
        picture.text(x + BAR + 8, top + 16, f"{value:.2f}", 15, bold=True)
        picture.text(x + BAR + 48, top + 16, f"= {fraction}", 12, fill=SOFT)
    draw_mark(picture, x + BAR * constant, y + 29, "triangle", INK, 4)
    words = f"always the same answer: {constant:.2f}"
    picture.text(x, y + 48, "▲", 12)
    picture.text(x + 16, y + 48, words, 12, fill=SOFT)
