"""Which samples go into which batch, for anything that gives indices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset

from course_utils.errors import CourseError
from course_utils.locale.again import N_

EPOCHS, MOST = 3, 60  # as many epochs, and as many samples in each
Epoch = list[list[int]]  # batches of indices


class _Itself(Dataset):
    """A dataset whose samples are their own indices."""

    def __init__(self, length: int = 0):
        self.length = length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> int:
        return int(index)


@dataclass
class Run:
    """How many samples there are, the batches of each epoch, and how many batches an
    epoch has beyond those, None where it does not say."""

    samples: int
    epochs: list[Epoch]
    more: int | None = 0

    @property
    def batches(self) -> int:
        """How many batches of an epoch are known."""
        return max(1, min(map(len, self.epochs)))


def source(data: Any) -> tuple[int, tuple[str, ...], Callable[..., DataLoader]]:
    """How many samples there are (0: not said), which settings may be chosen, and the
    DataLoader for these settings, whose samples are indices."""
    if isinstance(data, DataLoader):
        if isinstance(data.dataset, IterableDataset) or data.batch_sampler is None:
            raise CourseError(N_("This DataLoader packs no indices into batches."))
        how = {"batch_sampler": data.batch_sampler, "generator": data.generator}
        length = len(data.dataset)
        return length, (), lambda: DataLoader(_Itself(), collate_fn=list, **how)
    if hasattr(data, "__len__") and hasattr(data, "__getitem__"):
        data = len(data)
    if isinstance(data, int) and data > 0:
        choices = ("batch_size", "shuffle", "drop_last", "seed")
        return data, choices, lambda **how: numbered(data, **how)
    with unchanged(data):
        first = next(iter(data), None) if hasattr(data, "__iter__") else None
    if isinstance(first, int):
        how = {"sampler": data, "collate_fn": list}
        choices = ("batch_size", "drop_last")
        return 0, choices, lambda **chosen: DataLoader(_Itself(), **how, **chosen)
    if isinstance(first, (list, tuple)) and first and isinstance(first[0], int):
        how = {"batch_sampler": data, "collate_fn": list}
        return 0, (), lambda: DataLoader(_Itself(), **how)
    raise CourseError(
        N_(
            "conveyor takes a number of samples, a dataset with a length, "
            "a sampler, a batch sampler or a DataLoader; this is {kind} "
            "{data!r:.40}.",
            kind=type(data).__name__,
            data=data,
        )
    )


def numbered(samples: int, batch_size, shuffle, drop_last, seed) -> DataLoader:
    """A DataLoader over the first of so many samples."""
    return DataLoader(
        _Itself(min(samples, MOST)),
        batch_size,
        shuffle,
        drop_last=drop_last,
        generator=torch.Generator().manual_seed(seed),
        collate_fn=list,
    )


@contextmanager
def unchanged(data: Any) -> Iterator[None]:
    """Put back all random states: the global one and those of samplers."""
    holders, states = [data], {}
    for holder in holders:
        holders += [
            part
            for name in ("sampler", "batch_sampler")
            if (part := getattr(holder, name, None)) is not None
        ]
        generator = getattr(holder, "generator", None)
        if isinstance(generator, torch.Generator):
            states[generator] = generator.get_state()
    with torch.random.fork_rng(devices=[]):
        try:
            yield
        finally:
            for generator, state in states.items():
                generator.set_state(state)


def run(loader: DataLoader, samples: int) -> Run:
    """Three epochs of a loader whose samples are indices, 60 indices each at most."""
    epochs = []
    for _ in range(EPOCHS):
        packed: Epoch = []
        for batch in loader:
            packed.append(batch)
            if sum(map(len, packed)) >= MOST:
                break
        epochs.append(packed)
    try:
        more = len(loader) - min(map(len, epochs))
    except TypeError:
        more = None
    indices = [i for packed in epochs for batch in packed for i in batch]
    return Run(samples or max(indices, default=0) + 1, epochs, more)
