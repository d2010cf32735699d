"""What an autograd graph holds, and which of it is drawn as one box."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from course_utils.errors import CourseError

from .values import Value


class GraphError(CourseError):
    """The computation cannot be drawn; the message says why and what to do."""


@dataclass(frozen=True)
class Code:
    """The line that ran an operation, without the `indent` spaces before it.

    start, end: of the expression in it, where Python tells.
    """

    file: str
    number: int
    text: str
    indent: int = 0
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


def total_bytes(saved: Iterable[Saved]) -> int:
    """Bytes of the distinct storages among saved tensors."""
    return sum({tensor.storage: tensor.bytes for tensor in saved}.values())


@dataclass
class Node:
    """One box of the graph.

    kind: `operation` (it has a grad_fn), `leaf` (asks for a gradient; its grad_fn is
    AccumulateGrad), `data` (asks for none) or `plain` (an operation off the graph).
    engine: the name that PyTorch prints, `ReluBackward0`.
    variable: what the learner's code calls the result.
    """

    index: int
    kind: str
    name: str
    engine: str = ""
    variable: str = ""
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
        return self.values[min(self.values)] if self.values else None


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

    @property
    def gradient(self) -> Value | None:
        """The gradient of the first output that received one."""
        return self.received[min(self.received)] if self.received else None


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
        return total_bytes(saved for node in self.nodes for saved in node.saved)

    def inputs(self, node: Node, kind: str | None = None) -> dict[int, Edge]:
        """The edges that enter a node, by slot; of one kind if it is given."""
        return {
            edge.slot: edge
            for edge in self.edges
            if edge.target == node.index and kind in (None, edge.kind)
        }


@dataclass
class Box:
    """What is drawn as one box: a node, or the nodes of a folded module.

    kind: as of a node, or `module` for what is folded.
    out: the node whose output leaves the box.
    """

    kind: str
    title: str
    subtitle: str
    nodes: tuple[int, ...]
    out: int


@dataclass
class View:
    """A graph as it is drawn: boxes, and the edges between them."""

    graph: Graph
    boxes: list[Box]
    home: list[int]  # node → box
    edges: list[Edge]  # of the graph, those that leave a box
