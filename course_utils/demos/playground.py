"""The training playground: turn every knob while a small model trains."""

from __future__ import annotations

import time
from collections.abc import Callable

import ipywidgets as widgets
import torch

from course_utils.pictures.curves import add_curves
from course_utils.pictures.plane import Plane
from course_utils.pictures.svg import GREEN, INK, SOFT, Picture

from .background import Background
from .base import Demo
from .point_training import SIZES, Training
from .points import KINDS, LIMITS

SIDE, LEFT, TOP, GRID = 320, 8, 56, 29
SECONDS = 0.1  # between two pictures
FILLS = ["#56b4e9", "#b7dcf3", "#f7dfaf", "#e69f00"]  # sky to orange
MARKS = (("square", "#0072b2"), ("circle", "#fff3c4"))


class Playground(Demo):
    """The demo, with buttons that start and stop its training."""

    def __init__(self, words: str):
        self.training = Training()
        self.background, self.shown = Background(self._work, 0.02), 0.0
        super().__init__(self._draw, _controls(), words)
        buttons = {"Start": self.start, "Stop": self.stop, "New weights": self.restart}
        self.buttons = {name: widgets.Button(description=name) for name in buttons}
        for name, action in buttons.items():
            self.buttons[name].on_click(lambda _, action=action: action())
        self.view.children = [
            widgets.HBox(list(self.buttons.values())),
            *self.view.children,
        ]

    def start(self) -> None:
        """Train in the background until `stop`, or until the last epoch."""
        self.background.start()

    def stop(self) -> None:
        """Stop at once: at most the batch that is being trained on is waited for."""
        self.background.stop()
        self.redraw()

    def restart(self) -> None:
        """Begin again from new weights; the best so far is kept."""
        with self.training.lock:
            self.training.restart()
        self.redraw()

    def _work(self, stopped: Callable[[], bool]) -> bool:
        with self.training.lock:
            more = self.training.epoch(stopped)
        if stopped():
            return False
        late = time.monotonic() - self.shown > SECONDS
        if late or not more:
            self.redraw()
            self.shown = time.monotonic()
        return more

    def _draw(self, **settings) -> Picture:
        self.controls["momentum"].disabled = settings["optimizer"] != "SGD"
        with self.training.lock:
            if settings != self.training.settings:
                self.training.apply(settings)
            return draw(self.training)


def playground(epochs: int = 60) -> Playground:
    """Train a small model on points in the plane, after a head start of `epochs`."""
    words = (
        "Demo: a small model learns to tell two kinds of points apart while you change "
        "its size, optimizer, learning rate, momentum, weight decay and batch size."
    )
    demo = Playground(words)
    for _ in range(epochs):
        demo.training.epoch()
    demo.redraw()
    return demo


def _controls() -> dict[str, widgets.Widget]:
    wide = {"description_width": "initial"}

    def choice(name: str, options, value) -> widgets.Dropdown:
        return widgets.Dropdown(
            options=options, value=value, description=name, style=wide
        )

    def steps(name: str, options, value) -> widgets.SelectionSlider:
        return widgets.SelectionSlider(
            options=options, value=value, description=name, style=wide
        )

    return {
        "data": choice("data", list(KINDS), "two moons"),
        "size": choice("model size", list(SIZES), "1 layer of 4"),
        "optimizer": choice("optimizer", ["SGD", "Adam"], "SGD"),
        "lr": steps("learning rate", [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 10], 0.03),
        "momentum": steps("momentum", [0.0, 0.5, 0.9, 0.95], 0.0),
        "decay": steps("weight decay", [0.0, 0.0001, 0.001, 0.01, 0.1], 0.0),
        "batch": steps("batch size", [1, 4, 16, 80], 16),
    }


# ---------------------------------------------------------------- the picture


def draw(training: Training) -> Picture:
    """The boundary beside both loss curves, and how far the goal is."""
    history, data = training.history, training.settings["data"]
    train, valid = history["training"][-1], history["held-out"][-1]
    best, at = training.best.get(data, (float("nan"), 0))
    goal = training.points.goal
    alt = f"Epoch {training.epochs}: training loss {train:.3f}, held-out loss "
    alt += f"{valid:.3f}; best so far {best:.3f}, goal below {goal}."
    picture = Picture(LEFT + SIDE + 480, TOP + SIDE + 40, alt)
    picture.text(LEFT, 20, f"{data}, epoch {training.epochs}", 15, bold=True)
    picture.text(LEFT, 42, "large: to learn from, small: held out", 12.5, fill=SOFT)
    _boundary(Plane(picture, LEFT, TOP, SIDE, LIMITS), training)
    left = LEFT + SIDE + 60
    picture.text(left, 20, "loss by epoch", 15, bold=True)
    chart = add_curves(picture, history, left, TOP, 310, 190)
    if chart.high / 20 < goal < chart.high:
        y = chart.y(goal)
        picture.line(left, y, left + 310, y, GREEN, 1.5, dash="10 3 2 3")
        picture.text(left + 306, y - 5, "goal", 12, "end")
    _facts(picture, left, TOP + 240, train, valid, best, at, goal)
    return picture


def _boundary(plane: Plane, training: Training) -> None:
    ticks = torch.tensor(plane.ticks(GRID)).float()
    grid = torch.cartesian_prod(ticks, ticks)  # (GRID², 2), x changes last
    with torch.no_grad():
        chance = training.model(grid).sigmoid().reshape(GRID, GRID).T.numpy()
    plane.bands(chance, [-0.01, 0.25, 0.5, 0.75, 1.01], FILLS)
    plane.contour(chance, 0.5, stroke="#000000", width=2)
    p = training.points
    for x, y, size in ((p.x_valid, p.y_valid, 2), (p.x, p.y, 4.5)):
        for (a, b), label in zip(x.tolist(), y.flatten().tolist(), strict=True):
            shape, fill = MARKS[int(label)]
            plane.mark(a, b, shape, fill, size)


def _facts(picture: Picture, left, y, train, valid, best, at, goal) -> None:
    for name, value in (("training loss", train), ("held-out loss", valid)):
        picture.text(left, y + 20, name, 14)
        shown = f"{value:.3f}" if value < 1000 else "out of hand"
        picture.text(left + 250, y + 20, shown, 14, "end", mono=True)
        y += 24
    picture.text(left, y + 32, f"goal: held-out loss below {goal:g}", 14, bold=True)
    reached = "✓ reached" if best < goal else "not reached yet"
    told = f"best so far: {best:.3f} at epoch {at}, {reached}"
    picture.text(left, y + 56, told, 14, fill=INK)
