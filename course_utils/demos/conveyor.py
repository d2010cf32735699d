"""The batch conveyor: how a DataLoader packs samples into batches, epoch by epoch."""

from __future__ import annotations

import ipywidgets as widgets
import torch
from torch.utils.data import DataLoader

from course_utils.pictures.svg import (
    INK,
    LINE,
    PALETTE,
    PANEL,
    PAPER,
    SOFT,
    Picture,
    ink_on,
)

from .base import Demo, player, slider

TILE, GAP, LEFT, TOP = 40, 14, 92, 84
EPOCHS = 3


def conveyor(samples: int = 10) -> Demo:
    """Step through the batches of a few epochs of `samples` samples."""
    controls = {
        "batch_size": slider("batch size", 4, 1, samples),
        "shuffle": widgets.Checkbox(description="shuffle", indent=False),
        "drop_last": widgets.Checkbox(description="drop_last", indent=False),
        "seed": slider("seed", 0, 0, 9),
        "step": player("batches so far", EPOCHS * samples),
    }
    step = controls["step"]

    def draw(batch_size, shuffle, drop_last, seed, step) -> Picture:
        epochs = batches(samples, batch_size, shuffle, drop_last, seed)
        call = f"batch_size={batch_size}, {shuffle=}, {drop_last=}"
        return conveyor_picture(samples, epochs, step, f"DataLoader(dataset, {call})")

    def fit(change=None) -> None:
        """The last step is the last batch of the last epoch."""
        options = {k: c.value for k, c in controls.items() if k != "step"}
        last = sum(map(len, batches(samples, **options)))
        step.max = step.player.max = last

    fit()
    step.value = step.player.value = step.max // EPOCHS
    for name in ("batch_size", "drop_last"):
        controls[name].observe(fit, "value")
    words = "Batch conveyor: the samples of a dataset, packed into batches by epoch."
    return Demo(draw, controls, words)


def batches(
    samples: int, batch_size: int, shuffle: bool, drop_last: bool, seed: int
) -> list[list[list[int]]]:
    """The indices in each batch of each epoch, as a real DataLoader gives them."""
    loader = DataLoader(
        range(samples),
        batch_size,
        shuffle,
        drop_last=drop_last,
        generator=torch.Generator().manual_seed(seed),
    )
    return [[batch.tolist() for batch in loader] for _ in range(EPOCHS)]


def conveyor_picture(
    samples: int, epochs: list[list[list[int]]], step: int, call: str
) -> Picture:
    """The dataset above, one belt an epoch below, after `step` batches."""
    a_pass = max(len(epochs[0]), 1)
    step = min(step, a_pass * len(epochs))
    epoch = max(step - 1, 0) // a_pass
    done = step - epoch * a_pass
    belt = 70
    width = LEFT + samples * (TILE + GAP) + 40
    said = _said(epochs, epoch, done, step)
    picture = Picture(width, TOP + 2 * TILE + len(epochs) * belt + 20, said)
    picture.text(4, 20, call, 14, mono=True)
    picture.text(4, 46, said, 14, bold=True)
    _dataset(picture, samples, epochs[epoch], done)
    for number, packed in enumerate(epochs):
        shown = max(0, min(step - number * a_pass, a_pass))
        top = TOP + 2 * TILE + number * belt + 10
        picture.text(4, top + 25, f"epoch {number + 1}", 14, fill=SOFT)
        _belt(picture, top, samples, packed, shown, current=number == epoch)
    return picture


def _said(epochs, epoch: int, done: int, step: int) -> str:
    if not step:
        return f"{len(epochs[0])} batches an epoch; none so far"
    batch = epochs[epoch][done - 1]
    place = f"Epoch {epoch + 1}, batch {done} of {len(epochs[epoch])}"
    return f"{place}: samples {batch}; {step} iterations so far"


def _dataset(picture: Picture, samples: int, packed: list, done: int) -> None:
    """All samples in their own order, colored once they were given in this epoch."""
    batch_of = {i: b for b, batch in enumerate(packed) for i in batch}
    picture.text(4, TOP + 25, "dataset", 14, fill=SOFT)
    for index in range(samples):
        x, batch = LEFT + index * (TILE + GAP), batch_of.get(index)
        given = batch is not None and batch < done
        _tile(picture, x, TOP, index, batch if given else None, batch == done - 1)
        if given:
            picture.text(x + TILE / 2, TOP + TILE + 15, f"batch {batch + 1}",
                         11, "middle", SOFT)  # fmt: skip
        elif done == len(packed):
            picture.rect(x, TOP, TILE, TILE, "none", LINE, hatch=True)
            picture.text(x + TILE / 2, TOP + TILE + 15, "left out", 11, "middle")


def _belt(
    picture: Picture, top: float, samples: int, packed: list, shown: int, current: bool
) -> None:
    """One epoch's batches in their order; those to come are still empty."""
    x = LEFT
    for number, batch in enumerate(packed):
        width = len(batch) * (TILE + 2) + 6
        now = current and number == shown - 1
        picture.rect(x, top - 4, width, TILE + 8, PANEL, INK if now else LINE, 6,
                     stroke_width=2.5 if now else 1)  # fmt: skip
        for place, index in enumerate(batch):
            left = x + 4 + place * (TILE + 2)
            if number < shown:
                _tile(picture, left, top, index, number)
            else:
                picture.rect(left, top, TILE, TILE, PAPER, LINE, stroke_dasharray="3 3")
        picture.text(x + width / 2, top + TILE + 18, f"batch {number + 1}"
                     if len(batch) > 1 else number + 1, 11, "middle",
                     INK if now else SOFT)  # fmt: skip
        x += width + 8
    out = sorted(set(range(samples)).difference(*packed))
    if out and shown == len(packed):
        picture.text(x + 6, top + 24, "left out: " + ", ".join(map(str, out)), 13)


def _tile(picture: Picture, x, y, index: int, batch: int | None, now=False) -> None:
    """A sample's index on its batch's color, or on paper while it has none."""
    color = None if batch is None else PALETTE[batch % len(PALETTE)]
    picture.rect(x, y, TILE, TILE, color or PAPER, INK if now else LINE,
                 stroke_width=3 if now else 1)  # fmt: skip
    ink = ink_on(color) if color else INK
    picture.text(x + TILE / 2, y + 26, index, 16, "middle", ink, bold=True)
