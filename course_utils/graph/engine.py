"""What the autograd engine does in backward, read by hooks on its own nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.autograd.graph import Node as Function

from .model import Backward, Graph, GraphError, Saved
from .naming import told
from .recorder import Recorder
from .values import Value, size_text, take


def saved_by(function: Function, recorder: Recorder) -> list[Saved]:
    """The tensors that a grad_fn keeps for backward, by the names of its attributes.

    Raises GraphError where they have been freed by an earlier backward.
    """
    try:
        kept = _kept_tensors(function)
    except RuntimeError as error:
        if "second time" not in str(error):
            return [Saved("changed", "", "", 0, id(function), "changed")]
        raise GraphError(
            f"{function.name()} has freed what it kept: this graph has already been "
            "through backward. Compute the result again, or call "
            "backward(retain_graph=True) the first time."
        ) from None
    return [
        Saved(
            name,
            _who(tensor, function, recorder),
            size_text(tensor.shape),
            tensor.numel() * tensor.element_size(),
            _address(tensor),
        )
        for name, tensor in kept
    ]


def _kept_tensors(function: Function) -> list[tuple[str, Tensor]]:
    if (kept := getattr(function, "saved_tensors", None)) is not None:
        return [("saved", t) for t in kept if isinstance(t, Tensor)]
    found = []
    for name in dir(function):
        if name.startswith("_saved_"):
            value = getattr(function, name)
            several = value if isinstance(value, (tuple, list)) else [value]
            short = name.removeprefix("_saved_")
            found += [(short, t) for t in several if isinstance(t, Tensor)]
    return found


def _address(tensor: Tensor) -> int:
    try:
        return tensor.untyped_storage().data_ptr()
    except (RuntimeError, NotImplementedError):
        return id(tensor)


def _who(tensor: Tensor, function: Function, recorder: Recorder) -> str:
    """Which tensor this is: a leaf's name, or the operation that made it."""
    if id(tensor) in recorder.starts:
        return recorder.names.of(tensor)
    if tensor.grad_fn is function:
        return "its result"
    op = recorder.by_function.get(tensor.grad_fn)
    if op is None and id(tensor) in recorder.by_tensor:
        op = recorder.by_tensor[id(tensor)].maker
    if op is None:
        is_number = tensor.dim() == 0 and tensor.dtype is torch.float64
        return "a number" if is_number else ""
    return f"result of {op.name}"


def run_backward(
    graph: Graph,
    functions: dict[Function, int],
    result: Tensor,
    gradient: Tensor | None,
    passes: int,
) -> list[Backward]:
    """Call backward `passes` times, and write down each node's turn in order."""
    _check(graph, result, gradient)
    witness = Witness()
    with _kept_grads(functions), witness.hooked(functions):
        for witness.turn in range(passes):
            witness.frees = witness.turn == passes - 1
            try:
                torch.autograd.backward(result, gradient, not witness.frees)
            except Exception as error:
                raise told(error, "backward stopped") from None
    return witness.turns


def _check(graph: Graph, result: Tensor, gradient: Tensor | None) -> None:
    for node in graph.nodes:
        if any(saved.state == "changed" for saved in node.saved):
            raise GraphError(
                f"{node.engine} needs a tensor that an in-place operation has changed "
                "since. Use the operation without the underscore, or clone first."
            )
    if gradient is None and result.numel() != 1:
        raise GraphError(
            f"The result has shape {tuple(result.shape)}. backward starts from one "
            "number: sum or average it, or give gradient= of that shape."
        )
    if gradient is not None and gradient.shape != result.shape:
        raise GraphError(
            f"gradient= has shape {tuple(gradient.shape)}, the result "
            f"{tuple(result.shape)}; they must be the same."
        )


@contextmanager
def _kept_grads(functions: dict[Function, int]) -> Iterator[None]:
    """Give every leaf its `.grad` back as it was."""
    leaves = [f.variable for f in functions if hasattr(f, "variable")]
    grads = [leaf.grad for leaf in leaves]
    for leaf, grad in zip(leaves, grads, strict=True):
        leaf.grad = None if grad is None else grad.clone()
    try:
        yield
    finally:
        for leaf, grad in zip(leaves, grads, strict=True):
            leaf.grad = grad


class Witness:
    """Writes down every node's turn; the engine calls it before and after each."""

    def __init__(self):
        self.turn, self.frees = 0, True
        self.turns: list[Backward] = []

    @contextmanager
    def hooked(self, functions: dict[Function, int]) -> Iterator[None]:
        """Hooks on every node, removed at the end."""
        handles = [h for f, node in functions.items() for h in self._hook(f, node)]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _hook(self, function: Function, node: int) -> list:
        def before(received):
            values = _taken(received)
            self.turns.append(Backward(node, self.turn, values, {}, self.frees))

        def after(sent, received):
            turn = next(t for t in reversed(self.turns) if t.node == node)
            turn.sent.update(_taken(sent, summarize=False))
            if hasattr(function, "variable"):
                grad = function.variable.grad
                # The first gradient becomes .grad itself: no need to read it again.
                same = _address(received[0]) == _address(grad)
                turn.grad = turn.received[0] if same else take(grad)

        return [function.register_prehook(before), function.register_hook(after)]


def _taken(
    gradients: Sequence[Tensor | None], summarize: bool = True
) -> dict[int, Value]:
    """The gradients that are there, by position."""
    return {
        i: take(gradient, summarize)
        for i, gradient in enumerate(gradients)
        if gradient is not None
    }
