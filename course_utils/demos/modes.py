"""Train and eval side by side: the same input again and again through both modes."""

from __future__ import annotations

from typing import NamedTuple

import ipywidgets as widgets
import torch
from torch import nn

from course_utils.pictures.svg import (
    INK,
    LINE,
    ORANGE,
    PANEL,
    PAPER,
    SOFT,
    Picture,
    ink_on,
)

from .base import Demo, player

SAMPLE = (1.5, -2.0, 0.5, 3.0, -1.0, 2.0)
FEATURES, COMPANIONS, CALLS = len(SAMPLE), 3, 8
LAYERS = ("Dropout(p=0.25)", "Dropout(p=0.5)", "Dropout(p=0.75)", "BatchNorm1d(6)")
LEFT, TOP, CELL, ROW, GAP = 74, 118, 54, 28, 44


class Calls(NamedTuple):
    """What one mode gave: the sample's output in each call `(calls, 6)`, and
    BatchNorm's running mean of the first feature afterward (NaN for Dropout)."""

    outputs: torch.Tensor
    running_mean: float


def modes() -> Demo:
    """Call a layer with one sample up to eight times, in each of the two modes."""
    controls = {
        "layer": widgets.Dropdown(options=LAYERS, value=LAYERS[1], description="layer"),
        "calls": player("calls", CALLS),
    }
    controls["calls"].value = controls["calls"].player.value = 5
    words = (
        "Demo: the same sample through a layer again and again. In train mode the "
        "output changes from call to call; in eval mode it is always the same."
    )
    return Demo(draw, controls, words)


def run(name: str, calls: int, train: bool) -> Calls:
    """Call a fresh layer; BatchNorm's batches hold the sample and three others, which
    are new in each call. The global random state is left as it was."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        layer = _layer(name).train(train)
        outputs = torch.empty(calls, FEATURES)
        for call in range(calls):
            others = 1 + 2 * torch.randn(COMPANIONS, FEATURES)
            outputs[call] = layer(torch.cat([torch.tensor([SAMPLE]), others]))[0]
        mean = getattr(layer, "running_mean", None)
    return Calls(outputs, float("nan") if mean is None else mean[0].item())


def _layer(name: str) -> nn.Module:
    if name not in LAYERS:
        raise ValueError(f"no layer {name!r}; there are {', '.join(LAYERS)}")
    if name.startswith("Dropout"):
        return nn.Dropout(float(name[len("Dropout(p=") : -1]))
    layer = nn.BatchNorm1d(FEATURES)
    layer.running_mean.fill_(1.0)  # as after training on such batches
    layer.running_var.fill_(4.0)
    return layer


def draw(layer: str, calls: int) -> Picture:
    """The input on top, one row a call below, the mean of all calls at the bottom."""
    sides = {mode: run(layer, calls, mode == "train") for mode in ("train", "eval")}
    told = [f"{mode} mode, {_different(c)}" for mode, c in sides.items()]
    alt = f"{layer} with the same input: {'; '.join(told)}."
    width = FEATURES * CELL
    picture = Picture(LEFT + 2 * width + GAP + 20, TOP + (CALLS + 2) * ROW + 46, alt)
    picture.sharpness = 1.5
    picture.text(4, 22, f"layer = nn.{layer}", 14, mono=True)
    picture.rect(4, 36, 20, 15, ORANGE, LINE)
    picture.text(31, 48, "another value than in the call before", 13)
    picture.rect(330, 36, 20, 15, PAPER, LINE, hatch=True)
    picture.text(357, 48, "dropped: 0", 13)
    for label, row in (("input", -1), ("mean", CALLS + 0.4)):
        picture.text(LEFT - 8, TOP + row * ROW + 18, label, 13, "end", bold=True)
    for call in range(calls):
        picture.text(LEFT - 8, TOP + call * ROW + 18, f"call {call + 1}", 13, "end")
    for place, (mode, found) in enumerate(sides.items()):
        _side(picture, LEFT + place * (width + GAP), mode, found)
    return picture


def _different(found: Calls) -> str:
    calls, number = len(found.outputs), len(found.outputs.unique(dim=0))
    return f"{calls} calls, {number} different output{'' if number == 1 else 's'}"


def _side(picture: Picture, x: float, mode: str, found: Calls) -> None:
    picture.text(x, TOP - ROW - 10, f"layer.{mode}()", 15, mono=True, bold=True)
    _row(picture, x, TOP - ROW, torch.tensor(SAMPLE), fill=PANEL)
    before = None
    for call, output in enumerate(found.outputs):
        _row(picture, x, TOP + call * ROW, output, before)
        before = output
    bottom = TOP + (CALLS + 0.4) * ROW
    if len(found.outputs):
        _row(picture, x, bottom, found.outputs.mean(dim=0), fill=PANEL)
    picture.text(x, bottom + ROW + 24, _different(found), 14, bold=True)
    if found.running_mean == found.running_mean:
        says = f"running_mean[0] was 1.00, is {found.running_mean:.2f}"
        picture.text(x, bottom + ROW + 46, says, 13)


def _row(picture: Picture, x, y, values, before=None, fill=None) -> None:
    """Six values; those that differ from `before` stand out, zeros are hatched."""
    for i, value in enumerate(values.tolist()):
        changed = before is not None and value != before[i].item()
        color = fill or (ORANGE if changed else PAPER)
        left = x + i * CELL
        dropped = value == 0 and fill is None
        picture.rect(left, y, CELL, ROW, color, LINE, 0, hatch=dropped)
        ink = ink_on(ORANGE) if changed else INK
        if dropped:
            picture.rect(left + CELL / 2 - 9, y + 5, 18, ROW - 10, color, radius=2)
        said = "0" if value == 0 else f"{value:.2f}"
        picture.text(left + CELL / 2, y + 19, said, 13, "middle", ink, bold=changed)
    picture.rect(x, y, FEATURES * CELL, ROW, "none", SOFT, 0)
