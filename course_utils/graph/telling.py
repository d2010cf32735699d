"""The words above a graph: which step this is, what happens in it, in which line."""

from __future__ import annotations

from course_utils.pictures.svg import INK, ORANGE, PANEL, SOFT, Picture, fit, text_width

from .folding import View
from .model import Code, Node
from .rules import backward_rule, forward_rule
from .steps import State, Step
from .values import bytes_text

LINES, SIZE, ROW = 3, 12.5, 18  # of the explanation
CODE, CODE_ROW, MOST = 12, 18, 8


def code_lines(view: View) -> list[Code]:
    """The distinct lines that ran, in the order in which they stand."""
    seen: dict[tuple, Code] = {}
    for node in view.graph.nodes:
        if node.code is not None:
            seen.setdefault((node.code.file, node.code.number), node.code)
    return [seen[key] for key in sorted(seen)]


def telling_height(view: View, film: list[Step]) -> float:
    """Pixels for the words of any step, so that the graph below stays in its place."""
    return 26 + LINES * ROW + CODE_ROW * min(len(code_lines(view)), MOST) + 26


class Telling:
    """The words of one step."""

    def __init__(self, view: View, film: list[Step], state: State, width: float):
        self.view, self.film, self.state, self.width = view, film, state, width

    def words(self, number: int | None) -> str:
        """The picture in one line, for those who cannot see it."""
        graph = self.view.graph
        leaves = [n.name for n in graph.nodes if n.kind == "leaf" and not n.owner]
        operations = sum(n.kind == "operation" for n in graph.nodes)
        about = f"autograd graph of {operations} operations"
        if leaves:
            about += f" with leaves {', '.join(leaves[:6])}"
        if number is None or self.state.step is None:
            return about
        return f"{about}: {self.title(number)}. {self.explanation()}"

    def title(self, number: int) -> str:
        """`Step 5 of 9 · backward · relu`."""
        step = self.state.step
        last = len(self.film) - 1
        parts = [f"Step {min(max(number, 0), last)} of {last}", step.kind]
        if step.box is not None:
            parts.append(self.view.boxes[step.box].title)
        return " · ".join(parts)

    def explanation(self) -> str:
        """What happens in this step, with its numbers."""
        step, graph = self.state.step, self.view.graph
        if step.kind == "start":
            return (
                "Only the tensors we begin with are known. Forward computes the values "
                "from top to bottom and writes down how; backward goes the same way up."
            )
        box = self.view.boxes[step.box]
        node = graph.nodes[box.out]
        if step.kind == "forward":
            return forward_rule(graph, node, folded=box.kind == "module")
        return backward_rule(graph, node, step.turn, folded=box.kind == "module")

    def draw(self, picture: Picture, x: float, y: float, number: int) -> None:
        """Draw the words from `(x, y)` down."""
        title = fit(self.title(number), self.width - 190, 15, bold=True)
        picture.text(x, y + 14, title, 15, bold=True)
        picture.text(x + self.width, y + 14, self._kept(), 11.5, "end", SOFT)
        for i, line in enumerate(wrap(self.explanation(), self.width, SIZE)[:LINES]):
            picture.text(x, y + 36 + i * ROW, line, SIZE)
        self._code(picture, x, y + 30 + LINES * ROW)

    def _kept(self) -> str:
        nodes = self.view.graph.nodes
        done = {
            i for b in self.state.computed for i in self.view.boxes[b].nodes
        } - self.state.freed  # fmt: skip
        saved = {s.storage: s.bytes for i in done for s in nodes[i].saved}
        return f"kept for backward: {bytes_text(sum(saved.values()))}"

    def _node(self) -> Node | None:
        box = self.state.step.box
        return None if box is None else self.view.graph.nodes[self.view.boxes[box].out]

    def _code(self, picture: Picture, x: float, y: float) -> None:
        lines, node = code_lines(self.view), self._node()
        now = node.code if node else None
        where = [(c.file, c.number) for c in lines]
        at = where.index((now.file, now.number)) if now else 0
        first = min(max(at - MOST // 2, 0), max(len(lines) - MOST, 0))
        for i, code in enumerate(lines[first : first + MOST]):
            current = now is not None and first + i == at
            self._line(picture, x, y + i * CODE_ROW, now if current else code, current)

    def _line(self, picture: Picture, x: float, y: float, code: Code, current: bool):
        picture.rect(x, y, self.width, CODE_ROW, PANEL, radius=0)
        if current and code.start is not None:
            before = text_width(code.text[: code.start], CODE, True)
            wide = text_width(code.text[code.start : code.end], CODE, True)
            wide = min(wide, self.width - before - 26)
            if wide > 0:
                picture.rect(x + 24 + before, y + 1, wide, CODE_ROW - 2, "none", ORANGE,
                             stroke_width=2)  # fmt: skip
        if current:
            picture.text(x + 6, y + 13, "▶", CODE, fill=INK)
        text = fit(code.text, self.width - 30, CODE, mono=True)
        picture.text(x + 24, y + 13, text.replace(" ", "\u00a0"), CODE, mono=True)


def wrap(text: str, width: float, size: float) -> list[str]:
    """Lines no wider than `width` pixels."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and text_width(longer, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]
