"""Loss curves: one number an epoch, several lines, each with its own dashes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from course_utils.errors import CourseError
from course_utils.locale.again import N_

from .palette import DATA, GOOD, INK, MODEL, SOFT, TRUTH, WRONG
from .parts import Chart, counted, round_up
from .svg import Picture

DASHES = (None, "7 4", "2 3", "10 3 2 3", "1 4", "12 4")
POINTS = 160  # more than these are thinned out
History = Mapping[str, Iterable[float]]


def curves(history: History | Iterable[float], alt: str = "") -> Picture:
    """A picture of loss curves; what is not a finite number is left out, and counted.

    history: name → one value an epoch, counted from 0, as `fit` gives it; or the values
    of a single curve. alt: what the curves show, in words that hold for every run.
    Raises CourseError for anything else.
    """
    series = checked(history)
    picture = Picture(640, 284, alt or f"Curves by epoch: {', '.join(series)}.")
    picture.text(48, 20, "loss by epoch", 14, bold=True)
    add_curves(picture, series, 48, 36, 470, 200)
    lost = {
        n: sum(not math.isfinite(v) for v in values) for n, values in series.items()
    }
    words = [f"{counted(n, 'value')} of {name}" for name, n in lost.items() if n]
    if words:
        text = f"left out, nan or inf: {', '.join(words)}"
        picture.text(48, 276, text, 13, fill=SOFT, width=580)
    return picture


def checked(history: History | Iterable[float]) -> dict[str, list[float]]:
    """The values by the course's names; CourseError for what is no history."""
    if not isinstance(history, Mapping):
        history = {"loss": history}
    try:
        series = {named(n): [float(v) for v in values] for n, values in history.items()}
    except (TypeError, ValueError):
        raise CourseError(
            N_(
                "A history is a dict of lists of numbers, such as "
                "{'train': [0.9, 0.5], 'valid': [0.8, 0.6]}."
            )
        ) from None
    if not any(series.values()) or len(series) > len(DASHES):
        raise CourseError(
            N_("A history needs 1 to {count} curves, and a value.", count=len(DASHES))
        )
    return series


def named(name: str) -> str:
    """The course's word for a curve: `valid` and `val_loss` are the validation's."""
    name = str(name)
    for word, short in (("training", "train"), ("validation", "val")):
        if name.lower().startswith(short):
            return word
    return name


def looks(names: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """The color and dashes of each curve: training and validation have their own."""
    names = list(names)
    known = {"training": (MODEL, None), "validation": (TRUTH, "7 4")}
    known = {name: look for name, look in known.items() if name in names}
    all_looks = zip((MODEL, TRUTH, GOOD, WRONG, DATA, INK), DASHES, strict=True)
    free = (look for look in all_looks if look not in known.values())
    return {name: known.get(name) or next(free) for name in names}


def add_curves(
    picture: Picture,
    series: Mapping[str, list[float]],
    left: float,
    top: float,
    width: float,
    height: float,
    last: int | None = None,
    unit: str = "epoch",
) -> Chart:
    """Draw curves with axes into a picture; a value that is not finite is left out."""
    finite = sorted(v for vs in series.values() for v in vs if math.isfinite(v))
    high = round_up(finite[math.ceil(0.98 * (len(finite) - 1))]) if finite else 1.0
    last = last or max([1, *(len(values) - 1 for values in series.values())])
    chart = Chart(picture, left, top, width, height, (0, last), (0, high))
    xs = {0: "0", last: f"{unit} {last}"}
    chart.axes(xs, {share * high: f"{share * high:g}" for share in (0, 0.5, 1)})
    ends = []
    for name, (color, dash) in looks(series).items():
        values = series[name]
        step = max(1, len(values) // POINTS)
        kept = [i for i in range(len(values)) if i % step == 0 or i == len(values) - 1]
        points = [(i, values[i]) for i in kept if math.isfinite(values[i])]
        chart.curve(points, color, dash)
        if points:
            ends.append((chart.y(points[-1][1]), name, color, dash))
    _names(chart, ends)
    return chart


def _names(chart: Chart, ends: list[tuple]) -> None:
    """Each curve's name at the right, after a piece of its line, none on another."""
    ends = sorted(ends, key=lambda end: end[0])
    places, below = [], chart.top - 22
    for y, *_ in ends:
        below = max(y, below + 18)
        places.append(below)
    above, x = chart.bottom + 18, chart.right + 6
    for i in reversed(range(len(ends))):
        above = places[i] = min(places[i], above - 18)
    for y, (_, name, color, dash) in zip(places, ends, strict=True):
        chart.picture.line(x, y, x + 20, y, color, 2.2, dash=dash)
        width = chart.picture.width - x - 25
        chart.picture.text(x + 25, y + 4, name, 12.5, width=width)
