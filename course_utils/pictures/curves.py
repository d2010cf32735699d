"""Loss curves: one number an epoch, several lines, each with its own dashes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .svg import BLUE, INK, LINE, RED, SOFT, Picture

STYLES = ((BLUE, None), (RED, "7 4"), (INK, "2 3"))
POINTS = 160  # more than these are thinned out


@dataclass
class Chart:
    """Where a chart stands in a picture, in pixels, and the values it shows."""

    left: float
    top: float
    width: float
    height: float
    last: int  # the greatest epoch
    high: float  # the greatest value; the lowest is 0

    def x(self, epoch: float) -> float:
        return self.left + self.width * epoch / max(1, self.last)

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - min(max(value / self.high, 0), 1))


def curves(series: dict[str, list[float]], alt: str) -> Picture:
    """A picture of loss curves: name → one value an epoch, counted from 0.

    alt: what the curves show, in words; it must hold for every run.
    """
    picture = Picture(640, 280, alt)
    picture.text(48, 20, "loss by epoch", 14, bold=True)
    add_curves(picture, series, 48, 36, 470, 200)
    return picture


def add_curves(
    picture: Picture,
    series: dict[str, list[float]],
    left: float,
    top: float,
    width: float,
    height: float,
    last: int | None = None,
) -> Chart:
    """Draw curves with axes into a picture; a value that is not finite is left out."""
    seen = [v for values in series.values() for v in values if math.isfinite(v)]
    high = _round_up(sorted(seen)[math.ceil(0.98 * (len(seen) - 1))]) if seen else 1.0
    last = last or max([1, *(len(values) - 1 for values in series.values())])
    chart = Chart(left, top, width, height, last, high)
    _axes(picture, chart)
    ends = []
    for (name, values), (color, dash) in zip(series.items(), STYLES, strict=False):
        step = max(1, len(values) // POINTS)
        kept = [i for i in range(len(values)) if i % step == 0 or i == len(values) - 1]
        spots = [
            (chart.x(i), chart.y(values[i])) for i in kept if math.isfinite(values[i])
        ]
        if spots:
            d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
            picture.path(d, color, 2.2, dash=dash)
            ends.append([*spots[-1], name, color, dash])
    _names(picture, chart, ends)
    return chart


def _round_up(value: float) -> float:
    """The next of 1, 2, 3, 5, 10, … times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in (1, 2, 3, 5, 10) if n * power >= value * 0.999)


def _axes(picture: Picture, chart: Chart) -> None:
    bottom, right = chart.top + chart.height, chart.left + chart.width
    picture.line(chart.left, bottom, right, bottom)
    picture.line(chart.left, chart.top, chart.left, bottom)
    for share in (0, 0.5, 1):
        value = share * chart.high
        picture.text(chart.left - 6, chart.y(value) + 4, f"{value:g}", 12, "end", SOFT)
    picture.line(
        chart.left, chart.y(chart.high), right, chart.y(chart.high), dash="1 5"
    )
    picture.line(
        chart.left, chart.y(chart.high / 2), right, chart.y(chart.high / 2), dash="1 5"
    )
    picture.text(chart.left, bottom + 18, "0", 12, "middle", SOFT)
    picture.text(right, bottom + 18, f"epoch {chart.last}", 12, "end", SOFT)
    picture.line(chart.left, chart.top, chart.left, bottom, LINE)


def _names(picture: Picture, chart: Chart, ends: list) -> None:
    """Each curve's name at the right, after a piece of its line, none on another."""
    below = chart.top - 20
    for _, y, name, color, dash in sorted(ends, key=lambda end: end[1]):
        below = max(y, below + 18)
        right = chart.left + chart.width
        picture.line(right + 6, below, right + 26, below, color, 2.2, dash=dash)
        picture.text(right + 31, below + 4, name, 12.5)
