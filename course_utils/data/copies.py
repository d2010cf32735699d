"""Noisy copies of pictures with labels that mean nothing: a trap for splits."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from .tables import Digits


@dataclass
class Copies:
    """Rows of pixels, `x` `(n, d)`; their labels `y` `(n,)`; `original` `(n,)`: which
    picture each row is a copy of."""

    x: torch.Tensor
    y: torch.Tensor
    original: torch.Tensor

    def accuracy(self, train: torch.Tensor, test: torch.Tensor) -> float:
        """Share of the test rows whose nearest training row has their label.

        train, test: row numbers, or a mask `(n,)` of bool.
        """
        nearest = torch.cdist(self.x[test], self.x[train]).argmin(dim=1)
        right = self.y[train][nearest] == self.y[test]
        return right.float().mean().item()


def noisy_copies(digits: Digits, originals: int, times: int) -> Copies:
    """The first `originals` digits, each `times` times with a little noise, and their
    labels in the opposite order, so that no picture has its own."""
    pixels = digits.images[:originals].flatten(1).repeat(times, 1)
    labels = digits.labels[:originals].flip(0).repeat(times)
    noise = torch.Generator().manual_seed(0)
    x = pixels + 0.02 * torch.randn(pixels.shape, generator=noise)
    return Copies(x, labels, torch.arange(originals).repeat(times))
