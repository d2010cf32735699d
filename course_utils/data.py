"""Datasets that need no download; `downloads` adds the real ones where possible."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import torch
from torch.utils.data import Dataset, get_worker_info

from .downloads import cifar10, fashion_mnist, mnist, pretrained

__all__ = [
    "Digits",
    "PlaceName",
    "SlowDataset",
    "Table",
    "cifar10",
    "diabetes",
    "fashion_mnist",
    "mnist",
    "place_names",
    "pretrained",
    "split_by_place",
    "wine",
]

LANGUAGES = "cs de en es fi fr hu it nl pl pt tr".split()
NOT_A_PLACE = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ", "Etc/Unknown"}


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


class PlaceName(NamedTuple):
    """A country's or city's name, the language it is in, and a key of the place."""

    name: str
    language: str
    place: str


def place_names(
    languages: Iterable[str] = LANGUAGES, shared: bool = False
) -> list[PlaceName]:
    """Names of countries and cities, sorted by language and name.

    languages: Babel's codes, such as `"de"`; the samples carry the English name.
    shared: keep also the names that several of these languages write alike.
    Two places that have a name in common count as one (Luxembourg, the city and the
    country), so that a split by place never has a name on both sides.
    Source: the Unicode CLDR, as Babel ships it.
    """
    found = []
    for code in languages:
        language, names = _names_in(code)
        found += [PlaceName(name, language, key) for key, name in names.items()]
    same = _linked((p.name, p.place) for p in found)
    found = {PlaceName(p.name, p.language, same[p.place]) for p in found}
    users = defaultdict(set)
    for name, language, _ in found:
        users[name].add(language)
    kept = (p for p in found if shared or len(users[p.name]) == 1)
    return sorted(kept, key=lambda p: (p.language, p.name, p.place))


def _names_in(code: str) -> tuple[str, dict[str, str]]:
    """A language's English name, and its names of countries and cities by key."""
    from babel import Locale

    locale = Locale.parse(code)
    names = {k: n for k, n in locale.territories.items() if len(k) == 2}
    zones = locale._data["time_zones"]  # Babel has no public way to cities
    names |= {k: zone["city"] for k, zone in zones.items() if "city" in zone}
    return locale.english_name, {k: n for k, n in names.items() if k not in NOT_A_PLACE}


def _linked(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Place → the first of all places that share a name with it, or are linked so."""
    parent: dict[str, str] = {}

    def root(place: str) -> str:
        while parent.setdefault(place, place) != place:
            place = parent[place]
        return place

    first: dict[str, str] = {}
    for name, place in pairs:
        a, b = root(first.setdefault(name, place)), root(place)
        parent[max(a, b)] = min(a, b)
    return {place: root(place) for place in parent}


def split_by_place(
    names: list[PlaceName], test: float = 0.2, seed: int = 0
) -> tuple[list[PlaceName], list[PlaceName]]:
    """Names to learn from and names to test with; no place is on both sides."""
    places = sorted({p.place for p in names})
    order = np.random.RandomState(seed).permutation(len(places))
    held = {places[i] for i in order[: round(test * len(places))]}
    return (
        [p for p in names if p.place not in held],
        [p for p in names if p.place in held],
    )


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
