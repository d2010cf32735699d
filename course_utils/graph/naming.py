"""What things in a graph are called, and which line of code made them."""

from __future__ import annotations

import inspect
import itertools
import linecache
import re
import sys
import sysconfig
from collections.abc import Callable

from torch import Tensor, nn

from .model import Code, GraphError

LIBRARIES = tuple({sysconfig.get_path(p) for p in ("purelib", "platlib", "stdlib")})
OURS = __file__.rpartition("/")[0] if "/" in __file__ else __file__.rpartition("\\")[0]
PLAIN = {
    "mm": "matmul",
    "bmm": "matmul",
    "mv": "matmul",
    "t": "transpose",
    "lift_fresh": "tensor",
    "native_batch_norm": "batch_norm",
    "cudnn_batch_norm": "batch_norm",
    "native_layer_norm": "layer_norm",
    "convolution": "conv",
    "convolution_overrideable": "conv",
    "mkldnn_convolution": "conv",
    "_adaptive_avg_pool2d": "adaptive_avg_pool2d",
    "max_pool2d_with_indices": "max_pool2d",
    "nll_loss_forward": "nll_loss",
    "nll_loss2d_forward": "nll_loss",
    "_to_copy": "to",
    "copy_slices": "copy into a slice",
    "_unsafe_view": "view",
}


def operation_name(engine_or_aten: str) -> str:
    """`ReluBackward0` → `relu`, `aten::mm` → `matmul`: the word people know."""
    name = re.sub(r"Backward\d*$", "", engine_or_aten)
    if name != name.lower():
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return PLAIN.get(name, name.lstrip("_"))


class Names:
    """The names of tensors: given, found in modules, or found in the code that ran."""

    def __init__(self, computation, given: dict[str, Tensor | nn.Module]):
        self.names: dict[int, str] = {}
        self.owners: dict[int, str] = {}
        self.modules: dict[int, str] = {}
        self.known: list = []  # ids are only valid while these live
        for name, thing in given.items():
            if not isinstance(thing, (Tensor, nn.Module)):
                kind = type(thing).__name__
                raise GraphError(f"{name} is a {kind}; name tensors and modules only.")
            self.learn(name, thing)
        for name, thing in _used_by(computation).items():
            self.learn(name, thing)

    def learn(self, name: str, thing) -> None:
        """Remember the name of a tensor, or the names of a module's parameters."""
        if isinstance(thing, Tensor):
            self.names.setdefault(id(thing), name)
            self.known.append(thing)
        elif isinstance(thing, nn.Module) and id(thing) not in self.modules:
            self._learn_module(thing)

    def _learn_module(self, root: nn.Module) -> None:
        self.known.append(root)
        root = getattr(root, "_orig_mod", root)  # compiled
        for path, module in root.named_modules():
            self.modules.setdefault(id(module), path)
        for path, tensor in [*root.named_parameters(), *root.named_buffers()]:
            self.names.setdefault(id(tensor), path)
            self.owners.setdefault(id(tensor), path.rpartition(".")[0] or path)

    def path(self, module: nn.Module) -> str:
        """The module's path in its model, `layer1.0`; "" for the model itself."""
        if id(module) not in self.modules:
            self._learn_module(module)
        return self.modules[id(module)]

    def of(self, tensor: Tensor, default: str = "tensor") -> str:
        """The tensor's name."""
        if id(tensor) not in self.names:
            self.names[id(tensor)] = _local_name(tensor) or default
            self.known.append(tensor)
        return self.names[id(tensor)]


def _used_by(computation) -> dict:
    """The variables of the surrounding code that the function reads."""
    if not isinstance(computation, Callable):
        return {}
    try:
        used = inspect.getclosurevars(computation)
    except (TypeError, ValueError):
        return {}
    return {**used.globals, **used.nonlocals}


def user_frames():
    """Frames of the caller's own code, innermost first."""
    frame = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if frame.f_code.co_name == "record" and file.startswith(OURS):
            return
        if not file.startswith((*LIBRARIES, OURS, "<frozen")):
            yield frame
        frame = frame.f_back


def _local_name(tensor: Tensor) -> str | None:
    for frame in user_frames():
        for name, thing in frame.f_locals.items():
            if thing is tensor and not name.startswith("_"):
                return name
    return None


def code_line() -> Code | None:
    """The line of the caller's code that is running now."""
    for frame in user_frames():
        code, line = frame.f_code, frame.f_lineno
        text = linecache.getline(code.co_filename, line)
        if not text.strip():
            return None
        indent = len(text) - len(text.lstrip())
        start, end = _columns(frame, line, text)
        if start is not None:
            start, end = max(start - indent, 0), end - indent
        return Code(code.co_filename, line, text.strip(), start, end)
    return None


def _columns(frame, line: int, text: str) -> tuple[int | None, int | None]:
    """The part of the line that is running, where Python (3.11 on) tells."""
    if not hasattr(frame.f_code, "co_positions"):
        return None, None
    positions = frame.f_code.co_positions()
    where = next(itertools.islice(positions, frame.f_lasti // 2, None), None)
    if where is None or where[2] is None or (where[0], where[1]) != (line, line):
        return None, None
    raw = text.encode()
    return len(raw[: where[2]].decode()), len(raw[: where[3]].decode())
