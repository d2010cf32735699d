"""A small convolutional network for the digits, for demos and races to train."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import torch
from torch import nn

from course_utils.data import Digits


def new_model() -> nn.Sequential:
    """An untrained network, `(B, 1, 8, 8)` to `(B, 10)`."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64, 10),
    )


def train_epoch(
    model: nn.Module, optimizer: torch.optim.Optimizer, digits: Digits, batch_size: int
) -> int:
    """One pass over the digits in random order; returns the number of updates."""
    batches = torch.randperm(len(digits)).split(batch_size)
    for rows in batches:
        loss = nn.functional.cross_entropy(
            model(digits.images[rows]), digits.labels[rows]
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return len(batches)


@contextmanager
def _apart(seed: int) -> Iterator[None]:
    """A random state of its own, gradients on, and one thread: for tensors this small,
    threads only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        yield
    torch.set_num_threads(threads)


@cache
def digit_model() -> nn.Sequential:
    """A network `(B, 1, 8, 8)` to `(B, 10)`; the first call trains it for a second.

    The random state is left as it was. Callers share one model and must not change it.
    """
    digits = Digits()
    with _apart(seed=0):
        model = new_model()
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        for _ in range(5):
            train_epoch(model, optimizer, digits, batch_size=64)
    return model.eval()


@dataclass
class Run:
    """A training from scratch: updates made, seconds, and what came of it on the 360
    held-out digits: the loss after each epoch, the accuracy at the end."""

    updates: int
    seconds: float
    losses: list[float]
    accuracy: float


def train_digits(batch_size: int, lr: float, epochs: int = 3, seed: int = 0) -> Run:
    """Train a new network on the digits by SGD, always from the same weights."""
    digits, held_out = Digits(), Digits(train=False)
    updates, seconds, losses = 0, 0.0, []
    with _apart(seed):
        model = new_model()
        optimizer = torch.optim.SGD(model.parameters(), lr)
        for _ in range(epochs):
            start = time.perf_counter()
            updates += train_epoch(model, optimizer, digits, batch_size)
            seconds += time.perf_counter() - start
            with torch.no_grad():
                scores = model(held_out.images)
                loss = nn.functional.cross_entropy(scores, held_out.labels)
            losses.append(loss.item())
    right = scores.argmax(dim=1) == held_out.labels
    return Run(updates, seconds, losses, right.float().mean().item())
