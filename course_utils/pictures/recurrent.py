"""From letters to one vector: embedding, GRU, and where padding comes in."""

from __future__ import annotations

from course_utils.errors import CourseError
from course_utils.locale.again import N_

from .palette import DATA, GOOD, LEARNED, MODEL, PANEL, SOFT
from .parts import Cell, Key, draw_cell, grid, legend
from .svg import Picture

CELL, LEFT, STEP, TOP = 34, 96, 66, 60


def recurrent(*names: str) -> Picture:
    """A padded batch of names on its way through an embedding and a GRU.

    The GRU's last state is that of each name's last letter, not that of its padding.
    In a lesson: `recurrent("Rome", "Oslo", "Ur")`. Raises CourseError for anything but
    one to three names of one to eight letters.
    """
    names = names or ("Rome", "Ur")
    if not (1 <= len(names) <= 3 and all(1 <= len(name) <= 8 for name in names)):
        raise CourseError(N_("one to three names of one to eight letters each"))
    longest = max(map(len, names))
    alt = (
        f"{', '.join(names)} as a batch ({len(names)}, {longest}): each letter becomes "
    )
    alt += "a vector, and the GRU's state after the last letter stands for the name."
    width = LEFT + longest * STEP + 240
    block = 138
    picture = Picture(width, TOP + block * len(names) + 34, alt)
    picture.sharpness = 1
    keys = [
        Key("letter", DATA),
        Key("its vector", LEARNED),
        Key("GRU's state", MODEL),
        Key("padding", PANEL, hatch=True),
    ]
    legend(picture, 8, 24, keys)
    for row, name in enumerate(names):
        _name(picture, TOP + row * block, name, longest)
    y = TOP + block * len(names) + 14
    shapes = (
        f"({len(names)}, {longest}) → ({len(names)}, {longest}, E) → ({len(names)}, H)"
    )
    picture.text(8, y, shapes, 13, mono=True, bold=True)
    return picture


def _name(picture: Picture, top: float, name: str, longest: int) -> None:
    for y, words in ((24, "letters"), (64, "embedding"), (110, "GRU")):
        picture.text(8, top + y, words, 13, fill=SOFT)
    for place in range(longest):
        x = LEFT + place * STEP
        if place >= len(name):
            for y, high in ((6, 26), (44, 30), (92, 28)):
                draw_cell(picture, x, top + y, CELL, high, Cell("", PANEL, hatch=True))
            continue
        last = place == len(name) - 1
        draw_cell(picture, x, top + 6, CELL, 26, Cell(name[place], DATA, bold=True))
        picture.line(x + CELL / 2, top + 32, x + CELL / 2, top + 43, arrow=True)
        grid(picture, x, top + 44, [[Cell("", LEARNED)] * 3], CELL / 3, 30)
        picture.line(x + CELL / 2, top + 74, x + CELL / 2, top + 91, arrow=True)
        state = Cell(f"h{place + 1}", GOOD if last else MODEL, bold=last)
        draw_cell(picture, x, top + 92, CELL, 28, state)
        if place:
            picture.line(x - STEP + CELL, top + 106, x - 2, top + 106, arrow=True)
    x, right = LEFT + (len(name) - 1) * STEP, LEFT + longest * STEP
    y = top + 130
    picture.path(f"M{x + CELL / 2} {top + 120}V{y}H{right + 8}")
    picture.head(right + 14, y, 1, 0)
    words = f"{name}: its last state, h{len(name)}"
    picture.text(right + 20, y + 5, words, 13, bold=True, width=220)
