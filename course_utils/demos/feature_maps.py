"""Feature maps: what each layer of a convolutional network makes of a digit."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course_utils.data import Digits
from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.pictures.activations import draw_bars, draw_map, draw_maps
from course_utils.pictures.layers import Layer, trace, untouched
from course_utils.pictures.palette import LINE, SOFT
from course_utils.pictures.parts import Cell, frame, grid, outline
from course_utils.pictures.svg import Picture

from .base import Demo, slider
from .blame import plain_errors, taken_by
from .convolution import signed
from .digit_model import digit_model

LEFT, WIDE, ROW, TOP, PANEL = 126, 448, 50, 8, 250
ROWS = 7  # of layers, at most
SIDE = 96  # of the small image that shows where a map looks


@plain_errors
def feature_maps(model: nn.Module | None = None) -> Demo:
    """One digit on its way through a network `(B, 1, 8, 8)` to `(B, classes)`.

    model: a network for the digits; without one, a small one that is trained here.
    Raises CourseError for what is no such network.
    """
    model = digit_model() if model is None else model
    if not isinstance(model, nn.Module):
        raise CourseError(
            N_("feature_maps needs a module, not {model!r:.60}.", model=model)
        )
    digits = Digits(train=False)
    device = next((p.device for p in model.parameters()), torch.device("cpu"))

    def layers(image: Tensor) -> list[Layer]:
        with taken_by(N_("The model does not take a digit, (1, 1, 8, 8)")):
            traced = trace(model, image[None].to(device))
        if traced[0].output is None or traced[0].output.dim() != 1:
            raise CourseError(
                N_("The model must give scores, (B, classes), for digits.")
            )
        return traced

    first = layers(digits[0][0])
    rows = with_maps(first)
    if not rows:
        raise CourseError(N_("No layer of this model gives maps, (B, C, H, W)."))

    def draw(index: int, layer: int, channel: int) -> Picture:
        image, label = digits[index]
        traced = layers(image)
        chosen = with_maps(traced)[layer]
        channel = min(channel, len(chosen.output) - 1)
        place = divmod(chosen.output[channel].argmax().item(), chosen.output.shape[2])
        looks = seen(model, chosen.path, channel, place, image.to(device))
        module = model.get_submodule(chosen.path)
        picture = maps_picture(image, label, traced, layer, channel)
        _looks(picture, chosen, channel, image, looks, module)
        return picture

    most = max(len(layer.output) for layer in rows)
    controls = {
        "index": slider("digit", 0, 0, len(digits) - 1),
        "layer": slider("layer", 0, 0, len(rows) - 1),
        "channel": slider("map", min(2, most - 1), 0, most - 1),
    }
    words = N_("Feature maps: one digit on its way through a convolutional network.")
    return Demo(draw, controls, words)


def with_maps(layers: list[Layer]) -> list[Layer]:
    """The layers without layers of their own that give maps `(C, H, W)`."""
    leaves = (layer for layer in layers if layer.leaf and layer.output is not None)
    return [layer for layer in leaves if layer.output.dim() == 3]


def seen(
    model: nn.Module, path: str, channel: int, place: tuple[int, int], image: Tensor
) -> Tensor:
    """Which pixels `(H, W)` of an image `(1, H, W)` can change one value of a layer.

    Found by changing each pixel in turn, to far more and to far less.
    """
    pixels = image.numel()
    images = image.repeat(1 + 2 * pixels, 1, 1, 1)  # (1 + 2 H W, 1, H, W)
    flat = images.view(len(images), -1)
    for number in range(pixels):
        flat[1 + number, number] += 9.0
        flat[1 + pixels + number, number] -= 9.0
    outputs: list[Tensor] = []
    layer = model.get_submodule(path)
    hook = layer.register_forward_hook(lambda m, i, out: outputs.append(out.clone()))
    try:
        with untouched(model):
            model(images)
    finally:
        hook.remove()
    values = outputs[-1][:, channel, place[0], place[1]]
    changed = (values[1:] - values[0]).abs() > 1e-6
    return changed.view(2, *image.shape[1:]).any(0).cpu()


def maps_picture(
    image: Tensor, label: int, layers: list[Layer], chosen: int, channel: int
) -> Picture:
    """The image `(1, H, W)`, a row of maps for each layer, the scores at the right."""
    rows = with_maps(layers)
    scores = layers[0].output.tolist()
    best = max(range(len(scores)), key=scores.__getitem__)
    alt = (
        f"A {label} on its way through {len(rows)} layers of maps; "
        f"the largest score is that of class {best}. "
        f"Map {channel} of layer {rows[chosen].path}."
    )
    first = max(0, min(chosen - ROWS // 2, len(rows) - ROWS))
    shown = rows[first : first + ROWS]
    height = max(TOP + (len(shown) + 1) * ROW, 370)
    picture = Picture(LEFT + WIDE + PANEL + 16, height, alt)
    picture.colors = 48  # grays, mostly: a smaller file
    picture.sharpness = 1  # lesson 03 holds several large ones
    _maps(picture, TOP, "input", image, None)
    for place, layer in enumerate(shown, first):
        y = TOP + (1 + place - first) * ROW
        boxes = _maps(picture, y, f"{layer.path} {layer.kind}", layer.output, place)
        if place == chosen:
            frame(picture, *boxes[channel])
    if first or first + ROWS < len(rows):
        words = f"layers {first} to {first + len(shown) - 1} of {len(rows)}"
        picture.text(LEFT + 70, TOP + 20, words, 12, fill=SOFT)
    x, top = LEFT + WIDE + 12, 196
    picture.line(x - 6, 8, x - 6, height - 8, LINE, 1)
    picture.text(x, top, f"scores: {best}, it is a {label}", 13, bold=True)
    shortest = 15 * len(scores)
    draw_bars(picture, scores, x - 8, top + 8, PANEL, min(shortest, height - top - 12))
    return picture


def _maps(picture: Picture, y: float, name: str, maps: Tensor, layer: int | None):
    """One row: name, shape and range of a layer, its maps; returns their boxes."""
    low, high = maps.min().item(), maps.max().item()
    size = "×".join(map(str, maps.shape))
    picture.text(4, y + 12, name, 13, bold=True, width=LEFT - 10)
    picture.text(4, y + 27, size, 12, mono=True)
    picture.text(4, y + 42, f"{low:.2f} … {high:.2f}", 12, fill=SOFT)
    boxes = draw_maps(picture, maps, LEFT, y, WIDE, ROW, low, high)
    for channel, box in enumerate(boxes if layer is not None else ()):
        picture.rect(*box, "transparent", data_click=f"layer={layer} map={channel}")
    return boxes


def _looks(
    picture: Picture, layer: Layer, channel: int, image: Tensor, pixels: Tensor, module
) -> None:
    """The chosen map's kernel, and the pixels that its strongest value depends on."""
    x = LEFT + WIDE + 12
    title = f"map {channel} of {layer.path} {layer.kind}"
    picture.text(x, 18, title, 13, bold=True, width=PANEL - 4)
    draw_map(picture, image[0], x, 28, SIDE, SIDE, 0.0, 1.0)
    cell = SIDE / image.shape[2]
    outline(picture, x, 28, cell, pixels)
    strongest = layer.output[channel].max().item()
    count = int(pixels.sum())
    picture.text(x, 140, f"its largest value, {strongest:.2f}, depends on", 12)
    picture.text(
        x, 155, f"the {count} of {pixels.numel()} pixels with a line round", 12
    )
    left = x + SIDE + 12
    weight = getattr(module, "weight", None)
    if weight is None or weight.dim() != 4:
        for line, words in enumerate(
            ("no kernel:", f"{layer.kind} works", "on the maps above")
        ):
            picture.text(left, 44 + 17 * line, words, 12, fill=SOFT)
        return
    kernels = weight[channel].detach().cpu()  # (C_in, kH, kW)
    high = kernels.abs().max().item()
    if len(kernels) == 1:
        cells, small = signed(kernels[0], high), kernels.shape[2] > 3
        cells = [[Cell("" if small else c.text, c.fill) for c in r] for r in cells]
        grid(picture, left, 28, cells, SIDE / max(kernels.shape[1:]))
        return
    shown = kernels[:16]
    side = 30 / kernels.shape[2]
    for number, kernel in enumerate(shown):
        row, column = divmod(number, 4)
        cells = [[Cell("", c.fill) for c in cells] for cells in signed(kernel, high)]
        grid(picture, left + column * 33, 28 + row * 33, cells, side)
    below = 28 + 33 * -(-len(shown) // 4)
    words = f"{len(kernels)} kernels, added up"
    picture.text(left, max(below + 12, 104), words, 12, fill=SOFT)
