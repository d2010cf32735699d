"""The autograd graph of a computation: what it holds, and how to record and show it.

    graph = graph_of(lambda: (x @ w + b).relu().sum())
    show(graph)

Nodes are operations and the tensors they begin with; edges are tensors. The edges of
kind `gradient` are those of `grad_fn.next_functions`, turned to point forward.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from torch import Tensor, nn

from .values import Value


class GraphError(ValueError):
    """The computation cannot be drawn; the message says why and what to do."""


@dataclass(frozen=True)
class Code:
    """The line that ran an operation; `start` and `end` mark the expression in it."""

    file: str
    number: int
    text: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Call:
    """One call of a module: its path in the model, its class, and which call it was."""

    path: str
    kind: str
    number: int


@dataclass(frozen=True)
class Saved:
    """A tensor that a node keeps for backward, as `grad_fn._saved_…` names it."""

    name: str
    tensor: str
    size: str
    bytes: int
    storage: int
    state: str = "kept"  # or "changed": an in-place operation came after


@dataclass
class Node:
    """One box of the graph.

    kind: `operation` (it has a grad_fn), `leaf` (asks for a gradient; its grad_fn is
    AccumulateGrad), `data` (asks for none) or `plain` (an operation off the graph).
    engine: the name that PyTorch prints, `ReluBackward0`.
    """

    index: int
    kind: str
    name: str
    engine: str = ""
    call: str = ""
    calls: tuple[Call, ...] = ()
    code: Code | None = None
    region: str = ""
    version: int = 0
    owner: str = ""
    values: dict[int, Value] = field(default_factory=dict)
    saved: list[Saved] = field(default_factory=list)
    grad: Value | None = None  # what `.grad` of a leaf held before backward

    @property
    def value(self) -> Value | None:
        """The first output."""
        return next((self.values[i] for i in sorted(self.values)), None)


@dataclass(frozen=True)
class Edge:
    """Output `output` of node `source` enters node `target` at position `slot`.

    kind: `gradient` (backward goes along it), `data` (nothing asks for a gradient) or
    `cut` (a gradient could come but is stopped: detach, no_grad, no derivative).
    """

    source: int
    output: int
    target: int
    slot: int
    kind: str


@dataclass
class Backward:
    """One node's turn in backward.

    received: the gradient of each of its outputs. sent: what it hands on, per slot.
    grad: for a leaf, what `.grad` holds after.
    """

    node: int
    turn: int
    received: dict[int, Value]
    sent: dict[int, Value]
    frees: bool
    grad: Value | None = None


@dataclass
class Graph:
    """A recorded computation; `nodes` stand in the order in which they ran."""

    nodes: list[Node]
    edges: list[Edge]
    backward: list[Backward]
    result: int

    @property
    def kept_bytes(self) -> int:
        """Bytes of the distinct tensors that are kept for backward."""
        saved = (s for node in self.nodes for s in node.saved)
        return sum({s.storage: s.bytes for s in saved}.values())


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
    from .recording import record

    return record(computation, names, gradient, passes)


def show(graph: Graph, step: int | None = None, unfold: str | tuple[str, ...] = ()):
    """The `Picture` of a graph: finished, or after step `step`.

    unfold: paths of modules to open where a large graph is folded, `"layer1.0"`, or
    `"all"`. Raises GraphError for a path that the graph does not have.
    """
    from .drawing import draw
    from .folding import fold

    return draw(fold(graph, unfold), step)
