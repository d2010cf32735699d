"""Draw a graph: its boxes and lines, with words above and a legend below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from course_utils.pictures.palette import PANEL, PAPER
from course_utils.pictures.svg import Picture

from .boxes import draw_box, face_of
from .layout import Point, layout
from .legend import draw_legend, entries, legend_height
from .lines import Line, curve, draw_line, lines_of, write_shape
from .model import View
from .steps import State, state_at, steps
from .telling import Telling
from .window import Window

MARGIN = 12
WORDS = 700  # pixels of a line of words
LEGEND = 460  # pixels that a legend has at least
SHARP = 900  # pixels of a picture, from which its PNG is coarser: notebooks stay small
CAPTION = 22  # pixels above each picture of a strip
CROWD = 3  # lines into one box, beyond which what is the same is said once
FITS = 1200  # pixels of a graph that runs sideways; a longer one runs down
GROUND = 9  # pixels of the gray ground around a box


def draw(view: View, number: int | None = None) -> Picture:
    """The picture of a graph, finished (None) or after step `number`."""
    scene = Scene(view)
    if scene.width > FITS:
        scene = Scene(view, sideways=False)
    return scene.picture(number)


def strip(view: View) -> Picture:
    """The film in four pictures: its start, the middle of each half, its end."""
    scene = Scene(view, brief=True)
    kinds = [step.kind for step in scene.film]
    chosen = {0, len(kinds) - 1}
    for kind in ("forward", "backward"):
        if kind in kinds:
            chosen.add(kinds.index(kind) + (kinds.count(kind) - 1) // 2)
    height = len(chosen) * (scene.height + CAPTION)
    words = scene.telling.words(scene.state(None))
    picture = paper(max(scene.width, LEGEND), height, words)
    picture.sharpness = 0.8 if scene.width > SHARP else 1.0
    for i, number in enumerate(sorted(chosen)):
        top, state = i * (scene.height + CAPTION), scene.state(number)
        title = scene.telling.title(state.step)
        picture.text(MARGIN, top + CAPTION, title, 15, bold=True)
        scene.draw(picture, 0, top + CAPTION, state)
    return picture


class Scene:
    """A graph laid out once, to be drawn at any of its steps.

    sideways: forward runs from left to right, else from top to bottom. brief: boxes
    with their titles and numbers only.
    """

    def __init__(self, view: View, sideways: bool = True, brief: bool = False):
        self.view, self.sideways = view, sideways
        self.film = steps(view)
        self.faces = [face_of(view, box, brief) for box in view.boxes]
        self.lines = lines_of(view)
        self.plan = layout(
            [face.size for face in self.faces],
            [(line.source, line.target) for line in self.lines],
            sideways,
            [line.room for line in self.lines] if sideways else (),
        )
        self.telling = Telling(view, self.film, WORDS)
        right = self._route()
        self.width = max(self.plan.width, right) + 2 * MARGIN
        self.height = self.plan.height + 2 * MARGIN

    def _route(self) -> float:
        """Give each line its route and its place among those that enter a box; returns
        how far the shapes stand out to the right."""
        entering: dict[int, list[Line]] = {}
        plan = zip(self.lines, self.plan.routes, self.plan.stubs, strict=True)
        for line, line.route, line.stubs in plan:
            entering.setdefault(line.target, []).append(line)
        for lines in entering.values():
            lines.sort(key=lambda line: line.route[-1])
            for i, line in enumerate(lines):
                line.beside = len(lines) - 1 - i if i else 0
                line.first = i == 0 and len(lines) > 1
                if len(lines) > CROWD and line.slope == lines[-1].slope:
                    line.slope *= line is lines[-1]  # one for all of them
        return max(
            (line.route[0].x + line.room.start for line in self.lines), default=0
        )

    def state(self, number: int | None) -> State:
        """What is known after a step; everything for None."""
        return state_at(self.view, self.film, number)

    def picture(self, number: int | None = None) -> Picture:
        """The words of a step, the graph and its legend."""
        state = self.state(number)
        chosen = entries(self.view, self.lines, bool(state.turned))
        width = max(self.width, WORDS + 2 * MARGIN if state.step else LEGEND)
        top = MARGIN + self.telling.height if state.step else 0
        legend = top + self.height
        height = legend + legend_height(chosen, width - 2 * MARGIN)
        picture = paper(width, height, self.telling.words(state))
        if state.step:
            self.telling.draw(picture, MARGIN, MARGIN, state)
        self.draw(picture, (width - self.width) / 2, top, state)
        draw_legend(picture, chosen, MARGIN, legend, width - 2 * MARGIN)
        return picture

    def window(self, number: int) -> Window:
        """One step for a live page: the graph in a window, the words above it."""
        state = self.state(number)
        words = paper(WORDS + 2 * MARGIN, self.telling.height + MARGIN, "")
        self.telling.draw(words, MARGIN, MARGIN, state)
        window = Window(self.width, self.height, self.telling.words(state), words)
        window.rect(0, 0, window.width, window.height, PAPER, radius=0)
        self.draw(window, 0, 0, state)
        if state.step.box is not None:
            (x, y), face = self.plan.places[state.step.box], self.faces[state.step.box]
            right, down = (MARGIN + side / 2 for side in face.size)
            window.focus = Point(x + right, y + down)
        return window

    def draw(self, picture: Picture, left: float, top: float, state: State) -> None:
        """Draw the graph alone, in a picture of the scene's size or larger."""

        def moved(points: Sequence[Point]) -> list[Point]:
            return [Point(x + left + MARGIN, y + top + MARGIN) for x, y in points]

        places = moved(self.plan.places)
        lines = [replace(line, route=moved(line.route)) for line in self.lines]
        self._draw_grounds(picture, places, lines)
        for line in lines:
            draw_line(picture, line, state, self.sideways)
        for b, (place, face) in enumerate(zip(places, self.faces, strict=True)):
            draw_box(picture, self.view.boxes[b], face, place, state, b)
        for line in lines:
            write_shape(picture, line, self.sideways)

    def _draw_grounds(
        self, picture: Picture, places: list[Point], lines: list[Line]
    ) -> None:
        """A gray ground behind what ran under no_grad."""
        nodes = self.view.graph.nodes
        inside = {b for b, box in enumerate(self.view.boxes) if nodes[box.out].region}
        for line in lines:
            if {line.source, line.target} <= inside:
                way = curve(line, self.sideways)
                picture.path(way, PANEL, 30, stroke_linecap="round")
        for b in sorted(inside):
            (x, y), (w, h) = places[b], self.faces[b].size
            x, y, w, h = x - GROUND, y - GROUND, w + 2 * GROUND, h + 2 * GROUND
            picture.rect(x, y, w, h, PANEL, radius=10)


def paper(width: float, height: float, alt: str) -> Picture:
    """A picture with a ground, so that its lines can be read wherever it is shown."""
    picture = Picture(width, height, alt)
    picture.colors, picture.sharpness = 24, 1.1 if width < SHARP else 0.9
    picture.rect(0, 0, picture.width, picture.height, PAPER, radius=0)
    return picture
