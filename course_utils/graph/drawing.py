"""Draw a graph: boxes with their numbers, lines with their shapes."""

from __future__ import annotations

from course_utils.pictures.svg import (
    GREEN,
    INK,
    LINE,
    ORANGE,
    PANEL,
    PAPER,
    PINK,
    RED,
    SKY,
    SOFT,
    Picture,
    fit,
    ink_on,
)

from .faces import HEAD, NUMBER, PAD, ROW, SMALL, TITLE, face_of
from .folding import View
from .layout import layout
from .legend import draw_legend, legend_height
from .model import Edge
from .steps import State, Step, state_at, steps
from .telling import Telling, telling_height

MARGIN = 16
HEADER = {"operation": SKY, "leaf": GREEN, "module": PINK}


def draw(view: View, number: int | None = None) -> Picture:
    """The picture of a graph, finished (None) or after step `number`."""
    return Scene(view).picture(number)


class Scene:
    """A graph laid out once, to be drawn at any of its steps."""

    def __init__(self, view: View):
        self.view, self.film = view, steps(view)
        self.faces = [face_of(view, box) for box in view.boxes]
        pairs = [(view.home[e.source], view.home[e.target]) for e in view.edges]
        self.plan = layout([face.size for face in self.faces], pairs)
        self.width = max(self.plan.width + 2 * MARGIN, 620)

    def picture(self, number: int | None = None) -> Picture:
        """The drawing of one step."""
        state = state_at(self.view, self.film, number)
        telling = Telling(self.view, self.film, state, self.width - 2 * MARGIN)
        top = MARGIN + (telling_height(self.view, self.film) if state.step else 0)
        legend = legend_height(self.view, self.width - 2 * MARGIN)
        height = top + self.plan.height + 28 + legend
        picture = Picture(self.width, height, telling.words(number))
        picture.sharpness = 1.0
        picture.rect(0, 0, picture.width, picture.height, PAPER, radius=0)
        if state.step:
            telling.draw(picture, MARGIN, MARGIN, number)
        self.left, self.top = (self.width - self.plan.width) / 2, top
        self._regions(picture)
        for edge, route in zip(self.view.edges, self.plan.routes, strict=True):
            self._edge(picture, edge, route, state)
        for b, place in enumerate(self.plan.places):
            self._box(picture, b, place, state)
        self._sizes(picture)
        draw_legend(
            picture, self.view, MARGIN, height - legend, self.width - 2 * MARGIN
        )
        return picture

    def _regions(self, picture: Picture) -> None:
        """A gray cloud behind what ran under no_grad."""
        inside = {
            b for b, box in enumerate(self.view.boxes)
            if self.view.graph.nodes[box.out].region
        }  # fmt: skip
        for edge, route in zip(self.view.edges, self.plan.routes, strict=True):
            if {self.view.home[edge.source], self.view.home[edge.target]} <= inside:
                picture.path(self._curve(route), PANEL, 30, stroke_linecap="round")
        for b in sorted(inside):
            (x, y), (w, h) = self.plan.places[b], self.faces[b].size
            x, y = x + self.left - 9, y + self.top - 9
            picture.rect(x, y, w + 18, h + 18, PANEL, radius=10)

    def _curve(self, route) -> str:
        """Vertical in a layer, an S from one layer to the next."""
        points = [(x + self.left, y + self.top) for x, y in route]
        (x, y), *rest = points
        path = f"M{x:.1f} {y:.1f}"
        for nx, ny in rest:
            if abs(nx - x) < 0.5:
                path += f"L{nx:.1f} {ny:.1f}"
            else:
                a, b = y + 17, ny - 22  # room for the shape above, for the arrow below
                m = (a + b) / 2
                path += f"L{x:.1f} {a:.1f}C{x:.1f} {m:.1f} {nx:.1f} {m:.1f} "
                path += f"{nx:.1f} {b:.1f}L{nx:.1f} {ny:.1f}"
            x, y = nx, ny
        return path

    def _edge(self, picture: Picture, edge: Edge, route, state: State) -> None:
        source, target = self.view.home[edge.source], self.view.home[edge.target]
        flows = _flows(state.step, edge, source, target, self.view)
        done = edge.kind == "gradient" and target in state.turned
        color = RED if flows or done else SOFT
        dash = {"data": "2 4", "cut": "7 5"}.get(edge.kind)
        known = state.step is None or source in state.computed
        picture.path(self._curve(route), color, 3.5 if flows else 1.6, dash=dash,
                     stroke_opacity=None if known else 0.4)  # fmt: skip
        x, y = route[-1][0] + self.left, route[-1][1] + self.top
        if flows:
            x0, y0 = route[0][0] + self.left, route[0][1] + self.top
            _head(picture, x0, y0, RED, up=True)
        elif not done:
            _head(picture, x, y, color)
        if edge.kind == "cut":
            for shift in (0, 5):
                picture.line(x - 8, y - 14 + shift, x + 8, y - 20 + shift, RED, 2.2)

    def _sizes(self, picture: Picture) -> None:
        """The shape of each tensor, beside the point where its edges begin."""
        done = set()
        for edge, route in zip(self.view.edges, self.plan.routes, strict=True):
            value = self.view.graph.nodes[edge.source].values.get(edge.output)
            box = self.view.home[edge.source]
            if value is not None and (box, value.size) not in done:
                x, y = route[0][0] + self.left, route[0][1] + self.top
                row = sum(b == box for b, _ in done)
                picture.text(x + 7, y + 15 + 12 * row, value.size, SMALL, fill=SOFT)
                done.add((box, value.size))

    def _box(self, picture: Picture, b: int, place, state: State) -> None:
        box, face = self.view.boxes[b], self.faces[b]
        (x, y), (w, h) = place, face.size
        x, y = x + self.left, y + self.top
        known = state.step is None or b in state.computed
        current = state.step is not None and state.step.box == b
        if box.kind == "module":
            picture.rect(x + 4, y + 4, w, h, PAPER, LINE)
        if current:
            picture.rect(x - 3, y - 3, w + 6, h + 6, "none", ORANGE, 6, stroke_width=5)
        _frame(picture, box.kind, x, y, w, h, known)
        ink = ink_on(HEADER[box.kind]) if box.kind in HEADER and known else INK
        mark = "▶ " if current else ""
        title = fit(mark + face.title, w - PAD, TITLE, mono=True, bold=True)
        picture.text(x + w / 2, y + 15, title, TITLE, "middle", ink, True, True)
        picture.text(x + w / 2, y + HEAD + 11, face.under, SMALL, "middle", SOFT)
        row = y + HEAD + ROW + 11
        if face.kept and known:
            gone = state.step and set(box.nodes) & state.freed
            text = fit("kept tensors are gone", w - 6, SMALL) if gone else face.kept
            picture.text(x + w / 2, row, text, SMALL, "middle", SOFT if gone else INK)
            row += ROW
        if known:
            self._numbers(picture, b, x + PAD, row, state)

    def _numbers(self, picture: Picture, b: int, x, y, state: State) -> None:
        box, face = self.view.boxes[b], self.faces[b]
        w = face.size[0] - 2 * PAD
        free = w - sum(face.widths) - (2 * PAD if face.gradient_rows else 0)
        x += max(free, 0) / 2
        _column(picture, x, y, "value", face.values)
        if face.gradient_rows:
            x += face.widths[0] + PAD
            picture.line(x, y - 9, x, y - 9 + ROW * (1 + len(face.values)), LINE, 1)
            gradient = state.gradient.get(b)
            lines = gradient.lines() if gradient else ["None"] * (box.kind == "leaf")
            head = ".grad" if box.kind == "leaf" else "gradient"
            _column(picture, x + PAD, y, head, lines, RED if gradient else None)


def _column(picture: Picture, x, y, head: str, lines: list[str], mark=None) -> None:
    picture.text(x + (8 if mark else 0), y, head, SMALL - 1, fill=SOFT)
    if mark:
        picture.rect(x, y - 7, 5, 7, mark, radius=1)
    for i, line in enumerate(lines, 1):
        spaced = line.replace(" ", "\u00a0")  # SVG would swallow the spaces
        picture.text(x, y + i * ROW, spaced, NUMBER, mono=True)


def _frame(picture: Picture, kind: str, x, y, w, h, known: bool) -> None:
    """Shapes tell the kinds apart as well as colors: round, square, dashed, hatched."""
    radius = 12 if kind == "leaf" else 3
    dash = None if known and kind != "data" else "5 4"
    picture.rect(
        x, y, w, h, PAPER, LINE, radius, stroke_width=1.4, stroke_dasharray=dash
    )
    if known and kind in HEADER:
        r, color = radius, HEADER[kind]
        picture.path(f"M{x} {y + HEAD}V{y + r}Q{x} {y} {x + r} {y}H{x + w - r}"
                     f"Q{x + w} {y} {x + w} {y + r}V{y + HEAD}Z",
                     LINE, 1.4, fill=color)  # fmt: skip
    elif known and kind == "plain":
        picture.rect(x, y, w, HEAD, PANEL, LINE, 0)


def _head(picture: Picture, x, y, color, up: bool = False) -> None:
    """An arrow head whose tip is at `(x, y)`."""
    back = 9 if up else -9
    path = (
        f"M{x:.1f} {y:.1f}L{x - 4.5:.1f} {y + back:.1f}L{x + 4.5:.1f} {y + back:.1f}Z"
    )
    picture.path(path, color, 0, fill=color)


def _flows(step: Step | None, edge: Edge, source: int, target: int, view: View) -> bool:
    """Whether a gradient goes along this edge in this very step."""
    if step is None or step.kind != "backward" or edge.kind != "gradient":
        return False
    return step.box == target or (
        step.box == source and view.boxes[source].kind == "leaf"
    )
