"""Points of two classes in the plane, and small models that tell them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

LIMITS = (-3.2, 3.2)
TRAIN, VALID = 80, 160


@dataclass
class Points:
    """Points to train on and to validate with: x `(n, 2)`, y `(n, 1)` of 0 and 1."""

    x: torch.Tensor
    y: torch.Tensor
    x_valid: torch.Tensor
    y_valid: torch.Tensor
    goal: float  # a validation loss that takes some tuning to reach


def points(kind: str) -> Points:
    """The points of one of `KINDS`, always the same."""
    make, noise, goal = KINDS[kind]
    random = np.random.RandomState(3)
    y = np.arange(TRAIN + VALID) % 2
    x = make(random.rand(len(y)), y) + noise * random.randn(len(y), 2)
    x, y = torch.tensor(x).float(), torch.tensor(y).float().unsqueeze(1)
    return Points(x[:TRAIN], y[:TRAIN], x[TRAIN:], y[TRAIN:], goal)


def _moons(t: np.ndarray, y: np.ndarray) -> np.ndarray:
    angle, side = np.pi * t, 1 - 2 * y
    x = 1.6 * np.cos(angle) * side - 0.8 * side
    return np.stack([x, side * (1.6 * np.sin(angle) - 0.5)], axis=1)


def _circles(t: np.ndarray, y: np.ndarray) -> np.ndarray:
    radius = np.where(y == 1, 0.9, 2.2)
    return np.stack([np.cos(2 * np.pi * t), np.sin(2 * np.pi * t)], 1) * radius[:, None]


def _spirals(t: np.ndarray, y: np.ndarray) -> np.ndarray:
    turn = 0.3 + 3.2 * np.sqrt(t)
    angle, radius = 2.0 * turn + np.pi * y, 0.75 * turn
    return np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius[:, None]


# How they are made, their noise, and the goal: of 35 usual settings (5 sizes, SGD and
# Adam at several rates) 15 reach it on two moons, 11 on circles, 14 on spirals.
KINDS = {
    "two moons": (_moons, 0.35, 0.22),
    "circles": (_circles, 0.25, 0.2),
    "spirals": (_spirals, 0.14, 0.15),
}


def classifier(hidden: tuple[int, ...], random: torch.Generator) -> nn.Sequential:
    """Linear and Tanh in turn, from `(B, 2)` to one logit `(B, 1)`.

    The weights come from `random` alone, so a demo that trains in the background never
    touches the notebook's own random numbers.
    """
    layers: list[nn.Module] = []
    for inputs, outputs in zip((2, *hidden), (*hidden, 1), strict=True):
        linear = nn.utils.skip_init(nn.Linear, inputs, outputs)
        bound = inputs**-0.5
        nn.init.uniform_(linear.weight, -bound, bound, generator=random)
        nn.init.uniform_(linear.bias, -bound, bound, generator=random)
        layers += [linear, nn.Tanh()]
    return nn.Sequential(*layers[:-1])
