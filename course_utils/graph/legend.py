"""What the signs of a graph mean; only those that occur in it."""

from __future__ import annotations

from collections.abc import Callable

from course_utils.pictures.svg import (
    GREEN,
    INK,
    LINE,
    PANEL,
    PAPER,
    PINK,
    RED,
    SKY,
    SOFT,
    Picture,
    text_width,
)

from .folding import View

ROW, SIZE, SIGN = 20, 11, 36


def _square(color: str, radius: int = 2, dash: str | None = None) -> Callable:
    def sign(picture: Picture, x: float, y: float) -> None:
        picture.rect(x, y - 11, 24, 14, color, LINE, radius, stroke_dasharray=dash)

    return sign


def _line(color: str, dash: str | None = None, cut: bool = False) -> Callable:
    def sign(picture: Picture, x: float, y: float) -> None:
        picture.line(x, y - 4, x + 26, y - 4, color, 2, dash=dash)
        for shift in (0, 5) if cut else ():
            picture.line(x + 8 + shift, y + 2, x + 13 + shift, y - 10, RED, 2)

    return sign


def _word(text: str) -> Callable:
    def sign(picture: Picture, x: float, y: float) -> None:
        picture.text(x, y, text, 10.5)

    return sign


def _entries(view: View) -> list[tuple[Callable, str]]:
    kinds = {box.kind for box in view.boxes} | {e.kind for e in view.edges}
    regions = {node.region for node in view.graph.nodes} - {""}
    texts = {
        "leaf": (_square(GREEN, 7), "leaf: AccumulateGrad adds its gradient to .grad"),
        "data": (_square(PAPER, 2, "4 3"), "tensor that asks for no gradient"),
        "operation": (_square(SKY), "operation, and the name of its grad_fn"),
        "plain": (_square(PANEL), "operation off the graph: no grad_fn"),
        "module": (_square(PINK), "module, folded"),
        "gradient": (_line(SOFT), "tensor; its gradient comes back along the line"),
        "cut": (_line(SOFT, "7 5", True), "cut: no gradient comes back"),
    }  # fmt: skip
    chosen = [entry for kind, entry in texts.items() if kind in kinds]
    if any(edge.kind == "data" for edge in view.edges):
        chosen.append((_line(SOFT, "2 4"), "tensor without gradient"))
    if regions:
        name = " and ".join(sorted(regions))
        chosen.append((_square(PANEL, 7), f"gray ground: under {name}"))
    if any(node.saved for node in view.graph.nodes):
        chosen.append((_word("keeps"), "tensors saved for backward, and their bytes"))
    if view.graph.backward:
        chosen.append((_line(RED), "the gradient has come along here"))
    return chosen


def _places(view: View, width: float) -> list[tuple[float, int, Callable, str]]:
    x, row, places = 0.0, 0, []
    for sign, text in _entries(view):
        wide = SIGN + text_width(text, SIZE) + 24
        if x and x + wide > width:
            x, row = 0.0, row + 1
        places.append((x, row, sign, text))
        x += wide
    return places


def legend_height(view: View, width: float) -> float:
    """Pixels that the legend of this graph needs."""
    return 16 + ROW * (1 + max(row for _, row, *_ in _places(view, width)))


def draw_legend(picture: Picture, view: View, x: float, y: float, width: float) -> None:
    """Draw it from `y` down."""
    picture.line(x, y, x + width, y, SOFT, 0.6)
    for dx, row, sign, text in _places(view, width):
        base = y + 20 + row * ROW
        sign(picture, x + dx, base)
        picture.text(x + dx + SIGN, base, text, SIZE, fill=INK)
