"""The graph stepper: forward one operation at a time, then backward."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

import ipywidgets as widgets
from torch import Tensor, nn

from course_utils.graph import Graph, GraphError, graph_of
from course_utils.graph.drawing import Scene, strip
from course_utils.graph.folding import SMALL, fold
from course_utils.graph.legend import entries, legend_html
from course_utils.graph.window import Window
from course_utils.locale import _
from course_utils.locale.again import N_
from course_utils.pictures.svg import TYPE

from .base import Demo, choice, player
from .blame import plain_errors

FOLDED = "none"


@plain_errors
def stepper(
    computation: Callable[[], Tensor] | Graph,
    *,
    gradient: Tensor | None = None,
    passes: int = 1,
    step: int = 0,
    **names: Tensor | nn.Module,
) -> Demo:
    """Step through a computation: values appear going right, gradients coming back.

    computation: what `graph_of` takes, with the same `gradient`, `passes` and `names`;
    or a graph that it gave. step: where to begin; -1 is the last step.

    Raises GraphError for what cannot be drawn.
    """
    if type(step) is not int:
        raise GraphError(f"step= takes a whole number, not {step!r}.")
    graph = computation
    if not isinstance(graph, Graph):
        graph = graph_of(computation, gradient=gradient, passes=passes, **names)
    return Film(graph, step)


class Film(Demo):
    """The steps of a graph, with a legend that can be unfolded."""

    def __init__(self, graph: Graph, step: int):
        self.graph, self.scenes = graph, {FOLDED: Scene(fold(graph))}
        last = len(self.scenes[FOLDED].film) - 1
        start = last if step < 0 else min(step, last)
        controls: dict[str, widgets.Widget] = {"step": player("step", last, start)}
        if len(graph.nodes) > SMALL and (modules := _modules(graph)):
            controls["opened"] = choice("open module", [FOLDED, *modules])
            controls["opened"].observe(self._open, "value")
        words = N_("graph stepper: {last} steps, forward then backward", last=last)
        super().__init__(self._draw, controls, words, partial(strip, fold(graph)))
        self.legend = widgets.HTML(_legend(self.scenes[FOLDED]))
        row, picture, *rest = self.view.children
        self.view.children = [row, picture, self.legend, *rest]

    def _scene(self, opened: str) -> Scene:
        if opened not in self.scenes:
            self.scenes[opened] = Scene(fold(self.graph, opened))
        return self.scenes[opened]

    def _open(self, change) -> None:
        scene = self._scene(change["new"])
        self.controls["step"].max = len(scene.film) - 1
        self.legend.value = _legend(scene)

    def _draw(self, step: int, opened: str = FOLDED) -> Window:
        return self._scene(opened).window(step)


def _modules(graph: Graph) -> list[str]:
    """The modules that can be opened: those with operations of other modules inside."""
    inner = {call.path for node in graph.nodes for call in node.calls[:-1] if call.path}
    return sorted(inner)


def _legend(scene: Scene) -> str:
    """The meaning of the signs, folded."""
    chosen = entries(scene.view, scene.lines, bool(scene.view.graph.backward))
    heading = escape(_("What the signs mean"))
    return (
        f'<details style="{TYPE};line-height:1.5">'
        f"<summary>{heading}</summary>"
        '<ul style="list-style:none;margin:0;padding:0;columns:24em">'
        f"{legend_html(chosen)}</ul></details>"
    )
