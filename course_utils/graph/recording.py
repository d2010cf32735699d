"""Run a computation once and write down its graph, forward and then backward.

The edges come from `grad_fn.next_functions`; what a recorder saw adds the values, the
lines of code, and the operations that autograd left out.
"""

from __future__ import annotations

import heapq

import torch
from torch import Tensor
from torch.autograd.graph import get_gradient_edge

from .engine import run_backward, saved_by
from .model import Edge, Graph, GraphError, Node
from .naming import Names, operation_name
from .recorder import LIMIT, Operation, Recorder, watching
from .values import take


def record(computation, names: dict, gradient, passes: int) -> Graph:
    """`graph_of`, see there."""
    recorder = Recorder(Names(computation, names))
    if isinstance(computation, Tensor):
        result = computation
    elif not callable(computation):
        kind = type(computation).__name__
        raise GraphError(f"Give a function without arguments, or a tensor; not {kind}.")
    else:
        with watching(recorder):
            result = computation()
    if not isinstance(result, Tensor):
        kind = type(result).__name__
        hint = " Did you forget return?" if result is None else " Return one tensor."
        raise GraphError(f"The computation returned {kind}, not a tensor.{hint}")
    graph, functions = assemble(recorder, result)
    if result.requires_grad and passes:
        graph.backward = run_backward(graph, functions, result, gradient, passes)
    return graph


def assemble(recorder: Recorder, result: Tensor) -> tuple[Graph, dict]:
    """The graph of all that the result came from; and grad_fn → index of its node."""
    with torch._C.DisableTorchFunction():
        last = recorder.source(result)
        consumers = reach(recorder, last)
        order = in_time(recorder, consumers)
        index = {key: i for i, key in enumerate(order)}
        nodes = [make_node(recorder, key, i) for key, i in index.items()]
        edges = [
            Edge(index[key], output, index[user], slot, kind)
            for key in order
            for user, output, slot, kind in consumers[key]
        ]
        functions = {
            key: i for key, i in index.items() if hasattr(key, "next_functions")
        }
        for function, i in functions.items():
            nodes[i].saved = saved_by(function, recorder)
    edges.sort(key=lambda edge: (edge.target, edge.slot))
    return Graph(nodes, edges, [], index[key_of(last)]), functions


def key_of(source: tuple):
    """What stands for a node: a grad_fn, an operation's number, or a tensor's id."""
    kind, thing, _ = source
    if kind == "leaf":
        return get_gradient_edge(thing).node
    if kind == "operation":
        function = next((f for f in _functions(thing)), None)
        return function or ("operation", thing.index)
    return thing if kind == "function" else ("data", id(thing))


def _functions(op: Operation):
    return (
        out.grad_fn
        for i, out in enumerate(op.outputs)
        if i in op.number and out.grad_fn
    )


def reach(recorder: Recorder, last: tuple) -> dict:
    """Every node that the result came from → its uses (user, output, slot, kind)."""
    consumers: dict = {key_of(last): []}
    todo = list(consumers)
    while todo:
        key = todo.pop()
        if len(consumers) > 4 * LIMIT:
            raise GraphError(f"More than {LIMIT:,} operations: too many to draw.")
        for source, output, slot, kind in inputs_of(recorder, key):
            if source not in consumers:
                consumers[source] = []
                todo.append(source)
            consumers[source].append((key, output, slot, kind))
    return consumers


def inputs_of(recorder: Recorder, key):
    """The nodes that enter one: (key, output, slot, kind)."""
    if isinstance(key, tuple):
        op = recorder.operations[key[1]] if key[0] == "operation" else None
    else:
        op = recorder.by_function.get(key)
        for slot, (function, output) in enumerate(key.next_functions):
            if function is not None:
                yield function, output, slot, "gradient"
    if op is None or (not isinstance(key, tuple) and not op.recorded):
        return  # inside a Function of one's own: its operations are not the graph's
    for slot, source in enumerate(op.sources):
        asks = source[0] in ("function", "leaf")
        if not asks:
            yield key_of(source), source[2], slot, "data"
        elif isinstance(key, tuple):
            yield key_of(source), source[2], slot, "cut"


def in_time(recorder: Recorder, consumers: dict) -> list:
    """The nodes in the order in which they ran; a leaf stands before its first use."""
    waiting = dict.fromkeys(consumers, 0)
    for uses in consumers.values():
        for user, *_ in uses:
            waiting[user] += 1

    def when(key) -> float:
        if isinstance(key, tuple):
            return key[1] if key[0] == "operation" else -1
        op = recorder.by_function.get(key)
        return op.index if op else -1

    count = iter(range(len(consumers)))
    ready = [(when(k), next(count), k) for k, n in waiting.items() if n == 0]
    heapq.heapify(ready)
    order, ids = [], iter(range(len(consumers), 10**9))
    while ready:
        *_, key = heapq.heappop(ready)
        order.append(key)
        for user, *_ in consumers[key]:
            waiting[user] -= 1
            if not waiting[user]:
                heapq.heappush(ready, (when(user), next(ids), user))
    return order


def make_node(recorder: Recorder, key, index: int) -> Node:
    """The node that stands for a key."""
    if isinstance(key, tuple) and key[0] == "data":
        tensor, value = recorder.tensors[key[1]]
        return _start(recorder, tensor, value, index, "data", "")
    if hasattr(key, "variable"):
        tensor = key.variable
        known = recorder.tensors.get(id(tensor))
        value = known[1] if known else take(tensor)
        return _start(
            recorder, tensor, value, index, "leaf", key.name().split("::")[-1]
        )
    if isinstance(key, tuple):
        op = recorder.operations[key[1]]
        node = Node(
            index, "plain", op.name + op.detail, values=dict(enumerate(op.values))
        )
    else:
        op = recorder.by_function.get(key)
        node = Node(
            index, "operation", operation_name(key.name()), key.name().split("::")[-1]
        )
        for (function, output), (value, calls) in recorder.seen.items():
            if function is key:
                node.values[output], node.calls = value, calls
    if op is not None:
        node.call, node.calls, node.code = op.call, op.calls, op.code
        node.region, node.version = op.region, op.version
        node.values.update({n: op.values[i] for i, n in op.number.items()})
        if (
            node.kind == "operation" and op.recorded
        ):  # else a Function of one's own, which has a better name
            node.name = op.name + op.detail
    return node


def _start(recorder, tensor, value, index, kind, engine) -> Node:
    grad = take(tensor.grad) if kind == "leaf" and tensor.grad is not None else None
    name = recorder.names.of(tensor)
    owner = recorder.names.owners.get(id(tensor), "")
    return Node(index, kind, name, engine, owner=owner, values={0: value}, grad=grad)
