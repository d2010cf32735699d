"""A row of images, each with its caption."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import torch
from PIL import Image

from .palette import LINE
from .svg import Picture, attributes

GAP = 12


def image_row(
    images: Sequence[torch.Tensor | Image.Image],
    captions: Sequence[object],
    alt: str,
    side: int = 96,
) -> Picture:
    """Images side by side, each `side` pixels wide, with its caption below.

    images: PIL images, or tensors `(1, H, W)` or `(3, H, W)`: uint8, or floats, where
    what is outside [0, 1] is clipped.
    alt: the words for those who cannot see it; nbval compares them.
    """
    picture = Picture(len(images) * (side + GAP) + 4, side + 30, alt)
    for i, (image, caption) in enumerate(zip(images, captions, strict=True)):
        x = 2 + i * (side + GAP)
        draw_image(picture, as_pil(image), x, 2, side, side)
        picture.text(x + side / 2, side + 21, caption, 13, "middle", width=side + GAP)
    return picture


def as_pil(image: torch.Tensor | Image.Image) -> Image.Image:
    """A tensor `(1, H, W)` or `(3, H, W)` as a PIL image; a PIL image as it is."""
    if isinstance(image, Image.Image):
        return image
    if image.is_floating_point():
        image = (image.detach().cpu().clamp(0, 1) * 255).round().to(torch.uint8)
    pixels = image.cpu().permute(1, 2, 0).numpy()  # (H, W, C)
    return Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)


def draw_image(picture: Picture, image: Image.Image, x, y, width, height) -> None:
    """A PIL image in a box, each pixel a sharp square where it is enlarged."""
    rows, columns = image.height, image.width
    times = max(1, round(2 * width / columns))  # not every viewer keeps pixels sharp
    image = image.resize((columns * times, rows * times), Image.Resampling.NEAREST)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    href = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    box = dict(x=x, y=y, width=width, height=height)
    picture.parts.append(
        f'<image {attributes(**box, href=href)} preserveAspectRatio="none" '
        'image-rendering="optimizeSpeed"/>'
    )
    picture.rect(**box, fill="none", stroke=LINE, radius=0, stroke_width=0.75)
