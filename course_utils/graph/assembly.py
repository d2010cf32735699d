"""Put the graph together from what autograd wrote down and what the recorder saw.

The edges come from `grad_fn.next_functions`, so they are PyTorch's own; the recorder
adds the values, the lines of code, and the operations that autograd left out.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from torch import Tensor
from torch.autograd.graph import Node as Function
from torch.autograd.graph import get_gradient_edge

from .engine import saved_by
from .model import Edge, Graph, GraphError, Node
from .naming import operation_name
from .recorder import LIMIT, Operation, Recorder, Source, Start
from .values import take

# What becomes a node: a grad_fn (AccumulateGrad for a leaf), an operation that autograd
# did not write down, or data.
Vertex: TypeAlias = Function | Operation | Start


@dataclass(frozen=True)
class Use:
    """Output `output` of a vertex enters `user` at position `slot`; kind as in Edge."""

    user: Vertex
    output: int
    slot: int
    kind: str


def assemble(recorder: Recorder, result: Tensor) -> tuple[Graph, dict[Function, int]]:
    """The graph of all that the result came from; and grad_fn → index of its node."""
    last = vertex(recorder.source(result))
    uses = reach(recorder, last)
    order = in_time(recorder, uses)
    index = {v: i for i, v in enumerate(order)}
    maker = NodeMaker(recorder)
    nodes = [maker.node(v, i) for v, i in index.items()]
    edges = [
        Edge(index[v], use.output, index[use.user], use.slot, use.kind)
        for v in order
        for use in uses[v]
    ]
    edges.sort(key=lambda edge: (edge.target, edge.slot))
    functions = {v: i for v, i in index.items() if _is_function(v)}
    for function, i in functions.items():
        nodes[i].saved = saved_by(function, recorder)
    return Graph(nodes, edges, [], index[last]), functions


def _is_function(v: Vertex) -> bool:
    return not isinstance(v, (Operation, Start))


def vertex(source: Source) -> Vertex:
    """What stands for a source in the graph."""
    if isinstance(source.maker, Start) and source.asks:
        return get_gradient_edge(source.maker.tensor).node  # its AccumulateGrad
    if isinstance(source.maker, Operation):
        # Another output of it may have a grad_fn: the values of max, not its indices.
        outputs = (source.maker.outputs[i] for i in source.maker.number)
        return next(filter(None, (out.grad_fn for out in outputs)), source.maker)
    return source.maker


def reach(recorder: Recorder, last: Vertex) -> dict[Vertex, list[Use]]:
    """Every vertex that the result came from, with its uses; walked from the end."""
    uses: dict[Vertex, list[Use]] = {last: []}
    todo = [last]
    while todo:
        user = todo.pop()
        if len(uses) > 4 * LIMIT:
            raise GraphError(f"More than {LIMIT:,} operations: too many to draw.")
        for v, use in inputs_of(recorder, user):
            if v not in uses:
                uses[v] = []
                todo.append(v)
            uses[v].append(use)
    return uses


def inputs_of(recorder: Recorder, user: Vertex) -> Iterator[tuple[Vertex, Use]]:
    """What enters a vertex, each with its use there."""
    op = user if isinstance(user, Operation) else recorder.by_function.get(user)
    if _is_function(user):
        for slot, (function, output) in enumerate(user.next_functions):
            if function is not None:
                yield function, Use(user, output, slot, "gradient")
    if op is None or (op is not user and not op.recorded):
        return  # inside a Function of one's own: its operations are not the graph's
    for slot, source in enumerate(op.sources):
        if not source.asks:
            yield vertex(source), Use(user, source.output, slot, "data")
        elif op is user:
            yield vertex(source), Use(user, source.output, slot, "cut")


def in_time(recorder: Recorder, uses: dict[Vertex, list[Use]]) -> list[Vertex]:
    """The vertices in the order in which they ran; a leaf stands before its first use.

    Sorting by time alone would not do: what we did not see run has none.
    """
    waiting = dict.fromkeys(uses, 0)
    for use in (use for found in uses.values() for use in found):
        waiting[use.user] += 1

    def when(v: Vertex) -> int:
        op = v if isinstance(v, Operation) else recorder.by_function.get(v)
        return op.index if op else -1

    order: list[Vertex] = []
    ready = [(when(v), i, v) for i, (v, n) in enumerate(waiting.items()) if n == 0]
    heapq.heapify(ready)
    tie = len(uses)  # among equal times the first that became ready is the first
    while ready:
        *_, v = heapq.heappop(ready)
        order.append(v)
        for use in uses[v]:
            waiting[use.user] -= 1
            if not waiting[use.user]:
                tie += 1
                heapq.heappush(ready, (when(use.user), tie, use.user))
    return order


class NodeMaker:
    """Makes the node that stands for a vertex."""

    def __init__(self, recorder: Recorder):
        self.recorder = recorder
        self.seen: dict[Vertex, list[Source]] = {}
        for source in recorder.seen:
            self.seen.setdefault(source.maker, []).append(source)
        self.variables: dict[Vertex, str] = {}
        for source, name in recorder.variables.items():
            if source.output == 0:
                self.variables.setdefault(vertex(source), name)

    def node(self, v: Vertex, index: int) -> Node:
        """The node of any vertex."""
        if isinstance(v, Start):
            return self._start(v, index, "data")
        if hasattr(v, "variable"):
            start = self.recorder.starts.get(id(v.variable))
            leaf = self._start(
                start or Start(v.variable, take(v.variable)), index, "leaf"
            )
            leaf.engine = engine_name(v)
            return leaf
        return self._operation(v, index)

    def _start(self, start: Start, index: int, kind: str) -> Node:
        tensor, names = start.tensor, self.recorder.names
        node = Node(index, kind, names.of(tensor), values={0: start.value})
        node.owner = names.owners.get(id(tensor), "")
        if kind == "leaf" and tensor.grad is not None:
            node.grad = take(tensor.grad)
        return node

    def _operation(self, v: Function | Operation, index: int) -> Node:
        op = v if isinstance(v, Operation) else self.recorder.by_function.get(v)
        if op is v:
            node = Node(index, "plain", op.name, values=dict(enumerate(op.values)))
        else:
            node = Node(index, "operation", operation_name(v.name()), engine_name(v))
            for source in self.seen.get(v, ()):
                seen = self.recorder.seen[source]
                node.values[source.output], node.calls = seen.value, seen.calls
        node.variable = self.variables.get(v, "")
        if op is not None:
            node.call, node.calls, node.code = op.call, op.calls, op.code
            node.region, node.version = op.region, op.version
            node.values.update({n: op.values[i] for i, n in op.number.items()})
            if op.recorded:  # else a Function of one's own, which has a better name
                node.name = op.name
        return node


def engine_name(function: Function) -> str:
    """The name that PyTorch prints, without the namespace in front."""
    return function.name().split("::")[-1]
