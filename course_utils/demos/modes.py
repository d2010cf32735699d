"""Train and eval side by side: the same input again and again through both modes."""

from __future__ import annotations

import copy
from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.pictures.palette import NOW, PANEL, PAPER
from course_utils.pictures.parts import Cell, Key, counted, grid, legend
from course_utils.pictures.svg import Picture, fit

from .base import Demo, choice, player
from .blame import plain_errors, taken_by

SAMPLE = (1.5, -2.0, 0.5, 3.0, -1.0, 2.0)
FEATURES, COMPANIONS, CALLS = len(SAMPLE), 3, 6
LAYERS = ("Dropout(p=0.25)", "Dropout(p=0.5)", "Dropout(p=0.75)", "BatchNorm1d(6)")
LEFT, TOP, CELL, ROW, GAP = 62, 112, 44, 26, 20
BESIDE, SMALL = LEFT + 2 * FEATURES * CELL + GAP + 16, 35  # the panel at the right


class Calls(NamedTuple):
    """What one mode gave: the sample's output in each call `(calls, 6)`, the batch of
    the last call `(4, 6)`, and BatchNorm's running mean and variance afterward, `(6,)`
    each; None for other layers."""

    outputs: Tensor
    batch: Tensor
    running: tuple[Tensor, Tensor] | None


@plain_errors
def modes(layer: nn.Module | None = None) -> Demo:
    """Call a layer with one sample up to six times, in each of the two modes.

    layer: one of your own, from a batch `(B, 6)` to `(B, 6)`; a copy of it is called.
    Raises CourseError for another.
    """
    layers = {name: ready(name) for name in LAYERS}
    if layer is not None:
        layers = {_checked(layer): layer, **layers}
    controls = {
        "layer": choice(
            "layer", layers, value=next(iter(layers)) if layer else LAYERS[1]
        ),
        "calls": player("calls", CALLS, 4),
    }
    words = N_(
        "Demo: the same sample through a layer again and again. In train mode the "
        "output changes from call to call; in eval mode it is always the same."
    )
    return Demo(lambda layer, calls: draw(layer, layers[layer], calls), controls, words)


def _checked(layer: nn.Module) -> str:
    if not isinstance(layer, nn.Module):
        raise CourseError(
            N_("modes needs a layer, a module, not {layer!r:.60}.", layer=layer)
        )
    with taken_by(N_("The layer must take a batch (B, 6)")):
        output = run(layer, 1, train=False).outputs
    if output.shape != (1, FEATURES):
        raise CourseError(N_("The layer must give (B, 6) for a batch (B, 6)."))
    return fit(" ".join(repr(layer).split()), 420)


def ready(name: str) -> nn.Module:
    """One of `LAYERS`; BatchNorm has running statistics as after some training."""
    if name.startswith("Dropout"):
        return nn.Dropout(float(name[len("Dropout(p=") : -1]))
    layer = nn.BatchNorm1d(FEATURES)
    layer.running_mean.fill_(1.0)
    layer.running_var.fill_(4.0)
    return layer


def run(layer: nn.Module, calls: int, train: bool) -> Calls:
    """Call a copy of a layer; a batch holds the sample and three others, which are new
    in each call. The global random state is left as it was."""
    layer = copy.deepcopy(layer).cpu().train(train)
    outputs = torch.empty(calls, FEATURES)
    batch = torch.empty(0, FEATURES)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        for call in range(calls):
            others = 1 + 2 * torch.randn(COMPANIONS, FEATURES)
            batch = torch.cat([torch.tensor([SAMPLE]), others])
            output = layer(batch)
            if not isinstance(output, Tensor) or output.shape != batch.shape:
                raise CourseError(N_("The layer must give (B, 6) for a batch (B, 6)."))
            outputs[call] = output[0]
    means = [m for m in layer.modules() if getattr(m, "running_mean", None) is not None]
    running = (means[0].running_mean, means[0].running_var) if means else None
    return Calls(outputs, batch, running)


def draw(name: str, layer: nn.Module, calls: int) -> Picture:
    """The input on top, one row a call below, the mean of all calls at the bottom; and
    at the right, what the layer computes with."""
    sides = {mode: run(layer, calls, mode == "train") for mode in ("train", "eval")}
    sentences = [f"{mode} mode, {_different(c)}" for mode, c in sides.items()]
    alt = f"{name} with the same input: {'; '.join(sentences)}."
    width = FEATURES * CELL
    picture = Picture(BESIDE + FEATURES * SMALL + 4, TOP + (CALLS + 1) * ROW + 68, alt)
    picture.sharpness = 1  # so many numbers make a large file
    picture.text(4, 20, f"layer = nn.{name}" if name in LAYERS else name, 14, mono=True)
    keys = [
        Key("another value than in the call before", NOW),
        Key("dropped: 0", PAPER, hatch=True),
    ]
    legend(picture, 4, 48, keys)
    for label, row in (("input", -1), ("mean", CALLS + 0.4)):
        picture.text(LEFT - 8, TOP + row * ROW + 18, label, 13, "end", bold=True)
    for call in range(calls):
        picture.text(LEFT - 8, TOP + call * ROW + 18, f"call {call + 1}", 13, "end")
    for place, (mode, side) in enumerate(sides.items()):
        _side(picture, LEFT + place * (width + GAP), mode, side)
    _beside(picture, layer, sides["train"])
    return picture


def _different(side: Calls) -> str:
    outputs = len(side.outputs.unique(dim=0))
    return (
        f"{counted(len(side.outputs), 'call')}, {counted(outputs, 'different output')}"
    )


def _side(picture: Picture, x: float, mode: str, side: Calls) -> None:
    picture.text(x, TOP - ROW - 10, f"layer.{mode}()", 15, mono=True, bold=True)
    _row(picture, x, TOP - ROW, torch.tensor(SAMPLE), fill=PANEL)
    before = None
    for call, output in enumerate(side.outputs):
        _row(picture, x, TOP + call * ROW, output, before)
        before = output
    bottom = TOP + (CALLS + 0.4) * ROW
    if len(side.outputs):
        _row(picture, x, bottom, side.outputs.mean(dim=0), fill=PANEL)
    picture.text(x, bottom + ROW + 20, _different(side), 14, bold=True)
    if side.running is not None:
        mean = f"running_mean[0] was 1.00, is {side.running[0][0].item():.2f}"
        if mode == "eval":
            mean = f"running_mean[0] is {side.running[0][0].item():.2f}, as it was"
        picture.text(x, bottom + ROW + 40, mean, 13)


def _row(picture: Picture, x, y, values: Tensor, before=None, fill=None) -> None:
    """Six values; those that differ from `before` stand out, zeros are striped."""
    cells = []
    for i, value in enumerate(values.tolist()):
        changed = before is not None and value != before[i].item()
        color = fill or (NOW if changed else PAPER)
        text = "0" if value == 0 else f"{value:.2f}"
        cells.append(Cell(text, color, value == 0 and fill is None, bold=changed))
    grid(picture, x, y, [cells], CELL, ROW)


def _beside(picture: Picture, layer: nn.Module, side: Calls) -> None:
    """The batch and its statistics for BatchNorm, the rule for Dropout."""
    y = TOP - ROW - 10
    if side.running is None:
        for line, words in enumerate(_rule(layer)):
            picture.text(BESIDE, y + 22 * line, words, 13)
        return
    if not len(side.batch):
        return
    parts = {
        "the batch; in bold the sample": side.batch,
        "mean of the batch": side.batch.mean(0)[None],
        "deviation of the batch": side.batch.std(0, correction=0)[None],
    }
    for name, values in parts.items():
        picture.text(BESIDE, y, name, 12, width=FEATURES * SMALL)
        cells = [[Cell(f"{v:.1f}", PANEL) for v in row] for row in values.tolist()]
        for cell in cells[0]:
            cell.bold = len(cells) > 1
        grid(picture, BESIDE, y + 8, cells, SMALL, 21)
        y += 26 + 21 * len(cells)
    for words in ("train: (x − mean) / deviation,", "eval: with the running ones"):
        picture.text(BESIDE, y + 4, words, 13)
        y += 19


def _rule(layer: nn.Module) -> tuple[str, ...]:
    if not isinstance(layer, nn.Dropout) or layer.p >= 1:
        return ()
    first, kept = SAMPLE[0], 1 - layer.p
    return (
        f"train: 0 with p = {layer.p:g},",
        f"else divided by 1 − p = {kept:g}:",
        f"{first:g} / {kept:g} = {first / kept:.2f}.",
        "The mean stays near the input.",
        "",
        "eval: the input itself.",
    )
