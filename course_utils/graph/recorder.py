"""Watch a forward pass: the operations that run, and where their inputs come from.

Two modes watch: one sees the functions that the code calls, one sees the operations
that PyTorch runs for them.
"""

from __future__ import annotations

import sys
import warnings
from collections import deque
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn.modules import module as hooks
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from .model import Call, Code, GraphError
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
