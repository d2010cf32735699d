"""Still pictures of samples: put together in batches, loaded, and split."""

from __future__ import annotations

from .palette import DATA, LINE, PANEL, SOFT, TRUTH, ink_on
from .parts import Cell, grid
from .svg import Picture

CELL, FEATURES, SAMPLES = 18, 13, 4  # pixels; lesson 01's wines


def collating() -> Picture:
    """How four samples become a batch: as a Tensor, a tuple, a dict, side by side."""
    alt = "Samples as a Tensor, a tuple and a dict; a batch keeps the form and stacks."
    picture = Picture(740, 306, alt)
    forms = {
        "Tensor": {"": ""},
        "(Tensor, Tensor)": {"first": "", "second": ""},
        "{key: Tensor}": {"features": '"features"', "label": '"label"'},
    }
    for i, (form, parts) in enumerate(forms.items()):
        x = 4 + i * 250
        picture.text(x, 18, form, 14, bold=True, mono=True)
        picture.text(x, 40, f"{SAMPLES} samples", 13, fill=SOFT)
        _stack(picture, x, 50, 6, len(parts))
        picture.line(x + 52, 152, x + 52, 178, width=2, arrow=True)
        picture.text(x + 66, 170, "default_collate", 13, mono=True)
        _stack(picture, x, 188, 0, len(parts))
        for column, key in enumerate(parts.values()):
            shape = (f"({SAMPLES}, {FEATURES})", f"({SAMPLES},)")[column]
            picture.text(x + 134 * column, 281, shape, 13, mono=True)
            picture.text(x + 134 * column, 299, key, 12, mono=True, fill=SOFT)
    return picture


def _stack(picture: Picture, x: float, y: float, gap: float, parts: int) -> None:
    """The samples' features, `gap` pixels apart, and their labels if there are two."""
    for row in range(SAMPLES):
        top = y + row * (CELL + gap)
        grid(picture, x, top, [[Cell("", DATA)] * FEATURES], 9, CELL)
        if parts == 2:
            grid(picture, x + 134, top, [[Cell("", TRUTH, hatch=True)]], CELL)


def loading(files: int = 12, asked: tuple[int, ...] = (0, 4, 8)) -> Picture:
    """What is in memory after a few samples: everything, or what was asked for."""
    alt = f"{files} files, {len(asked)} asked for: eager loads all, lazy only these."
    picture = Picture(130 + files * 40, 140, alt)
    for row, (name, loaded) in enumerate((("eager", range(files)), ("lazy", asked))):
        y = 8 + row * 56
        picture.text(4, y + 18, name, 14, bold=True)
        picture.text(4, y + 37, f"{len(loaded)} in memory", 13, fill=SOFT)
        for i in range(files):
            here, x = i in loaded, 126 + i * 40
            fill, dash = (DATA, None) if here else ("none", "4 3")
            picture.rect(x, y, 34, 42, fill, LINE, stroke_dasharray=dash)
            if i in asked:
                ink = ink_on(fill)
                picture.text(x + 17, y + 26, f"[{i}]", 13, "middle", ink, mono=True)
    words = (
        "solid: opened and in memory · dashed: only its name is known · [i]: asked for"
    )
    picture.text(126, 130, words, 12, fill=SOFT)
    return picture


def splits() -> Picture:
    """Five copies each of ten pictures, a fifth held back: by row, or by original."""
    by_row = {(copy, (3 * copy + 4 * k) % 10) for copy in range(5) for k in range(2)}
    by_original = {(copy, original) for copy in range(5) for original in (8, 9)}
    alt = (
        "Split by row, test rows have copies in training; split by original, none has."
    )
    picture = Picture(732, 222, alt)
    for left, name, held in (
        (4, "split by row", by_row),
        (390, "split by original", by_original),
    ):
        picture.text(left, 18, name, 14, bold=True)
        for original, letter in enumerate("ABCDEFGHIJ"):
            x = left + original * 34
            picture.text(x + 15, 42, letter, 13, "middle", SOFT)
            for copy in range(5):
                out = (copy, original) in held
                fill = TRUTH if out else PANEL
                picture.rect(x, 50 + copy * 24, 30, 20, fill, LINE, hatch=out)
        words = f"pictures on both sides: {both_sides(held)} of 10"
        picture.text(left, 190, words, 13)
    words = "a column: the five copies of one picture · striped: test · plain: training"
    picture.text(4, 211, words, 12, fill=SOFT)
    return picture


def both_sides(held: set[tuple[int, int]], copies: int = 5) -> int:
    """How many originals have a copy in the test and another one in training.

    held: pairs (copy, original) of the test.
    """
    tested = [original for _, original in held]
    return sum(0 < tested.count(original) < copies for original in set(tested))
