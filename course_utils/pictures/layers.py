"""What the layers of a module are, and what each gives for an input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

MAPS = 16  # channels of an output that are kept to be drawn


@dataclass(frozen=True)
class Layer:
    """One module of a tree.

    path: its name as in `named_modules()`, `""` for the module itself; depth: how deep
    it stands; kind: its class; leaf: whether it has no modules of its own.
    parameters, trainable: how many numbers it holds, all its own modules included.
    calls: how often it ran; shape: of its (first) output, None where it did not run.
    output: the first sample of that output, at most 16 channels of it.
    """

    path: str
    depth: int
    kind: str
    leaf: bool
    parameters: int
    trainable: int
    calls: int = 0
    shape: tuple[int, ...] | None = None
    output: Tensor | None = None

    @property
    def name(self) -> str:
        """The last part of the path; a module without a path has none."""
        return self.path.rpartition(".")[2]


def trace(module: nn.Module, x: Tensor) -> list[Layer]:
    """Run `module` on `x` in eval mode and return all its layers, the outermost first.

    The module is left as it was: its modes, hooks and gradients, and the random state.
    Whatever the module raises for `x` is raised.
    """
    seen: dict[str, list] = {}

    def keep(path, layer, inputs, output):
        tensor = _first(output)
        seen.setdefault(path, []).append(tensor if tensor is None else _sample(tensor))

    hooks = [
        layer.register_forward_hook(partial(keep, path))
        for path, layer in module.named_modules()
    ]
    try:
        with untouched(module):
            module(x)
    finally:
        for hook in hooks:
            hook.remove()
    return [_layer(path, m, seen.get(path, [])) for path, m in module.named_modules()]


@contextmanager
def untouched(module: nn.Module) -> Iterator[None]:
    """Eval mode without gradients; then modes and random state as they were."""
    modes = [(layer, layer.training) for layer in module.modules()]
    try:
        module.eval()
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            yield
    finally:
        for layer, training in modes:
            layer.training = training


def _layer(path: str, module: nn.Module, outputs: list) -> Layer:
    sizes = [(p.numel(), p.requires_grad) for p in module.parameters()]
    shape, sample = outputs[-1] or (None, None) if outputs else (None, None)
    return Layer(
        path=path,
        depth=path.count(".") + bool(path),
        kind=type(module).__name__,
        leaf=not list(module.children()),
        parameters=sum(size for size, _ in sizes),
        trainable=sum(size for size, trained in sizes if trained),
        calls=len(outputs),
        shape=shape,
        output=sample,
    )


def _first(output) -> Tensor | None:
    """The first tensor in an output of any structure."""
    if isinstance(output, Tensor):
        return output
    if isinstance(output, Mapping):
        output = list(output.values())
    for part in output if isinstance(output, (list, tuple)) else ():
        if (tensor := _first(part)) is not None:
            return tensor
    return None


def _sample(output: Tensor) -> tuple[tuple[int, ...], Tensor]:
    """The shape, and a copy of what is drawn: the next layer may write over it."""
    sample = output.detach()
    if sample.dim() > 1:
        sample = sample[0]
    if sample.dim() > 1:
        sample = sample[:MAPS]
    return tuple(output.shape), sample.clone().cpu()


def visible(layers: list[Layer], depth: int) -> list[Layer]:
    """The layers that are seen when the tree is folded below `depth`."""
    return [layer for layer in layers if layer.depth <= depth]
