"""Schedules of the learning rate as curves, as PyTorch computes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch.optim import Optimizer, lr_scheduler

from course_utils.errors import CourseError
from course_utils.locale.again import N_

from .curves import DASHES, add_curves
from .svg import Picture

Make = Callable[[Optimizer], lr_scheduler.LRScheduler]


def rates(make: Make, steps: int, lr: float) -> list[float]:
    """The learning rate of each of `steps` steps, with a schedule that `make` gives."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    schedule, history = make(optimizer), []
    for _ in range(steps):
        history.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return history


def usual(steps: int, lr: float) -> dict[str, Make]:
    """The schedules that are met most often, for so many steps."""
    s = lr_scheduler
    return {
        "constant": lambda o: s.ConstantLR(o, factor=1.0),
        "StepLR": lambda o: s.StepLR(o, max(1, steps // 3), 0.3),
        "CosineAnnealingLR": lambda o: s.CosineAnnealingLR(o, steps),
        "OneCycleLR": lambda o: s.OneCycleLR(o, lr, total_steps=steps + 1),
    }


def schedules(
    steps: int = 100, lr: float = 0.1, makers: Mapping[str, Make] | None = None
) -> Picture:
    """The learning rate over `steps` steps, a curve a schedule, from `lr` on.

    makers: name → what makes a schedule for an optimizer; without it, the usual ones.
    In a lesson: `schedules(30, makers={"mine": lambda o: StepLR(o, 10)})`.
    Raises CourseError for more than six, or none.
    """
    makers = usual(steps, lr) if makers is None else makers
    if not 1 <= len(makers) <= len(DASHES) or steps < 1:
        raise CourseError(
            N_("1 to {count} schedules, and at least one step", count=len(DASHES))
        )
    series = {name: rates(make, steps, lr) for name, make in makers.items()}
    alt = f"The learning rate over {steps} steps: {', '.join(series)}."
    picture = Picture(680, 274, alt)
    picture.colors, picture.sharpness = 20, 1  # lesson 05 holds several large ones
    picture.text(48, 20, "learning rate by step", 14, bold=True)
    add_curves(picture, series, 48, 36, 450, 190, unit="step")
    return picture
