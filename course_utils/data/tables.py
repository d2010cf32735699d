"""Digits and tables that scikit-learn ships, and a dataset that is slow on purpose."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset, get_worker_info


class Digits(Dataset):
    """Handwritten digits: image float32 `(1, 8, 8)` in [0, 1], label int.

    train: the 1437 samples to learn from, or else the 360 others to test with.
    transform: called with each image when it is asked for.
    Source: scikit-learn's `load_digits`, made from the UCI optical digits.
    """

    classes = tuple("0123456789")

    def __init__(self, train: bool = True, transform: Callable | None = None):
        from sklearn.datasets import load_digits

        table = load_digits()
        # RandomState's stream is frozen, so the split is the same everywhere.
        order = np.random.RandomState(0).permutation(len(table.target))
        order = order[360:] if train else order[:360]
        self.images = torch.tensor(table.images[order] / 16).float().unsqueeze(1)
        self.labels = torch.tensor(table.target[order])
        self.transform = transform

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        image = self.images[index].clone()
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.labels[index])


def mnist_sample() -> tuple[list[Image.Image], list[int]]:
    """Twelve pictures of MNIST, gray, 28 × 28, and their labels.

    Source: the MNIST database of Yann LeCun and Corinna Cortes, CC BY-SA 3.0.
    """
    row = Image.open(Path(__file__).with_name("mnist_sample.png"))
    images = [row.crop((x, 0, x + 28, 28)) for x in range(0, row.width, 28)]
    return images, [5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5]


class Table(NamedTuple):
    """A table: `x` float32 `(rows, columns)`, `y` `(rows,)`, and what they are called.

    `classes` is empty where `y` is a quantity (float32) and not a class (int64).
    """

    x: torch.Tensor
    y: torch.Tensor
    columns: list[str]
    classes: list[str]


def wine() -> Table:
    """178 wines, 13 measurements `(178, 13)`, three cultivars as int64 `(178,)`."""
    from sklearn.datasets import load_wine

    table = load_wine()
    x, y = torch.tensor(table.data).float(), torch.tensor(table.target)
    return Table(x, y, list(table.feature_names), [str(c) for c in table.target_names])


def diabetes() -> Table:
    """442 diabetics, 10 unscaled measurements `(442, 10)`, its progress `(442,)`."""
    from sklearn.datasets import load_diabetes

    table = load_diabetes(scaled=False)
    x, y = torch.tensor(table.data).float(), torch.tensor(table.target).float()
    return Table(x, y, list(table.feature_names), [])


class SlowDataset(Dataset):
    """Samples that take `seconds` each to load, and say who loaded them and when.

    A sample is `{"index", "worker", "process", "start", "end"}`; the worker is -1 in
    the main process, the times are seconds on a clock that all processes share.
    """

    def __init__(self, samples: int, seconds: float = 0.05):
        self.samples, self.seconds = samples, seconds

    def __len__(self) -> int:
        return self.samples

    def __getitem__(self, index: int) -> dict[str, float]:
        if not 0 <= index < self.samples:
            raise IndexError(f"sample {index} of {self.samples}")
        start = time.perf_counter()
        time.sleep(self.seconds)
        info = get_worker_info()
        return {
            "index": index,
            "worker": -1 if info is None else info.id,
            "process": os.getpid(),
            "start": start,
            "end": time.perf_counter(),
        }


def dyed_digit(index: int = 2) -> torch.Tensor:
    """A digit as a color picture, float32 `(3, 8, 8)` in [0, 1], dyed orange."""
    gray = Digits().images[index]
    return torch.cat([gray, 0.6 * gray, 0 * gray])
