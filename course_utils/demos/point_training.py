"""Training a small model on points while its settings change."""

from __future__ import annotations

import threading
from collections.abc import Callable

import torch
from torch import nn

from .points import Points, classifier, points

SIZES = {
    "no hidden layer": (),
    "1 layer of 4": (4,),
    "1 layer of 16": (16,),
    "2 layers of 16": (16, 16),
    "3 layers of 32": (32, 32, 32),
}
EPOCHS = 2000


def cross_entropy(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy of logits `(B, 1)`: the mean of softplus(±logit).

    The same as `nn.BCEWithLogitsLoss`, which is slow here when other programs keep the
    cores busy, since it always shares its work between threads.
    """
    return nn.functional.softplus((1 - 2 * y) * logits).mean()


class Training:
    """A model, its optimizer and its losses; every setting may change at any time."""

    def __init__(self):
        self.lock = threading.Lock()
        self.settings: dict = {}
        self.best: dict[str, tuple[float, int]] = {}  # data → loss, epoch

    def apply(self, settings: dict) -> None:
        """Take new settings; other data or another model size start anew."""
        old, self.settings = self.settings, dict(settings)
        if any(old.get(k) != settings[k] for k in ("data", "size")):
            self.restart()
        elif old["optimizer"] != settings["optimizer"]:
            self._new_optimizer()
        for group in self.optimizer.param_groups:
            group["lr"], group["weight_decay"] = settings["lr"], settings["decay"]
            if settings["optimizer"] == "SGD":
                group["momentum"] = settings["momentum"]

    def restart(self) -> None:
        """New weights, always the same ones, and empty curves."""
        self.random = torch.Generator().manual_seed(0)
        self.points: Points = points(self.settings["data"])
        self.model = classifier(SIZES[self.settings["size"]], self.random)
        self.history: dict[str, list[float]] = {"training": [], "held-out": []}
        self._new_optimizer()
        self._measure()

    def epoch(self, stopped: Callable[[], bool] = bool) -> bool:
        """One pass over the training points; False when that was the last.

        `stopped` is asked before each batch; when it says True the pass ends there.
        """
        order = torch.randperm(len(self.points.x), generator=self.random)
        for batch in order.split(self.settings["batch"]):
            if stopped():
                return False
            self.optimizer.zero_grad()
            cross_entropy(
                self.model(self.points.x[batch]), self.points.y[batch]
            ).backward()
            self.optimizer.step()
        self._measure()
        return self.epochs < EPOCHS

    @property
    def epochs(self) -> int:
        """Epochs since the weights were new."""
        return len(self.history["held-out"]) - 1

    @torch.no_grad()
    def _measure(self) -> None:
        p = self.points
        self.history["training"].append(cross_entropy(self.model(p.x), p.y).item())
        loss = cross_entropy(self.model(p.x_valid), p.y_valid).item()
        self.history["held-out"].append(loss)
        if loss < self.best.get(self.settings["data"], (float("inf"), 0))[0]:
            self.best[self.settings["data"]] = loss, self.epochs

    def _new_optimizer(self) -> None:
        kind = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}
        make = kind[self.settings["optimizer"]]
        self.optimizer = make(self.model.parameters(), lr=self.settings["lr"])
