"""Write a forward pass down: what ran, and where its inputs came from."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node as Function
from torch.utils._python_dispatch import TorchDispatchMode

from .model import Call, Code, GraphError
from .naming import Names, code_line, name_in, operation_name, user_frames
from .values import Value, take

LIMIT = 5_000  # operations; beyond it nobody can read the picture
WITH_NUMBER = ("add", "sub", "rsub", "mul", "div", "pow")


@dataclass(eq=False)
class Start:
    """A tensor that no operation made while we watched: a leaf, or plain data."""

    tensor: Tensor
    value: Value  # before anything could overwrite it


@dataclass(frozen=True)
class Source:
    """Where a tensor comes from: output number `output` of `maker`.

    maker: the grad_fn that autograd wrote down; an operation, where it wrote down
    none; or the start itself. asks: whether a gradient can come back to it.
    """

    maker: Function | Operation | Start
    output: int = 0
    asks: bool = True


@dataclass(eq=False)
class Operation:
    """One operation that ran, with where its inputs came from."""

    index: int
    name: str
    sources: list[Source]
    outputs: list[Tensor]
    values: list[Value]
    call: str
    calls: tuple[Call, ...]
    code: Code | None
    region: str
    recorded: bool  # autograd was on
    version: int = 0
    number: dict[int, int] = field(default_factory=dict)  # output → grad_fn's output


@dataclass(frozen=True)
class Seen:
    """The output of a grad_fn whose operation we did not see, as it was when used."""

    value: Value
    calls: tuple[Call, ...]


class Recorder(TorchDispatchMode):
    """Watches the operations of a forward pass."""

    def __init__(self, names: Names):
        super().__init__()
        self.names = names
        self.operations: list[Operation] = []
        self.pending: deque[Operation] = deque(maxlen=64)
        self.by_function: dict[Function, Operation] = {}
        self.by_tensor: dict[int, Source] = {}  # ids of tensors that asked for nothing
        self.aliases: list[Tensor] = []  # kept, so that their ids stay theirs
        self.starts: dict[int, Start] = {}  # by the tensor's id
        self.seen: dict[Source, Seen] = {}
        self.variables: dict[Source, str] = {}  # what the code calls a result
        self.frames: dict[int, FrameType] = {}
        self.call = ""
        self.calls: tuple[Call, ...] = ()
        self.count: Counter[tuple[str, str]] = Counter()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        with torch._C.DisableTorchFunction():
            self.settle()
            inputs = list(tensors_in((args, tuple(kwargs.values()))))
            sources = [self.source(tensor) for tensor in inputs]
            self._learn_names(inputs, sources)
            out = func(*args, **kwargs)
            self._add(func, args, inputs, sources, list(tensors_in(out)))
        return out

    def _add(self, func, args, inputs, sources, outputs) -> None:
        """Write one operation down."""
        kind = func._schema.name
        if kind == "aten::lift_fresh":  # torch.tensor(…): it begins here
            return
        if kind == "aten::detach" and self.call != "detach" and not sources[0].asks:
            self.by_tensor[id(outputs[0])] = sources[0]  # PyTorch's own: torch.zeros(…)
            self.aliases.append(outputs[0])
            return
        if len(self.operations) >= LIMIT:
            raise GraphError(
                f"More than {LIMIT:,} operations: too many to draw. "
                "Record fewer steps, a shorter sequence or a smaller model."
            )
        name = operation_name(kind.partition("::")[2])
        in_place = any(out is tensor for out in outputs for tensor in inputs)
        op = Operation(
            index=len(self.operations),
            name=name + _number(name, args),
            sources=sources,
            outputs=outputs,
            values=[take(out) for out in outputs],
            call=self.call,
            calls=self.calls,
            code=code_line(),
            region=_region(),
            recorded=torch.is_grad_enabled(),
            version=_version(outputs[0]) + 1 if in_place else 0,
        )
        self.operations.append(op)
        self.pending.append(op)
        for i, out in enumerate(outputs):
            self.by_tensor[id(out)] = Source(op, i, asks=False)

    def settle(self) -> None:
        """Find the grad_fn of operations that have just finished.

        Autograd sets it after our mode has returned, so it is looked up at the next
        operation.
        """
        for op in list(self.pending):
            for i, out in enumerate(op.outputs):
                function = out.grad_fn
                if function is None:
                    continue
                if self.by_function.setdefault(function, op) is op:
                    op.number[i] = out.output_nr
            if op.number:
                self.pending.remove(op)

    def source(self, tensor: Tensor) -> Source:
        """Where a tensor comes from; the value of one that is new here is kept."""
        source = self._result(tensor)
        if source is None:
            if id(tensor) not in self.starts:
                self.names.of(tensor)
                self.starts[id(tensor)] = Start(tensor, take(tensor))
            return Source(self.starts[id(tensor)], asks=tensor.requires_grad)
        if source.asks and source.maker not in self.by_function:
            if source not in self.seen:
                self.seen[source] = Seen(take(tensor), self.calls)
        return source

    def _result(self, tensor: Tensor) -> Source | None:
        """The same for what an operation made; None for what we start from."""
        if tensor.grad_fn is not None:
            return Source(tensor.grad_fn, tensor.output_nr)
        return None if tensor.requires_grad else self.by_tensor.get(id(tensor))

    def _learn_names(self, tensors: list[Tensor], sources: list[Source]) -> None:
        """What the code calls the results that it now uses.

        A loop that binds `h` again and again tells each of them only here.
        """
        frames = list(user_frames())
        self.frames.update((id(frame), frame) for frame in frames)
        for tensor, source in zip(tensors, sources, strict=True):
            if isinstance(source.maker, Start) or source in self.variables:
                continue
            names = (name_in(frame, tensor) for frame in reversed(frames))
            if name := next(filter(None, names), ""):
                self.variables[source] = name

    def finish(self, *more: FrameType) -> None:
        """Find the names of results that nothing used, and let go of the frames.

        more: frames of the caller, where the computation has run already.
        """
        for frame in (*self.frames.values(), *more):
            for name, thing in list(frame.f_locals.items()):
                if isinstance(thing, Tensor) and not name.startswith("_"):
                    source = self._result(thing)
                    if source is not None:
                        self.variables.setdefault(source, name)
        self.frames.clear()

    def enter(self, module: nn.Module, args) -> None:
        """A module begins its forward."""
        if _is_compiled(module):
            return
        path, kind = self.names.path(module), type(module).__name__
        self.count[path, kind] += 1
        self.calls += (Call(path, kind, self.count[path, kind]),)

    def leave(self, module: nn.Module, args, output) -> None:
        """A module ends its forward."""
        if not _is_compiled(module):
            self.calls = self.calls[:-1]


def _is_compiled(module: nn.Module) -> bool:
    return type(module).__name__ == "OptimizedModule"


def tensors_in(tree) -> Iterator[Tensor]:
    """The tensors in nested tuples, lists and dicts, in order."""
    if isinstance(tree, Tensor):
        yield tree
    elif isinstance(tree, (tuple, list, dict)):
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from tensors_in(part)


def _region() -> str:
    if torch.is_inference_mode_enabled():
        return "inference_mode"
    return "" if torch.is_grad_enabled() else "no_grad"


def _number(name: str, args) -> str:
    """The plain number in ` 2`, so that `pow 2` says all."""
    if name.rstrip("_") not in WITH_NUMBER:
        return ""
    numbers = [a for a in args if type(a) in (int, float)]
    return f" {numbers[0]:.3g}" if len(numbers) == 1 else ""


def _version(tensor: Tensor) -> int:
    return 0 if tensor.is_inference() else tensor._version
