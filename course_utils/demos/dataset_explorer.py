"""The dataset explorer: what an index gives, without and with a transform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torchvision.transforms import v2

from course_utils.data import Digits
from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.pictures.activations import draw_map, draw_photo
from course_utils.pictures.palette import NOW, SOFT
from course_utils.pictures.parts import counted, grid, outline, shaded
from course_utils.pictures.svg import Picture

from .base import Demo, choice, slider
from .blame import plain_errors

TRANSFORMS: dict[str, Callable | None] = {
    "off": None,
    "Normalize([0.5], [0.5])": v2.Normalize([0.5], [0.5]),
    "CenterCrop(6)": v2.CenterCrop(6),
    "RandomHorizontalFlip(p=1)": v2.RandomHorizontalFlip(p=1),
}
SIDE, LEFT, RIGHT, TOP = 272, 6, 426, 74
NUMBERS = 12  # pixels a side; a larger image is drawn without its numbers


@plain_errors
def dataset_explorer(
    dataset: Sequence | None = None, transform: Callable | None = None
) -> Demo:
    """Walk through a dataset by index, with a transform on or off.

    dataset: gives `(image, label)` for an index, the image a tensor `(1, H, W)` or
    `(3, H, W)`; without it, the digits. transform: one more to choose, a function of
    such an image. Raises CourseError for a dataset of another kind.
    """
    stored_in = Digits() if dataset is None else dataset
    first = sample(stored_in, 0)
    transforms = dict(TRANSFORMS)
    if transform is not None:
        transforms[_name(transform)] = transform
    elif first[0].shape[0] != 1:
        transforms.pop("Normalize([0.5], [0.5])")

    def draw(index: int, transform: str) -> Picture:
        image, label = sample(stored_in, index)
        given = _transformed(transforms[transform], image, index)
        call = f"{type(stored_in).__name__}, {counted(len(stored_in), 'sample')}"
        return explorer_picture(call, index, transform, image, given, label)

    begin = _name(transform) if transform else "RandomHorizontalFlip(p=1)"
    controls = {
        "index": slider("index", min(2, len(stored_in) - 1), 0, len(stored_in) - 1),
        "transform": choice(
            "transform", transforms, value=begin, layout={"width": "23em"}
        ),
    }
    words = N_(
        "Dataset explorer: a stored digit, its transform, and the sample it gives."
    )
    return Demo(draw, controls, words)


def sample(dataset: Sequence, index: int) -> tuple[Tensor, Any]:
    """An image `(C, H, W)` and its label; CourseError where there is no such thing."""
    if not (hasattr(dataset, "__len__") and hasattr(dataset, "__getitem__")):
        kind = type(dataset).__name__
        raise CourseError(
            N_("A {kind} is no dataset: it needs __len__ and __getitem__.", kind=kind)
        )
    if not len(dataset):
        raise CourseError(N_("The dataset has no sample to look at."))
    image, label = _pair(dataset[index])
    if not (isinstance(image, Tensor) and image.dim() == 3 and len(image) in (1, 3)):
        kind = tuple(image.shape) if isinstance(image, Tensor) else type(image).__name__
        raise CourseError(
            N_(
                "The explorer draws images as tensors (1, H, W) or (3, H, W), "
                "not {kind}.",
                kind=kind,
            )
        )
    return image.detach().float().cpu(), label


def _pair(given) -> tuple:
    if not (isinstance(given, tuple) and len(given) == 2):
        raise CourseError(N_("The explorer needs a dataset that gives (image, label)."))
    return given


def _name(transform: Callable) -> str:
    return getattr(transform, "__name__", None) or repr(transform).partition("\n")[0]


def _transformed(transform: Callable | None, image: Tensor, index: int) -> Tensor:
    """What a transform makes of an image, always the same for the same index."""
    if transform is None:
        return image
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(index + 1)
        made = transform(image.clone())
    if not (isinstance(made, Tensor) and made.dim() == 3):
        raise CourseError(N_("The transform must give a tensor (C, H, W) again."))
    return made.detach().float()


class Change(NamedTuple):
    """What a transform did: pixels `(H, W)` that are others than before, the words for
    it, and where in the image before a part was cut out unchanged: top and left."""

    other: Tensor
    words: tuple[str, str]
    cut: tuple[int, int] | None = None


def change(before: Tensor, after: Tensor) -> Change:
    """Compare an image `(C, H, W)` with what a transform made of it."""
    (_, high, wide), (_, rows, columns) = before.shape, after.shape
    if after.shape == before.shape:
        other = (before != after).any(0)
        number = int(other.sum())
        share = (f"{number} of {high * wide}", "pixels changed")
        return Change(other, share if number else ("", "the same"))
    for top, left in product(range(high - rows + 1), range(wide - columns + 1)):
        if torch.equal(before[:, top : top + rows, left : left + columns], after):
            share = (f"{rows * columns} of {high * wide}", "pixels kept")
            return Change(torch.zeros(rows, columns), share, (top, left))
    return Change(torch.ones(rows, columns), ("", "another shape"))


def explorer_picture(
    call: str, index: int, transform: str, stored: Tensor, image: Tensor, label: object
) -> Picture:
    """The image `(C, H, W)` without the transform beside the one with it."""
    done = change(stored, image)
    alt = f"Sample {index}: {facts(image)}; label {label}; transform {transform}: "
    alt += " ".join(done.words).strip()
    picture = Picture(RIGHT + SIDE + 24, TOP + SIDE + 56, f"{alt}.")
    picture.text(LEFT, 20, f"image, label = dataset[{index}]", 14, mono=True, bold=True)
    picture.text(RIGHT, 20, call, 13, fill=SOFT)
    side = SIDE / max(*stored.shape[1:], *image.shape[1:])
    top, left = done.cut or (0, 0)
    for x, name, pixels in (
        (LEFT, "without a transform", stored),
        (RIGHT, f"transform: {transform}", image),
    ):
        picture.text(x, TOP - 12, name, 14, width=SIDE + 20)
        picture.text(x, TOP + SIDE + 22, facts(pixels), 13, mono=True)
    _pixels(picture, LEFT, TOP, side, stored, torch.zeros_like(stored[0]))
    corner = RIGHT + left * side, TOP + top * side
    _pixels(picture, *corner, side, image, done.other)
    if done.cut:
        rows, columns = image.shape[1:]
        box = (LEFT + left * side, TOP + top * side, columns * side, rows * side)
        picture.rect(*box, "none", NOW, 0, stroke_width=4)
    middle, between = TOP + SIDE / 2, (LEFT + SIDE + RIGHT) / 2
    picture.line(LEFT + SIDE + 12, middle, RIGHT - 12, middle, width=2, arrow=True)
    for y, words in zip((middle - 28, middle - 12), done.words, strict=True):
        picture.text(between, y, words, 13, "middle", bold=True)
    kind = f"label = {label}   ({type(label).__name__})"
    picture.text(LEFT, TOP + SIDE + 46, kind, 13, mono=True, width=SIDE + 100)
    return picture


def facts(image: Tensor) -> str:
    """Shape, dtype and range of an image, in one line."""
    low, high = image.min().item(), image.max().item()
    shape, kind = tuple(image.shape), str(image.dtype).removeprefix("torch.")
    return f"{shape} {kind}, {low:.2f} to {high:.2f}"


def _pixels(picture: Picture, x, y, side: float, image: Tensor, outlined: Tensor):
    """An image, dark where it is low, `side` picture pixels a pixel; with its numbers,
    and a frame round `outlined`, where it is small."""
    channels, rows, columns = image.shape
    low, high = min(0.0, image.min().item()), max(1.0, image.max().item())
    if channels == 3:
        draw_photo(picture, image, x, y, side * rows)
    elif max(rows, columns) > NUMBERS:
        draw_map(picture, image[0], x, y, side * columns, side * rows, low, high)
    else:
        low = -1.0 if low < 0 else 0.0
        grid(picture, x, y, shaded(image[0].tolist(), low, high), side)
        outline(picture, x, y, side, outlined)
