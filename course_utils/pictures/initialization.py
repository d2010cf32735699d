"""How the values spread through many layers, for three ways to draw the weights."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from .palette import GOOD, MODEL, TRUTH
from .parts import Chart
from .svg import Picture

DEPTH, WIDTH = 30, 100
LOW, HIGH = -36, 36  # powers of ten on the axis
WAYS: dict[str, Callable[[Tensor], Tensor]] = {
    "deviation 1": lambda w: nn.init.normal_(w, std=1.0),
    "deviation 0.01": lambda w: nn.init.normal_(w, std=0.01),
    "Kaiming": lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"),
}
LOOKS = ((TRUTH, "7 4", "square"), (MODEL, "2 3", "triangle"), (GOOD, None, "circle"))


def spreads(way: str) -> list[float]:
    """The deviation of the values after 0 to 30 layers, Linear and ReLU each.

    The weights are drawn as `WAYS` says; the global random state stays as it was.
    """
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        x = torch.randn(64, WIDTH, dtype=torch.float64)
        spread = [x.std().item()]
        for _ in range(DEPTH):
            w = WAYS[way](torch.empty(WIDTH, WIDTH, dtype=torch.float64))
            x = (x @ w.T).relu()
            spread.append(x.std().item())
    return spread


def initializations() -> Picture:
    """Values through 30 layers: they explode, vanish, or keep their size.

    In a lesson: `initializations()`.
    """
    series = {way: spreads(way) for way in WAYS}
    ends = ", ".join(f"{way}: {s[-1]:.0e}" for way, s in series.items())
    picture = Picture(
        680, 300, f"Deviation of the values after {DEPTH} layers: {ends}."
    )
    picture.sharpness = 1  # lesson 03 holds several large ones
    picture.text(8, 20, "deviation of the values after each layer", 14, bold=True)
    chart = Chart(picture, 60, 40, 440, 216, (0, DEPTH), (LOW, HIGH))
    powers = {
        power: f"1e{power:+}" if power else "1" for power in range(LOW, HIGH + 1, 12)
    }
    chart.axes({x: f"{x}" for x in range(0, DEPTH + 1, 10)}, powers)
    picture.text(chart.right, chart.bottom + 36, "layer", 13, "end")
    for (way, values), (color, dash, shape) in zip(series.items(), LOOKS, strict=True):
        points = [(n, math.log10(max(v, 1e-300))) for n, v in enumerate(values)]
        chart.curve(points, color, dash)
        for n, power in points[::5]:
            chart.mark(n, power, shape, color, 4)
        y = chart.y(points[-1][1])
        picture.text(chart.right + 12, y + 4, f"{way}: {values[-1]:.0e}", 13)
    return picture
