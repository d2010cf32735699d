"""Early stopping: how patience decides where training ends and what is kept."""

from __future__ import annotations

import math
from dataclasses import dataclass

import ipywidgets as widgets

from course_utils.pictures.curves import Chart, add_curves
from course_utils.pictures.svg import GREEN, INK, PANEL, SOFT, Picture

from .base import Demo, slider

# Written down from a run of the playground (two moons, 3 layers of 32, SGD with
# lr=0.05 and momentum=0.9, batches of 16), so that it is the same on every machine.
TRAINING = [
    0.644, 0.527, 0.380, 0.319, 0.316, 0.319, 0.316, 0.288, 0.281, 0.268, 0.259, 0.244,
    0.223, 0.203, 0.181, 0.162, 0.146, 0.143, 0.130, 0.122, 0.122, 0.112, 0.111, 0.112,
    0.109, 0.113, 0.107, 0.154, 0.169, 0.117, 0.105, 0.104, 0.110, 0.118, 0.106, 0.106,
    0.104, 0.100, 0.115, 0.105, 0.102, 0.106, 0.123, 0.102, 0.097, 0.121, 0.109, 0.107,
    0.115, 0.112, 0.096, 0.105, 0.129, 0.097, 0.101, 0.101, 0.106, 0.103, 0.097, 0.094,
]  # fmt: skip
VALIDATION = [
    0.650, 0.541, 0.422, 0.412, 0.472, 0.505, 0.529, 0.450, 0.386, 0.375, 0.392, 0.365,
    0.357, 0.340, 0.316, 0.279, 0.259, 0.261, 0.232, 0.227, 0.228, 0.200, 0.217, 0.209,
    0.228, 0.226, 0.237, 0.266, 0.341, 0.225, 0.228, 0.233, 0.225, 0.268, 0.225, 0.248,
    0.234, 0.230, 0.271, 0.240, 0.253, 0.225, 0.290, 0.242, 0.243, 0.303, 0.252, 0.277,
    0.256, 0.289, 0.252, 0.251, 0.322, 0.254, 0.246, 0.266, 0.246, 0.256, 0.248, 0.235,
]  # fmt: skip
LEFT, TOP, WIDTH, HEIGHT = 44, 78, 560, 250


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


def early_stopping() -> Demo:
    """Set the patience and see where the same training would have stopped."""
    controls = {
        "patience": slider("patience", 3, 1, 30),
        "min_delta": widgets.SelectionSlider(
            options=[0.0, 0.01, 0.02, 0.05, 0.1],
            description="min_delta",
            style={"description_width": "initial"},
        ),
    }
    words = (
        "Demo: training and validation loss of one run; the patience decides at which "
        "epoch training stops and which epoch's weights are kept."
    )
    return Demo(draw, controls, words)


def draw(patience: int, min_delta: float) -> Picture:
    """Both curves, the epoch that is kept, the epochs waited, and the stop."""
    end = stop(VALIDATION, patience, min_delta)
    kept, lowest = VALIDATION[end.best], min(VALIDATION)
    told = f"stops after epoch {end.last}" if end.patient else "runs to the end"
    alt = (
        f"Patience {patience}, min_delta {min_delta}: training {told}, the weights of "
    )
    alt += f"epoch {end.best} are kept, validation loss {kept:.3f}."
    picture = Picture(LEFT + WIDTH + 130, TOP + HEIGHT + 96, alt)
    picture.text(LEFT, 20, "loss by epoch", 15, bold=True)
    x, unit = LEFT, WIDTH / (len(VALIDATION) - 1)
    span = (x + unit * end.best, TOP, unit * (end.last - end.best), HEIGHT)
    picture.rect(*span, PANEL, radius=0, hatch=True)
    series = {"training": TRAINING, "validation": VALIDATION}
    chart = add_curves(picture, series, LEFT, TOP, WIDTH, HEIGHT)
    _markers(picture, chart, end)
    y = TOP + HEIGHT + 48
    picture.rect(LEFT, y - 13, 22, 16, PANEL, SOFT, hatch=True)
    waited = end.last - end.best
    waits = f"{waited} epoch{'' if waited == 1 else 's'} without a better loss; {told}"
    picture.text(LEFT + 32, y, waits, 14)
    gap = kept - lowest
    loss = "the lowest of all 60 epochs" if gap == 0 else f"{gap:.3f} above the lowest"
    picture.text(
        LEFT, y + 30, f"validation loss kept: {kept:.3f}, {loss}", 14, bold=True
    )
    return picture


def _markers(picture: Picture, chart: Chart, end: Stop) -> None:
    best, last = chart.x(end.best), chart.x(end.last)
    picture.line(last, chart.top - 8, last, chart.top + chart.height, INK, 2.5)
    name = "stop" if end.patient else "end"
    picture.text(last + 6, chart.top - 12, name, 13, bold=True)
    picture.line(
        best, chart.top - 26, best, chart.top + chart.height, GREEN, 2, dash="5 3"
    )
    picture.text(best - 7, chart.top - 30, f"★ epoch {end.best}", 13)
    picture.circle(best, chart.y(VALIDATION[end.best]), 6, GREEN, INK, stroke_width=1.5)
