"""Run a computation once and write down its graph, forward and then backward."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import torch
from torch import Tensor, nn

from .assembly import assemble
from .engine import run_backward
from .model import Graph, GraphError
from .naming import Names, run, told, user_frames
from .recorder import Recorder
from .watching import watching


def record(
    computation: Callable[[], Tensor] | Tensor,
    names: dict[str, Tensor | nn.Module],
    gradient: Tensor | None,
    passes: int,
) -> Graph:
    """`graph_of`, see there."""
    __tracebackhide__ = True  # IPython leaves this frame out
    _check(computation, gradient, passes)
    recorder = Recorder(Names(computation, names))
    if isinstance(computation, Tensor):
        result = computation
        recorder.finish(*list(user_frames())[:1])
    else:
        try:
            with watching(recorder):
                result = run(computation)
        except Exception as error:
            raise told(error, "The computation stopped") from None
    if not isinstance(result, Tensor):
        kind = type(result).__name__
        hint = " Did you forget return?" if result is None else " Return one tensor."
        raise GraphError(f"The computation returned {kind}, not a tensor.{hint}")
    with torch._C.DisableTorchFunction():
        graph, functions = assemble(recorder, result)
    if result.requires_grad and passes:
        graph.backward = run_backward(graph, functions, result, gradient, passes)
    return graph


def _check(computation, gradient, passes) -> None:
    """Refuse what is no computation, before anything runs."""
    kind = type(computation).__name__
    if isinstance(computation, nn.Module):
        raise GraphError(
            f"{kind} is a model: give a function that calls it and returns one number, "
            "lambda: model(x).sum()."
        )
    if not isinstance(computation, Tensor) and not callable(computation):
        raise GraphError(f"Give a function without arguments, or a tensor; not {kind}.")
    if missing := _arguments(computation):
        raise GraphError(
            f"The function needs {', '.join(missing)}: give one without arguments, "
            f"lambda: f({', '.join(missing)})."
        )
    if gradient is not None and not isinstance(gradient, Tensor):
        raise GraphError(f"gradient= takes a tensor, not {type(gradient).__name__}.")
    if type(passes) is not int or passes < 0:
        raise GraphError(f"passes= takes a whole number from 0 on, not {passes!r}.")


def _arguments(computation) -> list[str]:
    """The arguments that a function cannot do without."""
    try:
        parameters = inspect.signature(computation).parameters.values()
    except (TypeError, ValueError):  # a tensor, or a builtin that tells nothing
        return []
    optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [
        p.name for p in parameters if p.default is p.empty and p.kind not in optional
    ]
