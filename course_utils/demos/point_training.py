"""Training a small model on points while its settings change."""

from __future__ import annotations

import copy
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
    """A model, its optimizer and its losses; every setting may change at any time.

    own: a model `(B, 2)` to `(B, 1)` to train a copy of, in place of one of `SIZES`.
    """

    def __init__(self, own: nn.Module | None = None):
        self.lock, self.own = threading.Lock(), own
        self.settings: dict = {}
        self.best: dict[str, tuple[float, int]] = {}  # data → loss, epoch

    def apply(self, settings: dict) -> None:
        """Take new settings; other data or another model size start anew."""
        old, self.settings = self.settings, dict(settings)
        if any(old.get(k) != settings.get(k) for k in ("data", "size")):
            self.restart()
        elif old["optimizer"] != settings["optimizer"]:
            self._new_optimizer()
        elif old["batch"] != settings["batch"] and self.rest:
            self.rest = list(torch.cat(self.rest).split(settings["batch"]))
        for group in self.optimizer.param_groups:
            group["lr"], group["weight_decay"] = settings["lr"], settings["decay"]
            if settings["optimizer"] == "SGD":
                group["momentum"] = settings["momentum"]

    def restart(self) -> None:
        """New weights, always the same ones, and empty curves."""
        self.random = torch.Generator().manual_seed(0)
        self.points: Points = points(self.settings["data"])
        if self.own is not None:
            self.model = copy.deepcopy(self.own).cpu()
        else:
            self.model = classifier(SIZES[self.settings["size"]], self.random)
        self.history: dict[str, list[float]] = {"training": [], "validation": []}
        self.rest: list[torch.Tensor] = []  # the batches that this epoch still has
        self._new_optimizer()
        self._measure()

    def epoch(self, stopped: Callable[[], bool] = bool) -> bool:
        """Go on to the end of the epoch; False when that was the last.

        `stopped` is asked before each batch; when it says True the pass ends there.
        """
        while not stopped():
            self.step()
            if not self.rest:
                return self.epochs < EPOCHS
        return False

    def step(self) -> None:
        """One step of the optimizer, on the next batch of the training points."""
        if not self.rest:
            order = torch.randperm(len(self.points.x), generator=self.random)
            self.rest = list(order.split(self.settings["batch"]))
        batch = self.rest.pop(0)
        self.model.train()
        with torch.enable_grad():
            self.optimizer.zero_grad()
            loss = cross_entropy(self.model(self.points.x[batch]), self.points.y[batch])
            loss.backward()
            self.optimizer.step()
        if not self.rest:
            self._measure()

    @property
    def epochs(self) -> int:
        """Epochs since the weights were new."""
        return len(self.history["validation"]) - 1

    @torch.no_grad()
    def losses(self) -> tuple[float, float]:
        """The loss on the training points and on those for validation, now."""
        p, model = self.points, self.model.eval()
        pairs = ((p.x, p.y), (p.x_valid, p.y_valid))
        train, valid = (cross_entropy(model(x), y).item() for x, y in pairs)
        return train, valid

    def _measure(self) -> None:
        train, valid = self.losses()
        self.history["training"].append(train)
        self.history["validation"].append(valid)
        if valid < self.best.get(self.settings["data"], (float("inf"), 0))[0]:
            self.best[self.settings["data"]] = valid, self.epochs

    def _new_optimizer(self) -> None:
        kind = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}
        make = kind[self.settings["optimizer"]]
        self.optimizer = make(self.model.parameters(), lr=self.settings["lr"])
