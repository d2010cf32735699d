"""The words above a graph: which step this is, what happens in it, in which line."""

from __future__ import annotations

from course_utils.pictures.palette import INK, NOW, PANEL, SOFT
from course_utils.pictures.svg import Picture, fit, text_width

from .model import Code, Node, View, total_bytes
from .sentences import START, backward_sentence, forward_sentence
from .steps import State, Step
from .values import bytes_text

TITLE, SIZE, ROW, ROWS = 15, 13, 18, 3  # of the explanation
CODE, CODE_ROWS = 12.5, 3
INDENT = 24  # of the code, for the mark of the line that runs


def code_lines(view: View) -> list[Code]:
    """The distinct lines that ran, in the order in which they stand."""
    lines = [node.code for node in view.graph.nodes if node.code is not None]
    seen = {(code.file, code.number): code for code in reversed(lines)}
    return [seen[key] for key in sorted(seen)]


class Telling:
    """The words of any step."""

    def __init__(self, view: View, film: list[Step], width: float):
        self.view, self.film, self.width = view, film, width
        self.code = code_lines(view)
        rows = ROWS + min(len(self.code), CODE_ROWS)
        self.height = 30 + ROW * rows  # whatever the step, so that nothing below jumps

    def words(self, state: State) -> str:
        """The picture in one line, for those who cannot see it."""
        graph = self.view.graph
        leaves = [n.name for n in graph.nodes if n.kind == "leaf" and not n.owner]
        operations = sum(n.kind == "operation" for n in graph.nodes)
        about = f"autograd graph of {operations} operations"
        if leaves:
            about += f" with leaves {', '.join(leaves[:6])}"
        if state.step is None:
            return about
        return f"{about}: {self.title(state.step)}. {self.explanation(state.step)}"

    def title(self, step: Step) -> str:
        """`Step 5 of 9 · backward · relu`."""
        parts = [f"Step {self.film.index(step)} of {len(self.film) - 1}", step.kind]
        if step.box is not None:
            parts.append(self.view.boxes[step.box].title)
        return " · ".join(parts)

    def explanation(self, step: Step) -> str:
        """What happens in this step, with its numbers."""
        node = self._node(step)
        if node is None:
            return START
        folded = self.view.boxes[step.box].kind == "module"
        if step.kind == "forward":
            return forward_sentence(node, folded)
        return backward_sentence(self.view.graph, node, step.turn, folded)

    def _node(self, step: Step) -> Node | None:
        if step.box is None:
            return None
        return self.view.graph.nodes[self.view.boxes[step.box].out]

    def draw(self, picture: Picture, x: float, y: float, state: State) -> None:
        """Draw the words of a step from `(x, y)` down."""
        kept = f"kept for backward: {bytes_text(self._kept(state))}"
        room = self.width - text_width(kept, SIZE) - 16
        title = fit(self.title(state.step), room, TITLE, bold=True)
        picture.text(x, y + 14, title, TITLE, bold=True)
        picture.text(x + self.width, y + 14, kept, SIZE, "end", SOFT)
        lines = wrap(self.explanation(state.step), self.width, SIZE)
        if len(lines) > ROWS:
            lines[ROWS - 1] = fit(" ".join(lines[ROWS - 1 :]), self.width, SIZE)
        for i, line in enumerate(lines[:ROWS]):
            picture.text(x, y + 36 + i * ROW, line, SIZE)
        self._draw_code(picture, x, y + 28 + ROWS * ROW, state)

    def _kept(self, state: State) -> int:
        nodes, boxes = self.view.graph.nodes, self.view.boxes
        done = {i for box in state.computed for i in boxes[box].nodes} - state.freed
        return total_bytes(saved for i in done for saved in nodes[i].saved)

    def _draw_code(self, picture: Picture, x: float, y: float, state: State) -> None:
        """The line that runs, with its neighbors."""
        node = self._node(state.step)
        now = node.code if node else None
        where = [(code.file, code.number) for code in self.code]
        at = where.index((now.file, now.number)) if now else 0
        first = min(max(at - CODE_ROWS // 2, 0), max(len(where) - CODE_ROWS, 0))
        shown = self.code[first : first + CODE_ROWS]
        least = min((code.indent for code in shown), default=0)
        for i, code in enumerate(shown):
            current = now if first + i == at else None
            picture.rect(x, y, self.width, ROW, PANEL, radius=0)
            shift = INDENT + text_width(" " * (code.indent - least), CODE, True)
            room = self.width - shift - 6
            if current:
                picture.text(x + 6, y + 13, "▶", CODE, fill=INK)
                _frame(picture, x + shift, y, room, current)
            text = fit(code.text, room, CODE, mono=True).replace(" ", "\u00a0")
            picture.text(x + shift, y + 13, text, CODE, mono=True)
            y += ROW


def _frame(picture: Picture, x: float, y: float, room: float, code: Code) -> None:
    """A frame around the expression that runs, where Python tells it."""
    if code.start is None:
        return
    before = text_width(code.text[: code.start], CODE, True)
    wide = text_width(code.text[code.start : code.end], CODE, True)
    if (wide := min(wide, room - before)) > 0:
        frame = (x + before - 1, y + 1, wide + 2, ROW - 2)
        picture.rect(*frame, "none", NOW, stroke_width=2)


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
