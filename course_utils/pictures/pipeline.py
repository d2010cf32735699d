"""The map of the course: how one piece of data becomes a trained, tested model."""

from __future__ import annotations

from course_utils.errors import CourseError
from course_utils.locale.again import N_

from .palette import INK, LINE, NOW, PANEL, SOFT, ink_on
from .svg import Picture

# part → (what it gives, the lesson that teaches it), in the order data takes.
PARTS = {
    "Dataset": ("one sample", 1),
    "DataLoader": ("a batch", 2),
    "Module": ("predictions", 3),
    "loss": ("how wrong?", 5),
    "backward": ("gradients", 4),
    "step": ("new weights", 5),
    "evaluate": ("how good?", 6),
}
WIDTH, HEIGHT, GAP = 105, 54, 26
LEFT, TOP = 4, 44


def pipeline(*lit: str) -> Picture:
    """The course's pipeline with the parts named in `lit` standing out.

    Raises CourseError for a part that does not exist.
    """
    unknown = [part for part in lit if part not in PARTS]
    if unknown:
        raise CourseError(
            N_(
                "no part {unknown!r}; the parts are {names}",
                unknown=unknown[0],
                names=", ".join(PARTS),
            )
        )
    shown = [part for part in PARTS if part in lit]
    alt = f"{' → '.join(PARTS)}; after step, the DataLoader gives the next batch. "
    alt += f"This lesson: {', '.join(shown)}." if shown else "No part stands out."
    width = 2 * LEFT + len(PARTS) * WIDTH + (len(PARTS) - 1) * GAP
    picture = Picture(width, TOP + HEIGHT + 28, alt)
    picture.colors, picture.sharpness = 20, 1  # it stands in every lesson
    for i, part in enumerate(PARTS):
        _box(picture, part, _left(i), part in lit)
        if i:
            y = TOP + HEIGHT / 2
            picture.line(_left(i) - GAP + 3, y, _left(i) - 3, y, width=2, arrow=True)
    _way_back(picture)
    return picture


def _left(i: int) -> float:
    return LEFT + i * (WIDTH + GAP)


def _box(picture: Picture, part: str, x: float, lit: bool) -> None:
    gives, lesson = PARTS[part]
    middle = x + WIDTH / 2
    fill, stroke, thick = (NOW, INK, 4) if lit else (PANEL, LINE, 1)
    name, small = (ink_on(NOW),) * 2 if lit else (INK, SOFT)
    picture.rect(x, TOP, WIDTH, HEIGHT, fill, stroke, radius=6, stroke_width=thick)
    picture.text(middle, TOP + 23, part, 14, "middle", name, bold=lit)
    picture.text(middle, TOP + 42, gives, 12.5, "middle", small)
    picture.text(middle, TOP + HEIGHT + 20, f"lesson {lesson}", 12, "middle", SOFT)


def _way_back(picture: Picture) -> None:
    """The arrow from `step` over the top to the next batch."""
    names = list(PARTS)
    start, end = (_left(names.index(p)) + WIDTH / 2 for p in ("step", "DataLoader"))
    top = 22
    picture.path(f"M{start} {TOP - 4}V{top}H{end}V{TOP - 8}", width=2)
    picture.head(end, TOP - 4, 0, 1, size=11)
    picture.text((start + end) / 2, top - 7, "next batch", 12.5, "middle", SOFT)
