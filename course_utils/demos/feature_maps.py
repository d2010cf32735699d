"""Feature maps: what each layer of a convolutional network makes of a digit."""

from __future__ import annotations

from torch import Tensor, nn

from course_utils.data import Digits
from course_utils.pictures.activations import draw_bars, draw_maps
from course_utils.pictures.layers import Layer, trace
from course_utils.pictures.svg import LINE, SOFT, Picture

from .base import Demo, slider
from .digit_model import digit_model

LEFT, WIDE, TALL, SCORES = 132, 560, 68, 250


def feature_maps(model: nn.Module | None = None) -> Demo:
    """One digit on its way through a network `(B, 1, 8, 8)` to `(B, classes)`.

    model: a network for the digits; without one, a small one that is trained here.
    """
    model = digit_model() if model is None else model
    digits = Digits(train=False)

    def draw(index: int) -> Picture:
        image, label = digits[index]
        device = next((p.device for p in model.parameters()), image.device)
        return maps_picture(image, label, trace(model, image[None].to(device)))

    controls = {"index": slider("digit", 0, 0, len(digits) - 1)}
    words = "Feature maps: one digit on its way through a convolutional network."
    return Demo(draw, controls, words)


def maps_picture(image: Tensor, label: int, layers: list[Layer]) -> Picture:
    """The image `(1, H, W)`, a row of maps for each layer, the scores at the right."""
    rows = [layer for layer in layers if layer.leaf and layer.output is not None]
    rows = [layer for layer in rows if layer.output.dim() == 3]
    scores = layers[0].output.tolist()
    best = max(range(len(scores)), key=scores.__getitem__)
    alt = (
        f"A {label} on its way through {len(rows)} layers of maps; "
        f"the largest score is that of class {best}."
    )
    picture = Picture(LEFT + WIDE + 20 + SCORES, 330, alt)
    bottom = _maps(picture, 10, "input", image)
    for layer in rows:
        bottom = _maps(picture, bottom, f"{layer.path} {layer.kind}", layer.output)
    picture.sharpness = 1.5
    picture.height = max(330, round(bottom))
    x = LEFT + WIDE + 10
    picture.line(x, 8, x, picture.height - 8, LINE, 1)
    picture.text(x + 12, 20, f"scores: {best}, it is a {label}", 13, bold=True)
    draw_bars(picture, scores, x + 10, 34, SCORES, 26 * len(scores))
    return picture


def _maps(picture: Picture, y: float, name: str, maps: Tensor) -> float:
    """One row: name, shape and range of a layer, its maps; returns where it ends."""
    low, high = maps.min().item(), maps.max().item()
    size = "×".join(map(str, maps.shape))
    picture.text(4, y + 14, name, 13, bold=True, width=LEFT - 10)
    picture.text(4, y + 32, size, 12, mono=True)
    picture.text(4, y + 49, f"{low:.2f} … {high:.2f}", 12, fill=SOFT)
    bottom = draw_maps(picture, maps, LEFT, y, WIDE, TALL, low, high)
    return max(bottom, y + 54) + 8
