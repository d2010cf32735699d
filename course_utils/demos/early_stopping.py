"""Early stopping: how patience decides where training ends and what is kept."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.pictures.curves import History, add_curves, checked
from course_utils.pictures.palette import GOOD, INK, NOW, PANEL
from course_utils.pictures.parts import Cell, Chart, counted, draw_cell
from course_utils.pictures.svg import Picture

from .base import Demo, slider, steps
from .blame import plain_errors

# Written down from a run of the playground (two moons, 3 layers of 32, SGD with
# lr=0.05 and momentum=0.9, batches of 16), so that it is the same on every machine:
# thousandths.
TRAINING = """
644 527 380 319 316 319 316 288 281 268 259 244 223 203 181 162 146 143 130 122
122 112 111 112 109 113 107 154 169 117 105 104 110 118 106 106 104 100 115 105
102 106 123 102 97 121 109 107 115 112 96 105 129 97 101 101 106 103 97 94
"""
VALIDATION = """
650 541 422 412 472 505 529 450 386 375 392 365 357 340 316 279 259 261 232 227
228 200 217 209 228 226 237 266 341 225 228 233 225 268 225 248 234 230 271 240
253 225 290 242 243 303 252 277 256 289 252 251 322 254 246 266 246 256 248 235
"""
LEFT, TOP, WIDTH, HEIGHT = 44, 74, 560, 210
MIN_DELTAS = (0.0, 0.01, 0.02, 0.05, 0.1)


@dataclass
class Stop:
    """Where training stops: the last epoch, and the one whose weights are kept."""

    last: int
    best: int
    patient: bool  # stopped by patience, not by the end of the losses


def stop(losses: list[float], patience: int, min_delta: float = 0.0) -> Stop:
    """Go through validation losses and stop after `patience` epochs in a row of which
    none was lower than the best by more than `min_delta`."""
    lowest, best = math.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < lowest - min_delta:
            lowest, best = loss, epoch
        if epoch - best >= patience:
            return Stop(epoch, best, True)
    return Stop(len(losses) - 1, best, False)


@plain_errors
def early_stopping(history: History | Iterable[float] | None = None) -> Demo:
    """Set the patience and see where the same training would have stopped.

    history: losses by epoch, as `fit` gives them: one list must be the validation's;
    or that list alone. Without it, a recorded run. Raises CourseError otherwise.
    """
    if history is None:
        history = {"training": thousandths(TRAINING), "valid": thousandths(VALIDATION)}
    series = checked(history)
    if len(series) == 1:
        series = {"validation": next(iter(series.values()))}
    if not series.get("validation"):
        raise CourseError(
            N_(
                "early_stopping needs the validation losses: a history such as "
                "{'train': [0.9, 0.5], 'valid': [0.8, 0.6]}."
            )
        )
    epochs = len(series["validation"])

    def show(patience: int, min_delta: float) -> Picture:
        return draw(series, patience, min_delta)

    controls = {
        "patience": slider("patience", min(3, epochs), 1, min(30, epochs)),
        "min_delta": steps("min_delta", MIN_DELTAS),
    }
    words = N_(
        "Demo: training and validation loss of one run; the patience decides at which "
        "epoch training stops and which epoch's weights are kept."
    )
    return Demo(show, controls, words)


def thousandths(text: str) -> list[float]:
    """The losses that are written down here."""
    return [int(number) / 1000 for number in text.split()]


def draw(series: dict[str, list[float]], patience: int, min_delta: float) -> Picture:
    """The curves, the epoch that is kept, the bar for a better one, and the stop."""
    losses = series["validation"]
    end = stop(losses, patience, min_delta)
    kept = losses[end.best]
    lowest = min((v for v in losses if math.isfinite(v)), default=kept)
    verdict = f"stops after epoch {end.last}" if end.patient else "runs to the end"
    alt = (
        f"Patience {patience}, min_delta {min_delta:g}: training {verdict}, the "
        f"weights of epoch {end.best} are kept, validation loss {kept:.3f}."
    )
    picture = Picture(LEFT + WIDTH + 130, TOP + HEIGHT + 112, alt)
    picture.colors, picture.sharpness = 24, 1  # lesson 05 holds several large ones
    picture.text(LEFT, 20, "loss by epoch", 15, bold=True)
    frame = Chart(picture, LEFT, TOP, WIDTH, HEIGHT, (0, max(1, len(losses) - 1)))
    x = frame.x(end.best)
    waiting = Cell("", PANEL, hatch=True)
    draw_cell(picture, x, TOP, max(1, frame.x(end.last) - x), HEIGHT, waiting)
    chart = add_curves(picture, series, LEFT, TOP, WIDTH, HEIGHT, len(losses) - 1)
    _markers(chart, end, kept, min_delta)
    y = TOP + HEIGHT + 46
    draw_cell(picture, LEFT, y - 13, 22, 16, waiting)
    waits = counted(end.last - end.best, "epoch")
    picture.text(LEFT + 32, y, f"{waits} without a better loss; {verdict}", 14)
    picture.line(LEFT, y + 21, LEFT + 22, y + 21, NOW, 2.5)
    bar = f"a better loss is below {kept - min_delta:.3f}: "
    bar += f"the best, {kept:.3f}, less min_delta"
    picture.text(LEFT + 32, y + 26, bar, 14)
    every = f"the lowest of {counted(len(losses), 'epoch')}"
    gap = every if kept == lowest else f"{kept - lowest:.3f} above the lowest"
    result = f"validation loss kept: {kept:.3f}, {gap}"
    picture.text(LEFT, y + 56, result, 14, bold=True)
    return picture


def _markers(chart: Chart, end: Stop, kept: float, min_delta: float) -> None:
    picture, best, last = chart.picture, chart.x(end.best), chart.x(end.last)
    picture.line(last, chart.top - 8, last, chart.bottom, INK, 2.5)
    name = "stop" if end.patient else "end"
    picture.text(last + 6, chart.top - 10, name, 13, bold=True)
    picture.line(best, chart.top - 22, best, chart.bottom, GOOD, 2, dash="5 3")
    bar = chart.y(kept - min_delta)
    picture.line(best, bar, last, bar, NOW, 2.5)
    picture.text(best - 7, chart.top - 26, f"★ epoch {end.best}", 13)
    picture.circle(best, chart.y(kept), 6, GOOD, INK, stroke_width=1.5)
