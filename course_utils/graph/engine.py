"""What the autograd engine does in backward, read by hooks on its own nodes."""

from __future__ import annotations

from contextlib import contextmanager

import torch
from torch import Tensor

from .model import Backward, Graph, GraphError, Saved
from .values import Value, take


def saved_by(function, recorder) -> list[Saved]:
    """The tensors that a grad_fn keeps for backward, by the names of its attributes.

    Raises GraphError where they have been freed by an earlier backward.
    """
    try:
        found = _kept_tensors(function)
    except RuntimeError as error:
        if "second time" not in str(error):
            return [_changed(function, error)]
        raise GraphError(
            f"{function.name()} has freed what it kept: this graph has already been "
            "through backward. Compute the result again, or call "
            "backward(retain_graph=True) the first time."
        ) from None
    return [
        Saved(name, _who(tensor, function, recorder), take_size(tensor),
              tensor.numel() * tensor.element_size(), _address(tensor))
        for name, tensor in found
    ]  # fmt: skip


def _kept_tensors(function) -> list[tuple[str, Tensor]]:
    kept = getattr(function, "saved_tensors", None)
    if kept is not None:
        return [("saved", t) for t in kept if isinstance(t, Tensor)]
    found = []
    for name in dir(function):
        if name.startswith("_saved_"):
            value = getattr(function, name)
            several = value if isinstance(value, (tuple, list)) else [value]
            short = name.removeprefix("_saved_")
            found += [(short, t) for t in several if isinstance(t, Tensor)]
    return found


def _changed(function, error: RuntimeError) -> Saved:
    return Saved("changed", "", "", 0, id(function), "changed")


def take_size(tensor: Tensor) -> str:
    """The shape as text."""
    return "×".join(map(str, tensor.shape)) or "scalar"


def _address(tensor: Tensor) -> int:
    try:
        return tensor.untyped_storage().data_ptr()
    except (RuntimeError, NotImplementedError):
        return id(tensor)


def _who(tensor: Tensor, function, recorder) -> str:
    """Which tensor this is: a leaf's name, or the operation that made it."""
    if id(tensor) in recorder.tensors:
        return recorder.names.of(tensor)
    if tensor.grad_fn is function:
        return "its result"
    op = recorder.by_function.get(tensor.grad_fn)
    if op is None and id(tensor) in recorder.by_tensor:
        op = recorder.by_tensor[id(tensor)][1]
    if op is None and tensor.dim() == 0 and tensor.dtype is torch.float64:
        return "a number"
    return f"result of {op.name}" if op else ""


def run_backward(graph: Graph, functions: dict, result: Tensor, gradient, passes: int):
    """Call backward `passes` times, and write down each node's turn in order."""
    _check(graph, result, gradient)
    turns: list[Backward] = []
    with _kept_grads(functions), _hooks(functions, turns) as state:
        for turn in range(passes):
            state.update(turn=turn, frees=turn == passes - 1)
            try:
                torch.autograd.backward(
                    result, gradient, retain_graph=not state["frees"]
                )
            except RuntimeError as error:
                raise GraphError(
                    f"backward stopped: {str(error).splitlines()[0]}"
                ) from None
    return turns


def _check(graph: Graph, result: Tensor, gradient) -> None:
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
def _kept_grads(functions: dict):
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


@contextmanager
def _hooks(functions: dict, turns: list[Backward]):
    """A hook before and after every node, removed at the end."""
    state: dict = {"turn": 0, "frees": True}
    handles = []

    def watch(function, node: int) -> None:
        def before(received):
            turns.append(
                Backward(node, state["turn"], _taken(received), {}, state["frees"])
            )

        def after(sent, received):
            turn = next(t for t in reversed(turns) if t.node == node)
            turn.sent.update(_taken(sent, summarize=False))
            if hasattr(function, "variable"):
                grad = function.variable.grad
                same = _address(received[0]) == _address(grad)
                turn.grad = turn.received[0] if same else take(grad)

        handles.append(function.register_prehook(before))
        handles.append(function.register_hook(after))

    for function, node in functions.items():
        watch(function, node)
    try:
        yield state
    finally:
        for handle in handles:
            handle.remove()


def _taken(gradients, summarize: bool = True) -> dict[int, Value]:
    """The gradients that are there, by position."""
    found = ((i, g) for i, g in enumerate(gradients) if g is not None)
    return {i: take(g, summarize) for i, g in found}
