"""What stands in a box of the graph, and how much room it takes."""

from __future__ import annotations

from dataclasses import dataclass

from course_utils.pictures.svg import fit, text_width

from .folding import Box, View
from .values import Value, bytes_text

TITLE, SMALL, NUMBER = 13, 10.5, 11  # sizes of text
ROW, HEAD, PAD = 14, 20, 9
WIDEST = 340  # of a title or a list of kept tensors


@dataclass
class Face:
    """What stands in a box, measured once so that nothing jumps between steps."""

    title: str
    under: str
    kept: str
    values: list[str]
    gradient_rows: int
    widths: tuple[float, float]  # of the value's and the gradient's column
    size: tuple[float, float]


def _gradients(view: View, box: Box) -> list[Value]:
    """Every gradient that this box will ever show."""
    shown = []
    for turn in view.graph.backward:
        if turn.node == box.out:
            of_leaf = box.kind == "leaf"
            value = turn.grad if of_leaf else next(iter(turn.received.values()), None)
            shown += [value] if value is not None else []
    leaf = view.graph.nodes[box.out]
    return shown + ([leaf.grad] if leaf.grad is not None else [])


def face_of(view: View, box: Box) -> Face:
    """Measure one box."""
    node = view.graph.nodes[box.out]
    title = fit(box.title, WIDEST, TITLE, mono=True, bold=True)
    changed = node.version and box.kind != "module"
    under = box.subtitle + (f" · version {node.version}" if changed else "")
    under = fit(under, WIDEST, SMALL)
    kept = fit(_kept(view, box), WIDEST, SMALL)
    values = node.value.lines() if node.value else ["value not recorded"]
    gradients = [value.lines() for value in _gradients(view, box)]
    grads = [line for lines in gradients for line in lines] or (
        ["None"] if box.kind == "leaf" else []
    )
    columns = (_widest(values, "value"), _widest(grads, ".grad") if grads else 0.0)
    rows = max(len(values), *(len(lines) for lines in gradients or [[]]))
    width = max(
        text_width("▶ " + title, TITLE, True, True), text_width(under, SMALL),
        text_width(kept, SMALL), sum(columns) + (2 * PAD if grads else 0),
    ) + 2 * PAD  # fmt: skip
    height = HEAD + ROW + (ROW if kept else 0) + ROW + rows * ROW + 7
    return Face(title, under, kept, values, len(grads), columns, (width, height))


def _kept(view: View, box: Box) -> str:
    saved = [s for i in box.nodes for s in view.graph.nodes[i].saved]
    if not saved:
        return ""
    if any(s.state == "changed" for s in saved):
        return "keeps a tensor that was changed"
    size = bytes_text(sum({s.storage: s.bytes for s in saved}.values()))
    if box.kind == "module":
        return f"keeps {size} for backward"
    names = ", ".join(dict.fromkeys(s.tensor or s.name for s in saved))
    return f"keeps {names}: {size}"


def _widest(lines: list[str], head: str) -> float:
    texts = [text_width(line, NUMBER, True) for line in lines]
    return max([*texts, text_width("gradient" if head == ".grad" else head, SMALL) + 8])
