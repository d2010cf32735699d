"""The optimizer landscape: SGD, momentum and Adam go down the same surface."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache, partial

import ipywidgets as widgets
import numpy as np
import torch
from torch import Tensor

from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.pictures.palette import GOOD, LINE, MODEL, PAPER, SOFT, TRUTH, WRONG
from course_utils.pictures.parts import Chart, Key, draw_mark, legend, round_up
from course_utils.pictures.plane import Plane
from course_utils.pictures.svg import Picture

from .base import FULL_NAME, Demo, choice, slider, steps
from .blame import plain_errors, taken_by

LIMIT, STEPS, SIDE, LEFT, TOP, RIGHT, CURVES = 4.0, 100, 330, 8, 28, 400, 320
RATES = (0.001, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0)
MOMENTA = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
MOMENTUM = "SGD with momentum"

Function = Callable[[Tensor, Tensor], Tensor]
SURFACES: dict[str, Function] = {
    "a long valley": lambda x, y: 0.05 * x**2 + y**2,
    "two valleys": lambda x, y: 0.1 * (x**2 - 4) ** 2 + 0.3 * x + 0.5 * y**2 + 0.7,
    "a saddle": lambda x, y: 0.02 * x**4 - 0.3 * x**2 + 0.5 * y**2 + 1.2,
}
METHODS = {
    "SGD": torch.optim.SGD,
    MOMENTUM: torch.optim.SGD,
    "Adam": torch.optim.Adam,
}
LOOKS = (  # color, dashes, mark
    (TRUTH, None, "square"),
    (MODEL, "7 4", "circle"),
    (GOOD, "2 3", "triangle"),
    (WRONG, "10 3 2 3", "square"),
)


@plain_errors
def landscape(
    function: Function | None = None,
    lr: float | None = None,
    methods: Mapping[str, Callable] | None = None,
) -> Demo:
    """Pick a surface, a starting point and a learning rate; then walk.

    function: a surface of one's own, `f(x, y)` of two tensors `()`, for x and y from -4
    to 4. lr: a learning rate to begin with. methods: name → an optimizer's class, or
    anything that takes a list of tensors and `lr`; up to four.
    Raises CourseError for what cannot be walked on, or with.
    """
    made = dict(METHODS if methods is None else methods)
    if not 1 <= len(made) <= len(LOOKS):
        raise CourseError(N_("landscape takes one to four methods."))
    surfaces = SURFACES if function is None else {**_own(function), **SURFACES}
    grids = {name: cache(partial(heights, each)) for name, each in surfaces.items()}

    @cache
    def path(surface: str, method: str, x: float, y: float, lr: float, momentum: float):
        make = made[method]
        if method == MOMENTUM and methods is None:
            make = partial(make, momentum=momentum)
        with taken_by(N_("{method} does not walk", method=method)):
            return descend(surfaces[surface], make, x, y, lr)

    def draw(surface, x, y, lr, momentum=0.0, steps=0) -> Picture:
        walked = {m: path(surface, m, x, y, lr, momentum)[: steps + 1] for m in made}
        title = f"{surface}: from ({x:g}, {y:g}), {steps} steps, lr={lr:g}"
        return landscape_picture(title, grids[surface](), walked)

    controls = _controls(surfaces, 0.1 if lr is None else _rate(lr))
    if methods is not None:
        del controls["momentum"]
    words = N_(
        "Demo: the paths of SGD, SGD with momentum and Adam down the same surface, "
        "from the same starting point, with the height that each has reached."
    )
    return Demo(draw, controls, words)


def _own(function: Function) -> dict[str, Function]:
    """A function of the learner's by its name, once it was tried."""
    with taken_by(N_("landscape needs a function of two tensors, f(x, y)")):
        function(*torch.zeros(2, dtype=torch.float64, requires_grad=True))
    name = getattr(function, "__name__", "<lambda>")
    return {"your function" if name == "<lambda>" else name: function}


def _controls(surfaces: dict[str, Function], lr: float) -> dict[str, widgets.Widget]:
    place = dict(min=-LIMIT, max=LIMIT, step=0.25, style=FULL_NAME)
    return {
        "surface": choice("surface", surfaces),
        "x": widgets.FloatSlider(-3.5, description=N_("start: x"), **place),
        "y": widgets.FloatSlider(2.5, description=N_("start: y"), **place),
        "lr": steps("learning rate", sorted({*RATES, lr}), value=lr),
        "momentum": steps("momentum", MOMENTA, value=0.9),
        "steps": slider("steps", 30, 0, STEPS),
    }


def _rate(lr: float) -> float:
    if not (isinstance(lr, int | float) and 0 < lr < math.inf):
        raise CourseError(N_("lr must be a number above 0, not {lr!r:.40}.", lr=lr))
    return float(lr)


def descend(function: Function, make: Callable, x, y, lr: float) -> np.ndarray:
    """`STEPS` steps of an optimizer: x, y and the height there, `(STEPS + 1, 3)`."""
    point = torch.tensor([x, y], dtype=torch.float64, requires_grad=True)
    optimizer = make([point], lr=lr)
    path = []
    with torch.enable_grad(), torch.random.fork_rng(devices=[]):
        for _ in range(STEPS + 1):
            optimizer.zero_grad()
            height = function(point[0], point[1])
            if not (isinstance(height, Tensor) and height.shape == ()):
                raise CourseError(N_("The function must give one number, a tensor ()."))
            path.append([*point.tolist(), height.item()])
            if height.requires_grad:
                height.backward()
            optimizer.step()
    return np.array(path)


def heights(function: Function, size: int = 81) -> np.ndarray:
    """The function on a grid of the whole map, `(size, size)`, y by x."""
    ticks = torch.linspace(-LIMIT, LIMIT, size, dtype=torch.float64)
    y, x = torch.meshgrid(ticks, ticks, indexing="ij")
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        try:
            values = function(x, y)
        except Exception:  # it may take single numbers only
            values = None
        if not (isinstance(values, Tensor) and values.shape == x.shape):
            pairs = zip(x.flatten(), y.flatten(), strict=True)
            single = [float(function(a, b)) for a, b in pairs]
            values = torch.tensor(single).reshape(size, size)
    return values.numpy()


def landscape_picture(
    title: str, values: np.ndarray, paths: dict[str, np.ndarray]
) -> Picture:
    """The surface as contours, the paths `(steps + 1, 3)`, and their heights."""
    ends = {name: float(path[-1, 2]) for name, path in paths.items()}
    reached = "; ".join(f"{m} is at height {_shown(h)}" for m, h in ends.items())
    picture = Picture(RIGHT + CURVES + 20, TOP + SIDE + 30, f"{title}: {reached}.")
    picture.colors, picture.sharpness = 20, 1  # lesson 05 holds several large ones
    picture.text(LEFT, 18, title, 14, bold=True)
    plane = Plane(picture, LEFT, TOP, SIDE, (-LIMIT, LIMIT))
    lowest = _contours(plane, values)
    for path, look in zip(paths.values(), LOOKS, strict=False):
        _walk(plane, path[:, :2], *look)
    start = next(iter(paths.values()))[0]
    plane.mark(start[0], start[1], "circle", PAPER, 6)
    y = TOP + SIDE + 20
    draw_mark(picture, LEFT + 6, y - 4, "circle", PAPER, 5)
    picture.text(LEFT + 16, y, "start", 13)
    picture.text(LEFT + 70, y, "★ the lowest point of the map", 13)
    _table(picture, paths, ends)
    _by_step(picture, paths, lowest, float(start[2]))
    return picture


def _contours(plane: Plane, values: np.ndarray) -> float:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0
    lowest = float(finite.min())
    scale = round_up(float(finite.max()) - lowest) / 20
    for height in (0.05, 0.2, 0.5, 1, 2, 4, 8, 16):
        plane.contour(values, lowest + scale * height, stroke=LINE, width=0.8)
    row, column = np.argwhere(values == lowest)[0]
    ticks = plane.ticks(len(values))
    x, y = plane.x(ticks[column]), plane.y(ticks[row])
    plane.picture.text(x, y + 5, "★", 17, "middle")
    return lowest


def _walk(plane: Plane, path: np.ndarray, color: str, dash, shape: str) -> None:
    inside = np.isfinite(path).all(1) & (abs(path) <= LIMIT).all(1)
    end = len(path) if inside.all() else int(inside.argmin()) + 1
    plane.curve(path[:end], color, dash, 2)
    for x, y in path[1 : end - 1]:
        plane.mark(x, y, shape, color, 1.8)
    plane.mark(*path[end - 1], shape, color, 6)


def _table(picture: Picture, paths: dict, ends: dict[str, float]) -> None:
    """Who is at which height, and who is lowest."""
    picture.text(RIGHT, TOP + 14, "height reached", 14, bold=True)
    y = TOP + 40
    for name, (color, dash, _) in zip(paths, LOOKS, strict=False):
        legend(picture, RIGHT, y, [Key(name, color, dash=dash, mark="line")])
        right = RIGHT + CURVES
        picture.text(right, y, _shown(ends[name]), 14, "end", mono=True)
        if not (abs(paths[name][:, :2]) <= LIMIT).all():
            picture.text(right - 70, y, "left the map", 12.5, "end", SOFT)
        y += 24
    best = min(_finite(height) for height in ends.values())
    first = [name for name, height in ends.items() if _finite(height) - best < 5e-4]
    lowest = "all equal" if len(first) == len(ends) else f"lowest: {', '.join(first)}"
    picture.text(RIGHT, y + 6, lowest, 14, bold=True, width=CURVES)


def _by_step(picture: Picture, paths: dict, lowest: float, start: float) -> None:
    """Each method's height after each step."""
    top = TOP + 196
    high = max(start, lowest + 1e-3) if math.isfinite(start) else lowest + 1
    ys = (lowest, high + 0.1 * (high - lowest))
    picture.text(RIGHT, top - 14, "height by step", 14, bold=True)
    chart = Chart(picture, RIGHT, top, CURVES, 130, (0, STEPS), ys)
    chart.axes({0: "0", STEPS / 2: str(STEPS // 2), STEPS: f"step {STEPS}"}, {})
    for path, (color, dash, shape) in zip(paths.values(), LOOKS, strict=False):
        chart.curve(enumerate(path[:, 2].tolist()), color, dash)
        if math.isfinite(path[-1, 2]):
            chart.mark(len(path) - 1, path[-1, 2], shape, color, 4)


def _finite(height: float) -> float:
    return height if math.isfinite(height) else math.inf


def _shown(height: float) -> str:
    return f"{height:.3f}" if abs(height) < 1000 else "too high"
