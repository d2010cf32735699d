"""The autograd graph of a computation: what it holds, and how to record and show it.

    graph = graph_of(lambda: (x @ w + b).relu().sum())
    show(graph)

Nodes are operations and the tensors they begin with; edges are tensors. The edges of
kind `gradient` are those of `grad_fn.next_functions`, turned to point forward.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from .drawing import draw
from .folding import fold
from .model import Graph, GraphError
from .recording import record

__all__ = ["Graph", "GraphError", "graph_of", "show"]


def graph_of(
    computation: Callable[[], Tensor] | Tensor,
    *,
    gradient: Tensor | None = None,
    passes: int = 1,
    **names: Tensor | nn.Module,
) -> Graph:
    """Run `computation`, then backward from its result, and record both.

    computation: a function without arguments that returns one tensor; or a tensor,
    whose graph is drawn without the values in between.
    gradient: as in `Tensor.backward`, for a result of more than one element.
    passes: how many times to call backward; 0 records the forward pass only.
    names: tensors and modules by the names to draw. Those that the function uses are
    found by themselves, and the parameters of modules by `named_parameters()`.

    Every `.grad` is left as it was. Raises GraphError for what cannot be drawn.
    """
    __tracebackhide__ = True  # IPython leaves this frame out
    return record(computation, names, gradient, passes)


def show(graph: Graph, step: int | None = None, unfold: str | tuple[str, ...] = ()):
    """The `Picture` of a graph: finished, or after step `step`.

    unfold: paths of modules to open where a large graph is folded, `"layer1.0"`, or
    `"all"`. Raises GraphError for a path that the graph does not have.
    """
    return draw(fold(graph, unfold), step)
