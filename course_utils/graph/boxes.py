"""The boxes of a graph: what stands in one, how much room it takes, how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from course_utils.pictures import palette
from course_utils.pictures.palette import INK, LINE, NOW, PAPER, SOFT, ink_on
from course_utils.pictures.svg import SMALLEST, Picture, fit, text_width

from .layout import Point, Size
from .model import Box, View, total_bytes
from .steps import State
from .values import Value, bytes_text

TITLE, SMALL = 13, SMALLEST  # sizes of text
ROW, HEAD, PAD = 14, 20, 6
WIDEST = 300  # of a title or a list of kept tensors
MARK = 8  # pixels of the mark before a gradient
HEADER = {
    "operation": palette.MODEL,
    "module": palette.MODEL,
    "leaf": palette.LEARNED,
}


@dataclass
class Column:
    """Numbers under a heading, in its place whatever the step."""

    head: str
    lines: list[str]
    width: float


@dataclass
class Face:
    """What stands in a box, measured once so that nothing jumps between steps.

    gradient: the heading and the room of all gradients that the box will ever show.
    """

    title: str
    under: str
    kept: str
    value: Column
    gradient: Column
    size: Size


def face_of(view: View, box: Box, brief: bool = False) -> Face:
    """Measure one box; a brief one has a title and numbers only."""
    node = view.graph.nodes[box.out]
    changed = node.version and box.kind != "module"
    under = box.subtitle + (f" · version {node.version}" if changed else "")
    title = fit(box.title, WIDEST, TITLE, mono=True, bold=True)
    under, kept = (
        "" if brief else fit(text, WIDEST, SMALL) for text in (under, _kept(view, box))
    )
    value = _column("value", node.value.lines() if node.value else ["not recorded"])
    gradients = [value.lines() for value in _gradients(view, box)]
    lines = [line for rows in gradients for line in rows]
    if box.kind == "leaf":
        gradient = _column(".grad", ["None", *lines], MARK)
    else:
        gradient = _column("gradient", lines, MARK) if lines else Column("", [], 0)
    widths = [
        text_width("▶ " + title, TITLE, True, True),
        text_width(under, SMALL),
        text_width(kept, SMALL),
        value.width + gradient.width + (2 * PAD if gradient.lines else 0),
    ]
    rows = max(len(value.lines), *(len(rows) for rows in gradients or [[]]))
    lines_above = 2 + bool(under) + bool(kept)  # the heading of the columns among them
    height = HEAD + (lines_above - 1) * ROW + rows * ROW + 7
    return Face(
        title, under, kept, value, gradient, Size(max(widths) + 2 * PAD, height)
    )


def _column(head: str, lines: list[str], mark: float = 0) -> Column:
    widths = [text_width(line, SMALL, True) for line in lines]
    return Column(head, lines, max([*widths, text_width(head, SMALL) + mark]))


def _gradients(view: View, box: Box) -> list[Value]:
    """Every gradient that this box will ever show."""
    turns = [turn for turn in view.graph.backward if turn.node == box.out]
    shown = [turn.grad if box.kind == "leaf" else turn.gradient for turn in turns]
    before = view.graph.nodes[box.out].grad
    return [value for value in (*shown, before) if value is not None]


def _kept(view: View, box: Box) -> str:
    saved = [s for i in box.nodes for s in view.graph.nodes[i].saved]
    if not saved:
        return ""
    if any(s.state == "changed" for s in saved):
        return "keeps a tensor that was changed"
    size = bytes_text(total_bytes(saved))
    if box.kind == "module":
        return f"keeps {size}"
    names = ", ".join(dict.fromkeys(s.tensor or s.name for s in saved))
    return f"keeps {names}: {size}"


def draw_box(
    picture: Picture, box: Box, face: Face, corner: Point, state: State, number: int
) -> None:
    """Draw box `number` with its upper left corner there, as it is in this state."""
    (x, y), (w, h) = corner, face.size
    known = state.knows(number)
    working = state.step is not None and state.step.box == number
    if box.kind == "module":
        picture.rect(x + 4, y + 4, w, h, PAPER, LINE)
    if working:
        picture.rect(x - 2, y - 2, w + 4, h + 4, "none", NOW, 5, stroke_width=4)
    _frame(picture, box.kind, corner, face.size, known)
    ink = ink_on(HEADER[box.kind]) if box.kind in HEADER and known else INK
    title = fit("▶ " * working + face.title, w - PAD, TITLE, mono=True, bold=True)
    middle, row = x + w / 2, y + HEAD + 11
    picture.text(middle, y + 15, title, TITLE, "middle", ink, True, True)
    if face.under:
        picture.text(middle, row, face.under, SMALL, "middle", SOFT)
        row += ROW
    if face.kept and known:
        freed = bool(set(box.nodes) & state.freed)
        text = face.kept.replace("keeps", "freed") if freed else face.kept
        picture.text(middle, row, text, SMALL, "middle", SOFT if freed else INK)
        row += ROW
    if known:
        _numbers(picture, box, face, Point(x, row), state.gradient.get(number))


def _numbers(
    picture: Picture, box: Box, face: Face, corner: Point, gradient: Value | None
) -> None:
    """The value's column, and beside it the gradient's."""
    inside = face.value.width + face.gradient.width
    inside += 2 * PAD if face.gradient.lines else 0
    x, y = corner.x + (face.size.width - inside) / 2, corner.y
    _write(picture, x, y, face.value.head, face.value.lines)
    if not face.gradient.lines:
        return
    x += face.value.width + PAD
    picture.line(x, y - 9, x, y - 9 + ROW * (1 + len(face.value.lines)), LINE, 1)
    lines = gradient.lines() if gradient else ["None"] * (box.kind == "leaf")
    x += PAD
    if gradient:
        picture.rect(x, y - 7, 5, 7, NOW, radius=1)
    _write(picture, x, y, face.gradient.head, lines, MARK if gradient else 0)


def _write(
    picture: Picture, x: float, y: float, head: str, lines: list[str], shift: float = 0
) -> None:
    picture.text(x + shift, y, head, SMALL, fill=SOFT)
    for i, line in enumerate(lines, 1):
        spaced = line.replace(" ", "\u00a0")  # SVG would swallow the spaces
        picture.text(x, y + i * ROW, spaced, SMALL, mono=True)


def _frame(picture: Picture, kind: str, corner: Point, size: Size, known: bool) -> None:
    """Shapes tell the kinds apart as well as colors: round, square, dashed, stacked."""
    (x, y), (w, h) = corner, size
    r = 12 if kind == "leaf" else 3
    dash = None if known and kind != "data" else "5 4"
    picture.rect(x, y, w, h, PAPER, LINE, r, stroke_width=1.4, stroke_dasharray=dash)
    if known and kind in HEADER:
        top = f"Q{x} {y} {x + r} {y}H{x + w - r}Q{x + w} {y} {x + w} {y + r}"
        d = f"M{x} {y + HEAD}V{y + r}{top}V{y + HEAD}Z"
        picture.path(d, LINE, 1.4, fill=HEADER[kind])
    elif known and kind == "plain":
        picture.rect(x, y, w, HEAD, palette.PANEL, LINE, 0)
