"""What the signs of a graph mean; only those that occur in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from course_utils.locale.again import N_, again
from course_utils.pictures.palette import INK, LINE, NOW, PANEL, PAPER, SOFT
from course_utils.pictures.svg import EM, Picture, text_width

from .boxes import HEADER
from .lines import DASHES, Line
from .model import View

ROW, SIZE, SIGN = 20, 12, 42


@dataclass(frozen=True)
class Entry:
    """A sign, drawn from `(x, y)` on, where y is the text's baseline; what it means."""

    sign: Callable[[Picture, float, float], None]
    text: str


def entries(view: View, lines: list[Line], gradients: bool) -> list[Entry]:
    """The signs that the picture has. gradients: whether they have begun to flow."""
    kinds = {box.kind for box in view.boxes} | {line.look for line in lines}
    regions = sorted({node.region for node in view.graph.nodes} - {""})
    texts = {
        "leaf": Entry(
            _square(HEADER["leaf"], 7), N_("leaf: AccumulateGrad adds to its .grad")
        ),
        "data": Entry(_square(PAPER, 2, "4 3"), N_("plain data: asks for no gradient")),
        "operation": Entry(
            _square(HEADER["operation"]), N_("operation and its grad_fn")
        ),
        "plain": Entry(_square(PANEL), N_("operation off the graph: no grad_fn")),
        "module": Entry(_stacked, N_("several operations, folded")),
        "cut": Entry(_cut, N_("cut: no gradient comes back")),
    }
    chosen = [entry for kind, entry in texts.items() if kind in kinds]
    if regions:
        names = " and ".join(regions)
        about = N_("gray ground: nothing is written down under {names}", names=names)
        chosen.append(Entry(_square(PANEL, 7), about))
    if gradients:
        chosen.append(
            Entry(_back, N_("the way of the gradient, and what multiplies it"))
        )
    if any(node.saved for node in view.graph.nodes):
        chosen.append(Entry(_keeps, N_("saved for backward, and freed after it")))
    return chosen


def _square(color: str, radius: int = 2, dash: str | None = None) -> Callable:
    def sign(picture: Picture, x: float, y: float) -> None:
        picture.rect(x, y - 11, 24, 14, color, LINE, radius, stroke_dasharray=dash)

    return sign


def _stacked(picture: Picture, x: float, y: float) -> None:
    picture.rect(x + 3, y - 8, 24, 14, PAPER, LINE, 2)
    picture.rect(x, y - 11, 24, 14, HEADER["module"], LINE, 2)


def _cut(picture: Picture, x: float, y: float) -> None:
    picture.line(x, y - 4, x + 26, y - 4, SOFT, 2, dash=DASHES["cut"])
    for shift in (0, 6):
        picture.line(x + 8 + shift, y + 2, x + 13 + shift, y - 10, INK, 2)


def _back(picture: Picture, x: float, y: float) -> None:
    picture.line(x + 26, y - 4, x + 4, y - 4, NOW, 2.5)
    picture.head(x, y - 4, -1, 0, NOW)


def _keeps(picture: Picture, x: float, y: float) -> None:
    picture.text(x - 2, y, "keeps", SIZE)


@dataclass
class Place:
    """Where an entry stands."""

    x: float
    row: int
    entry: Entry


def places(chosen: list[Entry], width: float) -> list[Place]:
    """The entries in rows no wider than `width`."""
    x, row, found = 0.0, 0, []
    for entry in chosen:
        wide = SIGN + text_width(entry.text, SIZE) + 24
        if x and x + wide - 24 > width:
            x, row = 0.0, row + 1
        found.append(Place(x, row, entry))
        x += wide
    return found


def legend_height(chosen: list[Entry], width: float) -> float:
    """Pixels that the entries need."""
    return 16 + ROW * (1 + max((p.row for p in places(chosen, width)), default=0))


def draw_legend(
    picture: Picture, chosen: list[Entry], x: float, y: float, width: float
) -> None:
    """Draw the entries from `y` down, under a line."""
    picture.line(x, y, x + width, y, SOFT, 0.6)
    for place in places(chosen, width):
        base = y + 20 + place.row * ROW
        place.entry.sign(picture, x + place.x, base)
        picture.text(x + place.x + SIGN, base, place.entry.text, SIZE)


def legend_html(chosen: list[Entry]) -> str:
    """The same as text that can be unfolded under a live picture."""
    return "".join(map(_item, chosen))


def _item(entry: Entry) -> str:
    sign = Picture(SIGN, 18, "")
    entry.sign(sign, 2, 14)
    style = f"width:{SIGN / EM:.2f}em;height:auto;vertical-align:middle"
    return f"<li>{sign.svg(style)} {escape(again(entry.text))}</li>"
