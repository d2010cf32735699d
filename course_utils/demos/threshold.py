"""The threshold: where scores become answers, and what each measure says of them."""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import ipywidgets as widgets
import torch

from course_utils.pictures.svg import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    PANEL,
    PAPER,
    SOFT,
    Picture,
    ink_on,
)

from .base import Demo, slider

SAMPLES, BINS = 1000, 20
LEFT, TOP, WIDTH, HEIGHT = 40, 92, 400, 320
RIGHT, CELL, BAR = 520, 92, 150


class Counts(NamedTuple):
    """The four cells of a confusion matrix of two classes."""

    tp: int
    fp: int
    fn: int
    tn: int


def threshold() -> Demo:
    """Move the threshold and the base rate; everything else follows."""
    controls = {
        "threshold": widgets.FloatSlider(
            0.5,
            min=0,
            max=1,
            step=1 / BINS,
            description="threshold",
            style={"description_width": "initial"},
        ),
        "percent": slider("positives in 100", 30, 1, 90),
    }
    words = (
        "Demo: the scores of 1000 samples; the threshold and the share of positives "
        "decide the confusion matrix, accuracy, precision, recall and F1."
    )
    return Demo(draw, controls, words)


def scores(percent: int) -> tuple[torch.Tensor, torch.Tensor]:
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


def histogram(percent: int) -> torch.Tensor:
    """How many samples fall into each bin of the score: int64 `(2, BINS)` by target."""
    values, targets = scores(percent)
    bins = (values * BINS).long().clamp(max=BINS - 1)
    pairs = targets * BINS + bins
    return torch.bincount(pairs, minlength=2 * BINS).reshape(2, BINS)


def count(bars: torch.Tensor, first: int) -> Counts:
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


def draw(threshold: float, percent: int) -> Picture:
    """The histogram on the left, the matrix and the measures on the right."""
    bars, first = histogram(percent), round(threshold * BINS)
    counts = count(bars, first)
    found = measures(counts)
    told = ", ".join(f"{name} {value:.2f}" for name, (value, _) in found.items())
    alt = f"Threshold {threshold:.2f}, {percent} % positives: {told}."
    picture = Picture(RIGHT + 376, TOP + HEIGHT + 44, alt)
    picture.sharpness = 1.5
    _bars(picture, bars, first)
    _legend(picture)
    _matrix(picture, counts)
    _measures(picture, found, max(percent, 100 - percent) / 100)
    return picture


def _bars(picture: Picture, bars: torch.Tensor, first: int) -> None:
    """Positives above the axis, negatives below; wrong answers are hatched."""
    middle, unit = TOP + HEIGHT / 2, WIDTH / BINS
    scale = (HEIGHT / 2 - 6) / int(bars.max())
    x = LEFT + first * unit
    picture.rect(x, TOP, LEFT + WIDTH - x, HEIGHT, PANEL, radius=0)
    for target, (color, sign) in enumerate(((BLUE, 1), (ORANGE, -1))):
        for i, bar in enumerate(bars[target].tolist()):
            height = bar * scale
            top = middle if sign == 1 else middle - height
            wrong = (i >= first) != bool(target)
            if bar:
                picture.rect(
                    LEFT + i * unit + 1,
                    top,
                    unit - 2,
                    height,
                    color,
                    radius=0,
                    hatch=wrong,
                )
    picture.line(LEFT, middle, LEFT + WIDTH, middle, INK, 1)
    picture.line(x, TOP - 8, x, TOP + HEIGHT + 4, INK, 2.5)
    for i in range(0, BINS + 1, 5):
        picture.text(
            LEFT + i * unit, TOP + HEIGHT + 20, f"{i / BINS:.2f}", 12, "middle", SOFT
        )
    picture.text(LEFT + WIDTH / 2, TOP + HEIGHT + 38, "score", 13, "middle")
    if first > 3:
        picture.text(x - 8, TOP - 12, "← negative", 13, "end")
    if first < BINS - 3:
        picture.text(x + 8, TOP - 12, "positive →", 13)


def _legend(picture: Picture) -> None:
    entries = (
        (ORANGE, False, "is positive (up)"),
        (BLUE, False, "is negative (down)"),
        (PAPER, True, "answered wrongly"),
    )
    x = 4
    for color, hatch, name in entries:
        picture.rect(x, 12, 20, 15, color, LINE, hatch=hatch)
        picture.text(x + 27, 24, name, 13)
        x += 165
    picture.text(4, 52, f"{SAMPLES} samples, predicted by score:", 13, fill=SOFT)


def _matrix(picture: Picture, counts: Counts) -> None:
    """Rows are targets, columns predictions, as in the lesson."""
    x, y = RIGHT + 76, 48
    cells = (
        ((counts.tn, "TN"), (counts.fp, "FP")),
        ((counts.fn, "FN"), (counts.tp, "TP")),
    )
    picture.text(x + CELL, y - 28, "predicted", 13, "middle", SOFT)
    for j, name in enumerate(("negative", "positive")):
        picture.text(x - 8, y + j * 54 + 22, "target", 12, "end", SOFT)
        picture.text(x + (j + 0.5) * CELL, y - 9, name, 13, "middle")
        picture.text(x - 8, y + j * 54 + 40, name, 13, "end")
        for i in range(2):
            number, short = cells[i][j]
            wrong, color = i != j, (BLUE, ORANGE)[i]
            top, ink = y + i * 54, ink_on(color)
            picture.rect(x + j * CELL, top, CELL, 54, color, INK, 0, hatch=wrong)
            if wrong:
                picture.rect(x + j * CELL + 8, top + 8, CELL - 16, 38, color, radius=3)
            picture.text(x + (j + 0.5) * CELL, top + 34, f"{short} {number}", 16,
                         "middle", ink, bold=True)  # fmt: skip


def _measures(picture: Picture, found: dict, constant: float) -> None:
    x, y = RIGHT + 76, 196
    for i, (name, (value, fraction)) in enumerate(found.items()):
        top = y + i * 46 + (24 if i else 0)
        picture.text(x - 8, top + 17, name, 14, "end", bold=True)
        picture.rect(x, top, BAR, 24, PAPER, LINE)
        picture.rect(x, top, BAR * value, 24, INK)
        picture.text(x + BAR + 8, top + 17, f"{value:.2f}", 15, bold=True)
        picture.text(x + BAR + 50, top + 17, f"= {fraction}", 12, fill=SOFT)
    mark = x + BAR * constant
    picture.path(f"M{mark} {y + 24}l-5 9h10z", INK, fill=ORANGE)
    picture.text(
        x, y + 50, f"▲ by always answering the same: {constant:.2f}", 12, fill=SOFT
    )
