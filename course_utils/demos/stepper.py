"""The graph stepper: forward one operation at a time, then backward."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets
from torch import Tensor, nn

from course_utils.graph import Graph, graph_of
from course_utils.graph.drawing import Scene
from course_utils.graph.folding import SMALL, fold

from .base import Demo, player

FOLDED = "none"


def stepper(
    computation: Callable[[], Tensor] | Graph,
    *,
    gradient: Tensor | None = None,
    passes: int = 1,
    step: int = 0,
    **names: Tensor | nn.Module,
) -> Demo:
    """Step through a computation: values appear going down, gradients coming back up.

    computation: what `graph_of` takes, with the same `gradient`, `passes` and `names`;
    or a graph that it gave. step: where to begin; -1 is the last step.

    Raises GraphError for what cannot be drawn.
    """
    graph = computation
    if not isinstance(graph, Graph):
        graph = graph_of(computation, gradient=gradient, passes=passes, **names)
    scenes = {FOLDED: Scene(fold(graph))}
    last = len(scenes[FOLDED].film) - 1
    slider = player("step", last)
    slider.value = slider.player.value = last if step < 0 else min(step, last)
    controls: dict[str, widgets.Widget] = {"step": slider}
    if len(graph.nodes) > SMALL and _modules(graph):
        controls["opened"] = widgets.Dropdown(
            options=[FOLDED, *_modules(graph)], description="open module",
            style={"description_width": "initial"},
        )  # fmt: skip

    def scene(opened: str) -> Scene:
        if opened not in scenes:
            scenes[opened] = Scene(fold(graph, opened))
        return scenes[opened]

    def resize(change) -> None:
        end = len(scene(change["new"]).film) - 1
        slider.max = slider.player.max = end

    def draw(step: int, opened: str = FOLDED):
        return scene(opened).picture(step)

    if "opened" in controls:
        controls["opened"].observe(resize, "value")
    return Demo(draw, controls, f"graph stepper: {last} steps, forward then backward")


def _modules(graph: Graph) -> list[str]:
    """The modules that can be opened: those with operations of other modules inside."""
    inner = {call.path for node in graph.nodes for call in node.calls[:-1] if call.path}
    return sorted(inner)
