"""The optimizer landscape: SGD, momentum and Adam go down the same surface."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import ipywidgets as widgets
import numpy as np
import torch

from course_utils.pictures.plane import Plane
from course_utils.pictures.svg import BLUE, INK, LINE, RED, SOFT, Picture

from .base import Demo, slider

LIMIT, STEPS, SIDE, LEFT, TOP = 4.0, 100, 380, 8, 30
RATES = (0.001, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0)

SURFACES: dict[str, Callable] = {
    "a long valley": lambda x, y: 0.05 * x**2 + y**2,
    "two valleys": lambda x, y: 0.1 * (x**2 - 4) ** 2 + 0.3 * x + 0.5 * y**2 + 0.7,
    "a saddle": lambda x, y: 0.02 * x**4 - 0.3 * x**2 + 0.5 * y**2 + 1.2,
}
# name → how it is made, color, dashes, shape of its marks
METHODS = {
    "SGD": (lambda p, lr: torch.optim.SGD(p, lr=lr), RED, None, "square"),
    "momentum 0.9": (
        lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.9), BLUE, "7 4", "circle",
    ),
    "Adam": (lambda p, lr: torch.optim.Adam(p, lr=lr), INK, "2 3", "triangle"),
}  # fmt: skip


@cache
def descend(surface: str, method: str, x: float, y: float, lr: float) -> np.ndarray:
    """The points of `STEPS` steps of PyTorch's optimizer, `(STEPS + 1, 2)`."""
    point = torch.tensor([x, y], dtype=torch.float64, requires_grad=True)
    optimizer = METHODS[method][0]([point], lr)
    path = [point.tolist()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        SURFACES[surface](point[0], point[1]).backward()
        optimizer.step()
        path.append(point.tolist())
    return np.array(path)


def landscape() -> Demo:
    """Pick a surface, a starting point and a learning rate; then walk."""
    wide = {"description_width": "initial"}
    place = dict(min=-LIMIT, max=LIMIT, step=0.25, style=wide)
    controls = {
        "surface": widgets.Dropdown(options=list(SURFACES), description="surface"),
        "x": widgets.FloatSlider(-3.5, description="start: x", **place),
        "y": widgets.FloatSlider(2.5, description="start: y", **place),
        "lr": widgets.SelectionSlider(
            options=RATES, value=0.1, description="learning rate", style=wide
        ),
        "steps": slider("steps", 30, 0, STEPS),
    }
    words = (
        "Demo: the paths of SGD, SGD with momentum and Adam down the same surface, "
        "from the same starting point, with the height that each has reached."
    )
    return Demo(draw, controls, words)


def draw(surface: str, x: float, y: float, lr: float, steps: int) -> Picture:
    """The surface as contours, three paths of `steps` steps, and where they end."""
    paths = {name: descend(surface, name, x, y, lr)[: steps + 1] for name in METHODS}
    heights = {
        name: float(SURFACES[surface](*path[-1])) for name, path in paths.items()
    }
    told = "; ".join(f"{name} is at height {_shown(h)}" for name, h in heights.items())
    alt = f"{surface}, {steps} steps from ({x}, {y}), learning rate {lr}: {told}."
    picture = Picture(LEFT + SIDE + 270, TOP + SIDE + 30, alt)
    picture.text(
        LEFT, 20, f"{surface}: from ({x:g}, {y:g}), {steps} steps", 14, bold=True
    )
    plane = Plane(picture, LEFT, TOP, SIDE, (-LIMIT, LIMIT))
    _contours(plane, surface)
    for name, path in paths.items():
        _walk(plane, path, *METHODS[name][1:])
    plane.mark(x, y, "circle", "#ffffff", 6)
    _legend(picture, paths, heights)
    return picture


def _contours(plane: Plane, surface: str) -> None:
    ticks = plane.ticks(81)
    values = SURFACES[surface](*np.meshgrid(ticks, ticks))
    lowest = values.min()
    for height in (0.05, 0.2, 0.5, 1, 2, 4, 8, 16):
        plane.contour(values, lowest + height, stroke=LINE, width=0.8)
    row, column = np.unravel_index(values.argmin(), values.shape)
    x, y = plane.place(ticks[column], ticks[row])
    plane.picture.text(x, y + 5, "★", 17, "middle")


def _walk(plane: Plane, path: np.ndarray, color: str, dash, shape: str) -> None:
    inside = np.isfinite(path).all(1) & (abs(path) <= LIMIT).all(1)
    end = len(path) if inside.all() else int(inside.argmin()) + 1
    plane.path(path[:end], stroke=color, width=2, dash=dash)
    for x, y in path[1 : end - 1]:
        plane.mark(x, y, shape, color, 1.8)
    plane.mark(*path[end - 1], shape, color, 6)


def _legend(picture: Picture, paths: dict, heights: dict) -> None:
    left, y = LEFT + SIDE + 20, TOP + 30
    picture.text(left, y - 20, "height reached", 14, bold=True)
    for name, (_, color, dash, _) in METHODS.items():
        gone = not (abs(paths[name]) <= LIMIT).all()
        picture.line(left, y + 12, left + 34, y + 12, color, 2.5, dash=dash)
        picture.text(left + 42, y + 17, name, 14)
        picture.text(left + 240, y + 17, _shown(heights[name]), 14, "end", mono=True)
        if gone:
            picture.text(left + 42, y + 34, "has left the map", 12.5, fill=SOFT)
        y += 48
    best = min(heights, key=lambda name: _finite(heights[name]))
    picture.text(left, y + 16, f"lowest: {best}", 14)
    picture.text(left, y + 60, "○  start", 13, fill=SOFT)
    picture.text(left, y + 82, "★  lowest point of the map", 13, fill=SOFT)
    picture.text(left, y + 104, "lines: places of the same height", 13, fill=SOFT)


def _finite(height: float) -> float:
    return height if np.isfinite(height) else float("inf")


def _shown(height: float) -> str:
    return f"{height:.3f}" if abs(height) < 1000 else "too high"
