"""The training playground: turn every knob while a small model trains."""

from __future__ import annotations

import time
from collections.abc import Callable

import ipywidgets as widgets
import numpy as np
import torch
from torch import Tensor, nn

from course_utils.errors import CourseError
from course_utils.locale import _
from course_utils.locale.again import N_
from course_utils.pictures.activations import draw_maps
from course_utils.pictures.curves import add_curves
from course_utils.pictures.palette import DATA, GOOD, INK, SOFT, TRUTH
from course_utils.pictures.parts import counted, draw_mark, mixed
from course_utils.pictures.plane import Plane
from course_utils.pictures.svg import Picture

from .background import Background
from .base import Demo, choice, steps
from .blame import plain_errors, taken_by
from .point_training import SIZES, Training
from .points import KINDS, LIMITS

SIDE, LEFT, TOP, GRID = 290, 8, 50, 29
UNITS, UNITS_WIDE, SMALL = LEFT + SIDE + 16, 160, 12  # SMALL: pixels of a unit's map
CURVES, CURVES_WIDE = UNITS + UNITS_WIDE + 50, 214
SECONDS = 0.1  # between two pictures
FILLS = [mixed(DATA, 1), mixed(DATA, 0.4), mixed(TRUTH, 0.4), mixed(TRUTH, 1)]
MARKS = (("square", DATA), ("circle", TRUTH))  # class 0, class 1


class Playground(Demo):
    """The demo, with buttons that start and stop its training."""

    def __init__(self, words: str, model: nn.Module | None):
        self.training = Training(model)
        self.background, self.shown = Background(self._work, 0.02), 0.0
        super().__init__(self._draw, _controls(model is None), words)
        buttons = {
            N_("Start"): self.start,
            N_("Stop"): self.stop,
            N_("Step"): self.step,
            N_("New weights"): self.restart,
        }
        self.buttons = {name: widgets.Button(description=_(name)) for name in buttons}
        for name, action in buttons.items():
            self.buttons[name].on_click(lambda _, action=action: action())
        self.row.children = [*self.buttons.values(), *self.row.children]

    def start(self) -> None:
        """Train in the background until `stop`, or until the last epoch."""
        self.background.start()

    def stop(self) -> None:
        """Stop at once: at most the batch that is being trained on is waited for."""
        self.background.stop()
        self.redraw()

    def step(self) -> None:
        """Stop, and train on one more batch."""
        self.background.stop()
        with self.training.lock:
            self.training.step()
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


@plain_errors
def playground(model: nn.Module | None = None, epochs: int = 60) -> Playground:
    """Train a small model on points in the plane, after a head start of `epochs`.

    model: one of your own, from points `(B, 2)` to one logit each `(B, 1)`; a copy of
    it is trained. Raises CourseError for another.
    """
    if model is not None:
        _check(model)
    words = N_(
        "Demo: a small model learns to tell two kinds of points apart while you change "
        "its size, optimizer, learning rate, momentum, weight decay and batch size."
    )
    demo = Playground(words, model)
    for _epoch in range(epochs):
        demo.training.epoch()
    demo.redraw()
    return demo


def _check(model: nn.Module) -> None:
    if not isinstance(model, nn.Module) or not list(model.parameters()):
        raise CourseError(N_("playground takes a module with parameters to train."))
    first = next(model.parameters())
    with taken_by(N_("The model must take points (B, 2)")), torch.no_grad():
        logits = model(torch.zeros(4, 2, device=first.device))
    shape = tuple(logits.shape) if isinstance(logits, Tensor) else type(logits).__name__
    if shape != (4, 1):
        raise CourseError(
            N_(
                "The model must give (B, 1) for points (B, 2), not {shape}.",
                shape=shape,
            )
        )


def _controls(sizes: bool) -> dict[str, widgets.Widget]:
    rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 10]
    controls = {
        "data": choice("data", KINDS),
        "size": choice("model size", SIZES, value="1 layer of 4"),
        "optimizer": choice("optimizer", ["SGD", "Adam"]),
        "lr": steps("learning rate", rates, value=0.03),
        "momentum": steps("momentum", [0.0, 0.5, 0.9, 0.95]),
        "decay": steps("weight decay", [0.0, 0.0001, 0.001, 0.01, 0.1]),
        "batch": steps("batch size", [1, 4, 16, 80], value=16),
    }
    if not sizes:
        del controls["size"]
    return controls


# ---------------------------------------------------------------- the picture


def draw(training: Training) -> Picture:
    """The boundary, the hidden units and both loss curves, and how far the goal is."""
    data, goal = training.settings["data"], training.points.goal
    train, valid = training.losses()
    best, at = training.best.get(data, (float("nan"), 0))
    alt = f"Epoch {training.epochs}: training loss {train:.3f}, validation loss "
    alt += f"{valid:.3f}; best so far {best:.3f}, goal below {goal}."
    picture = Picture(CURVES + CURVES_WIDE + 102, TOP + SIDE + 12, alt)
    picture.colors, picture.sharpness = 40, 1  # lesson 05 holds several large ones
    title = f"{data}, epoch {training.epochs}"
    if training.rest:
        title += f", {counted(len(training.rest), 'batch', 'batches')} to go"
    picture.text(LEFT, 18, title, 14, bold=True)
    for x, size, words in (
        (LEFT + 6, 5, "to train on"),
        (LEFT + 122, 2.5, "to validate"),
    ):
        draw_mark(picture, x, 36, *MARKS[0], size)
        draw_mark(picture, x + 13, 36, *MARKS[1], size)
        picture.text(x + 24, 41, words, 13)
    _boundary(Plane(picture, LEFT, TOP, SIDE, LIMITS), training)
    _units(picture, training.model)
    picture.text(CURVES, 18, "loss by epoch", 14, bold=True)
    chart = add_curves(picture, training.history, CURVES, TOP, CURVES_WIDE, 140)
    if 0.05 < goal / chart.ys[1] < 1:
        y = chart.y(goal)
        picture.line(CURVES, y, chart.right, y, GOOD, 2, dash="10 3 2 3")
        picture.text(chart.right - 4, y - 5, "goal", 12, "end")
    _facts(picture, TOP + 172, train, valid, best, at, goal)
    return picture


def _boundary(plane: Plane, training: Training) -> None:
    ticks = plane.ticks(GRID)
    chance = _over_plane(training.model, ticks).sigmoid()[0].numpy()
    plane.bands(chance, [-0.01, 0.25, 0.5, 0.75, 1.01], FILLS)
    plane.contour(chance, 0.5, stroke=INK, width=2)
    p = training.points
    for x, y, size in ((p.x_valid, p.y_valid, 2), (p.x, p.y, 4.5)):
        for (a, b), label in zip(x.tolist(), y.flatten().tolist(), strict=True):
            plane.mark(a, b, *MARKS[int(label)], size)


@torch.no_grad()
def _over_plane(model: nn.Module, ticks: np.ndarray) -> Tensor:
    """A model's outputs on a grid of the plane: `(k, y, x)` for `k` outputs."""
    t = torch.tensor(ticks).float()
    grid = torch.cartesian_prod(t, t)  # (n², 2), x changes last
    outputs = model.eval()(grid)  # (n², k)
    return outputs.T.reshape(-1, len(t), len(t)).transpose(1, 2)


def _units(picture: Picture, model: nn.Module) -> None:
    """What each hidden unit gives over the plane, layer by layer, as small maps."""
    picture.text(UNITS, 18, "hidden units", 14, bold=True)
    layers: list[Tensor] = []
    inner = [m for m in model.modules() if not list(m.children())]
    hooks = [
        module.register_forward_hook(lambda m, i, out: layers.append(out))
        for module in inner
        if not isinstance(module, nn.Linear | nn.Dropout)
    ]
    ticks = np.linspace(LIMITS[1], LIMITS[0], SMALL)  # the top row is the highest y
    t = torch.tensor(ticks).float()
    y, x = torch.meshgrid(t, t.flip(0), indexing="ij")
    try:
        with torch.no_grad():
            model.eval()(torch.stack([x, y], -1).reshape(-1, 2))
    finally:
        for hook in hooks:
            hook.remove()
    layers = [out for out in layers if out.dim() == 2 and out.shape[1] > 1][:3]
    if not layers:
        picture.text(UNITS, TOP + 20, "none: the model", 13, fill=SOFT)
        picture.text(UNITS, TOP + 38, "draws a straight line", 13, fill=SOFT)
        return
    picture.text(UNITS, 41, "black: low, white: high", 12, fill=SOFT)
    room = SIDE / len(layers)
    for number, out in enumerate(layers):
        top, units = TOP + number * room, out.shape[1]
        shown = min(units, 16 if len(layers) < 3 else 8)
        part = f"{shown} of " if shown < units else ""
        words = f"layer {number + 1}: {part}{counted(units, 'unit')}"
        picture.text(UNITS, top + 12, words, 12)
        maps = out.T[:shown].reshape(shown, SMALL, SMALL)
        low, high = maps.min().item(), maps.max().item()
        draw_maps(picture, maps, UNITS, top + 18, UNITS_WIDE, room - 24, low, high)


def _facts(picture: Picture, y: float, train, valid, best, at, goal) -> None:
    for name, value in (("training loss", train), ("validation loss", valid)):
        y += 22
        picture.text(CURVES - 30, y, name, 14)
        shown = f"{value:.3f}" if value < 1000 else "out of hand"
        picture.text(CURVES + 170, y, shown, 14, "end", mono=True)
    words = f"goal: validation loss below {goal:g}"
    picture.text(CURVES - 30, y + 30, words, 14, bold=True)
    reached = "✓ reached" if best < goal else "not reached yet"
    words = f"best so far: {best:.3f} at epoch {at}, {reached}"
    picture.text(CURVES - 30, y + 52, words, 14)
