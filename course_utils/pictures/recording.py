"""Run a computation once and write down its graph, forward and then backward.

Two modes watch the forward pass: one sees the calls that the code makes, one sees the
operations that PyTorch runs for them. The edges come from `grad_fn.next_functions`.
"""

from __future__ import annotations

import heapq
import sys
import warnings
from collections import deque
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.autograd.graph import get_gradient_edge
from torch.nn.modules import module as hooks
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from .engine import run_backward, saved_by
from .graphs import Call, Code, Edge, Graph, GraphError, Node
from .naming import Names, code_line, operation_name
from .values import Value, take

LIMIT = 5_000  # operations; beyond it nobody can read the picture


@dataclass
class Operation:
    """One operation that ran. Its sources are those of `Recorder.source`."""

    index: int
    name: str
    sources: list[tuple]
    outputs: list[Tensor]
    values: list[Value]
    call: str
    calls: tuple[Call, ...]
    code: Code | None
    region: str
    recorded: bool  # autograd was on
    detail: str = ""
    version: int = 0
    number: dict[int, int] = field(default_factory=dict)  # output → grad_fn's output


class Recorder(TorchDispatchMode):
    """Watches the operations of a forward pass."""

    def __init__(self, names: Names):
        super().__init__()
        self.names = names
        self.operations: list[Operation] = []
        self.pending: deque[Operation] = deque(maxlen=64)
        self.by_function: dict = {}  # grad_fn → Operation
        self.by_tensor: dict[int, tuple] = {}  # id of a tensor off the graph → source
        self.tensors: dict[int, tuple[Tensor, Value]] = {}  # leaves and data
        self.seen: dict = {}  # (grad_fn, output) → Value, calls: seen when used
        self.call = ""
        self.calls: tuple[Call, ...] = ()
        self.count: dict[int, int] = {}

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        with torch._C.DisableTorchFunction():
            self.settle()
            inputs = list(tensors_in((args, tuple(kwargs.values()))))
            sources = [self.source(tensor) for tensor in inputs]
            out = func(*args, **kwargs)
            self.add(func, args, inputs, sources, list(tensors_in(out)))
        return out

    def add(self, func, args, inputs, sources, outputs) -> None:
        """Write one operation down."""
        if func._schema.name == "aten::lift_fresh":  # torch.tensor(…): it begins here
            return
        if len(self.operations) >= LIMIT:
            raise GraphError(
                f"More than {LIMIT:,} operations: too many to draw. "
                "Record fewer steps, a shorter sequence or a smaller model."
            )
        name = operation_name(func._schema.name.partition("::")[2])
        inplace = any(out is tensor for out in outputs for tensor in inputs)
        op = Operation(
            len(self.operations), name, sources, outputs, [take(o) for o in outputs],
            self.call, self.calls, code_line(), _region(), torch.is_grad_enabled(),
            _number(name, args), _version(outputs[0]) + 1 if inplace else 0,
        )  # fmt: skip
        self.operations.append(op)
        self.pending.append(op)
        for i, out in enumerate(outputs):
            self.by_tensor[id(out)] = ("operation", op, i)

    def settle(self) -> None:
        """Find the grad_fn of operations that have just finished."""
        for op in list(self.pending):
            for i, out in enumerate(op.outputs):
                function = out.grad_fn
                if function is not None and function not in self.by_function:
                    self.by_function[function] = op
                if function is not None and self.by_function[function] is op:
                    op.number[i] = out.output_nr
            if op.number:
                self.pending.remove(op)

    def source(self, tensor: Tensor) -> tuple:
        """Where a tensor comes from, as (kind, thing, number of the output)."""
        function = tensor.grad_fn
        if function is not None:
            key = (function, tensor.output_nr)
            if function not in self.by_function and key not in self.seen:
                self.seen[key] = (take(tensor), self.calls)
            return ("function", *key)
        if not tensor.requires_grad and id(tensor) in self.by_tensor:
            return self.by_tensor[id(tensor)]
        if id(tensor) not in self.tensors:
            self.names.of(tensor)
            self.tensors[id(tensor)] = (tensor, take(tensor))
        return ("leaf" if tensor.requires_grad else "data", tensor, 0)

    def enter(self, module: nn.Module, args) -> None:
        """A module begins its forward."""
        if _is_compiled(module):
            return
        path = self.names.path(module)
        number = self.count[id(module)] = self.count.get(id(module), 0) + 1
        self.calls += (Call(path, type(module).__name__, number),)

    def leave(self, module: nn.Module, args, output) -> None:
        """A module ends its forward."""
        if not _is_compiled(module):
            self.calls = self.calls[:-1]


class Calls(TorchFunctionMode):
    """Tells the recorder which function the code called."""

    def __init__(self, recorder: Recorder):
        super().__init__()
        self.recorder = recorder

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if name == "__get__":
            name = getattr(func.__self__, "__name__", "")
        self.recorder.call = name.strip("_")
        try:
            return func(*args, **(kwargs or {}))
        finally:
            self.recorder.call = ""


@contextmanager
def watching(recorder: Recorder):
    """Everything that watches, and nothing of it afterwards."""
    enter = hooks.register_module_forward_pre_hook(recorder.enter)
    leave = hooks.register_module_forward_hook(recorder.leave, always_call=True)
    with ExitStack() as stack:
        stack.callback(enter.remove)
        stack.callback(leave.remove)
        stack.enter_context(eager())
        stack.enter_context(Calls(recorder))
        stack.enter_context(recorder)
        yield
    with torch._C.DisableTorchFunction():
        recorder.settle()


@contextmanager
def eager():
    """Run compiled functions as the Python they were compiled from."""
    if "torch._dynamo" not in sys.modules:
        yield
        return
    with warnings.catch_warnings(), torch.compiler.set_stance("force_eager"):
        warnings.filterwarnings("ignore", "Using `torch.compile")  # about our hooks
        yield


def _is_compiled(module: nn.Module) -> bool:
    return type(module).__name__ == "OptimizedModule"


def record(computation, names: dict, gradient, passes: int) -> Graph:
    """`graph_of`, see there."""
    recorder = Recorder(Names(computation, names))
    if isinstance(computation, Tensor):
        result = computation
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


def tensors_in(tree):
    """The tensors in nested tuples, lists and dicts, in order."""
    todo = [tree]
    while todo:
        thing = todo.pop()
        if isinstance(thing, Tensor):
            yield thing
        elif isinstance(thing, (tuple, list)):
            todo.extend(reversed(thing))
        elif isinstance(thing, dict):
            todo.extend(reversed(thing.values()))


def _region() -> str:
    if torch.is_inference_mode_enabled():
        return "inference_mode"
    return "" if torch.is_grad_enabled() else "no_grad"


def _number(name: str, args) -> str:
    """The plain number in ` 2`, so that `pow 2` says all."""
    if name.rstrip("_") not in ("add", "sub", "rsub", "mul", "div", "pow"):
        return ""
    numbers = [
        a for a in args if isinstance(a, (int, float)) and not isinstance(a, bool)
    ]
    return f" {numbers[0]:.3g}" if len(numbers) == 1 else ""


def _version(tensor: Tensor) -> int:
    return 0 if tensor.is_inference() else tensor._version
