"""The module explorer: the tree of any module, and what each layer gives."""

from __future__ import annotations

import math

import ipywidgets as widgets
from torch import Tensor, nn

from course_utils.data import Digits
from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.pictures.activations import draw_output, draw_photo
from course_utils.pictures.layers import Layer, trace, visible
from course_utils.pictures.palette import DATA, INK, LINE, PANEL, SOFT
from course_utils.pictures.svg import Picture, text_width

from .base import Demo, slider
from .blame import plain_errors, taken_by
from .digit_model import digit_model

ROW, TREE, SIDE, ROWS, HEIGHT = 22, 560, 276, 16, 430
NAME, SHAPE, BOX, COUNT = 10, 248, 402, 548  # where columns begin; COUNT: ends


@plain_errors
def module_explorer(
    module: nn.Module | None = None, inputs: Tensor | None = None, depth: int = 1
) -> Demo:
    """Walk through a module's layers, for an input one picks.

    module: any module that takes one batch; without one, a small trained network.
    inputs: a batch `(N, …)` to pick from; without one, 40 digits `(40, 1, 8, 8)`.
    depth: how deep the tree is open at the start.
    The module runs on one input at a time, in eval mode, and is left as it was.
    Raises CourseError for what is no module, or does not take such an input.
    """
    module = digit_model() if module is None else module
    inputs = Digits(train=False).images[:40] if inputs is None else inputs
    if not isinstance(module, nn.Module):
        raise CourseError(
            N_("module_explorer needs a module, not {module!r:.60}.", module=module)
        )
    if not (isinstance(inputs, Tensor) and inputs.dim() and len(inputs)):
        raise CourseError(N_("The inputs must be one tensor, a batch (N, …)."))
    traces: dict[int, list[Layer]] = {}

    def layers(index: int) -> list[Layer]:
        if index not in traces:
            traces.clear()
            device = next((p.device for p in module.parameters()), inputs.device)
            x = inputs[index : index + 1].to(device)
            with taken_by(
                N_("The module does not take an input {value}", value=tuple(x.shape))
            ):
                traces[index] = trace(module, x)
        return traces[index]

    def draw(layer: int, depth: int, index: int) -> Picture:
        rows = visible(layers(index), depth)
        return explorer_picture(rows, min(layer, len(rows) - 1), inputs[index], index)

    controls = _controls(layers(0), depth, len(inputs))
    words = N_(
        "Module explorer: a module's layers, their parameters and what they give."
    )
    return Demo(draw, controls, words)


def _controls(layers: list[Layer], depth: int, count: int) -> dict[str, widgets.Widget]:
    """Sliders for layer, depth and input; folding keeps to the chosen layer."""
    deepest = max(layer.depth for layer in layers)
    opened = slider("depth", min(depth, deepest), 0, deepest)
    paths = [layer.path for layer in visible(layers, opened.value)]
    chosen = slider("layer", min(1, len(paths) - 1), 0, len(paths) - 1)

    def fold(change) -> None:
        before = [layer.path for layer in visible(layers, change["old"])][chosen.value]
        after = [layer.path for layer in visible(layers, change["new"])]
        while before not in after:
            before = before.rpartition(".")[0]
        chosen.max = max(len(after) - 1, chosen.max)
        chosen.value = after.index(before)
        chosen.max = len(after) - 1

    opened.observe(fold, "value")
    return {"layer": chosen, "depth": opened, "index": slider("input", 0, 0, count - 1)}


def explorer_picture(
    layers: list[Layer], chosen: int, x: Tensor, index: int = 0
) -> Picture:
    """The tree of `layers` with one of them chosen, and its output beside it.

    x: the input `(…)` they were given; it is drawn above the output.
    """
    layer = layers[chosen]
    first = max(0, min(chosen - ROWS // 2, len(layers) - ROWS))
    shown = layers[first : first + ROWS]
    alt = (
        f"Layer {_called(layer)}: {layer.kind}, {layer.parameters:,} parameters, "
        f"output {layer.shape}; input {index}; {len(layers)} layers in the tree."
    )
    picture = Picture(TREE + SIDE, HEIGHT, alt)
    picture.colors = 48  # grays, mostly: a smaller file
    picture.sharpness = 1  # lesson 03 holds several large ones
    for column, name, anchor in (
        (NAME, "layer", "start"),
        (SHAPE, "output shape", "start"),
        (BOX, "maps", "start"),
        (COUNT, "parameters", "end"),
    ):
        picture.text(column, 18, name, 12, anchor, SOFT)
    picture.line(0, 26, COUNT + 6, 26, width=1)
    heights = _heights(layers, x.shape[-2] if x.dim() == 3 else 1)
    tallest = max(
        (r.shape[2] for r in layers if r.shape and len(r.shape) == 4), default=1
    )
    for number, row in enumerate(shown, first):
        y = 30 + (number - first) * ROW
        inside = number + 1 < len(layers) and layers[number + 1].depth > row.depth
        _row(picture, y, row, row is layer, inside)
        _box(picture, y, row, heights[number], tallest, row is layer)
        picture.rect(1, y, COUNT + 5, ROW, "transparent", data_click=f"layer={number}")
    _more(picture, 30 + len(shown) * ROW + 18, first, len(layers) - first - len(shown))
    if tallest > 1:
        words = "maps: a box as wide as C and as high as H; ÷2: here H and W are halved"
        picture.text(NAME, HEIGHT - 8, words, 12, fill=SOFT)
    _side(picture, layer, x, index)
    return picture


def _heights(layers: list[Layer], first: int) -> list[int]:
    """For each layer, the smallest height H of any map before it: `first`, or less."""
    heights, low = [], first
    for layer in layers:
        heights.append(low)
        if layer.path and layer.shape and len(layer.shape) == 4:
            low = min(low, layer.shape[2])
    return heights


def _box(picture: Picture, y: float, layer: Layer, before: int, tallest: int, chosen):
    """A layer's maps `(N, C, H, W)` as a box, and where H and W become less."""
    if not layer.path or layer.shape is None or len(layer.shape) != 4:
        return
    _, channels, high, _ = layer.shape
    tall = max(2.0, (ROW - 4) * min(1.0, high / max(1, tallest)))
    wide = 4 + 4 * math.log2(max(1, channels))
    picture.rect(BOX, y + (ROW - tall) / 2, wide, tall, DATA, LINE, 1)
    if 0 < high < before:
        less = f"÷{before / high:.1f}".removesuffix(".0")
        picture.text(BOX + 44, y + 15, less, 12, fill=INK if chosen else SOFT)


def _called(layer: Layer) -> str:
    return layer.path or "the module itself"


def _row(picture: Picture, y: float, layer: Layer, chosen: bool, inside: bool) -> None:
    """One line of the tree: a mark, the name, the class, the shape, the count."""
    if chosen:
        picture.rect(1, y, COUNT + 5, ROW, PANEL, INK, stroke_width=1.5)
    soft = INK if chosen else SOFT  # which is hard to read on the panel
    mark = "•" if layer.leaf else "▾" if inside else "▸"
    x, base = NAME + 14 * layer.depth, y + 15
    picture.text(x, base, mark, 12, fill=soft)
    name = layer.name or layer.kind
    picture.text(x + 14, base, name, 13, mono=True, bold=chosen)
    if layer.path:
        after = x + 22 + text_width(name, 13, mono=True, bold=chosen)
        picture.text(after, base, layer.kind, 12, fill=soft, width=SHAPE - after - 6)
    shape = "does not run" if layer.shape is None else str(layer.shape)
    if layer.calls > 1:
        shape += f" ×{layer.calls}"
    picture.text(SHAPE, base, shape, 12, mono=layer.shape is not None, width=150)
    picture.text(COUNT, base, _count(layer), 12, "end", mono=True)


def _count(layer: Layer) -> str:
    if not layer.parameters:
        return "–"
    frozen = layer.parameters - layer.trainable
    return f"{layer.parameters:,}" + (
        "" if not frozen else " frozen" if not layer.trainable else " part"
    )


def _more(picture: Picture, y: float, above: int, below: int) -> None:
    words = [f"{above} more above"] * bool(above) + [f"{below} more below"] * bool(
        below
    )
    if words:
        picture.text(NAME, y, "… " + ", ".join(words), 12, fill=SOFT)


def _side(picture: Picture, layer: Layer, x: Tensor, index: int) -> None:
    """The input above, the chosen layer's output below."""
    left, width = TREE + 14, SIDE - 16
    picture.line(TREE, 6, TREE, picture.height - 6, LINE, 1)
    picture.text(left, 18, f"input {index}: {tuple(x.shape)}", 12, mono=True)
    if x.dim() == 3 and len(x) == 3:
        draw_photo(picture, x.float().cpu(), left, 26, 128)
    else:
        draw_output(picture, x.cpu(), left, 28, width, 122)
    title = f"what {_called(layer)} gives ({layer.kind})"
    picture.text(left, 178, title, 13, bold=True, width=width)
    if layer.output is None:
        nothing = "no tensor" if layer.calls else "nothing: it does not run by itself"
        picture.text(left, 200, nothing, 12, fill=SOFT)
        return
    shape = str(layer.shape)
    if len(layer.shape) > 2 and layer.shape[1] > len(layer.output):
        shape += f", {len(layer.output)} of {layer.shape[1]}"
    picture.text(left, 198, shape, 12, mono=True, width=width)
    draw_output(picture, layer.output, left, 208, width, HEIGHT - 212)
