"""What things in a graph are called, and which line of code made them."""

from __future__ import annotations

import inspect
import itertools
import linecache
import re
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from traceback import walk_tb
from types import FrameType, TracebackType

from torch import Tensor, nn

from .model import Code, GraphError

OURS = str(Path(__file__).parents[1])
LIBRARIES = tuple({sysconfig.get_path(p) for p in ("purelib", "platlib", "stdlib")})
NOT_THE_LEARNERS = (OURS, *LIBRARIES, "<frozen")
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

    def of(self, tensor: Tensor) -> str:
        """The tensor's name; `tensor` where the code gives it none."""
        if id(tensor) not in self.names:
            found = (name_in(frame, tensor) for frame in user_frames())
            self.names[id(tensor)] = next(filter(None, found), "tensor")
            self.known.append(tensor)
        return self.names[id(tensor)]


def _used_by(computation) -> dict:
    """The variables of the surrounding code that the function reads."""
    try:
        used = inspect.getclosurevars(computation)
    except (TypeError, ValueError):
        return {}
    return {**used.globals, **used.nonlocals}


def run(computation: Callable):
    """Call it. `user_frames` looks no further out than here."""
    return computation()


def user_frames() -> Iterator[FrameType]:
    """Frames of the learner's code, innermost first: those of the computation that
    runs, else all."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code is not run.__code__:
        if not frame.f_code.co_filename.startswith(NOT_THE_LEARNERS):
            yield frame
        frame = frame.f_back


def told(error: Exception, what: str) -> Exception:
    """The learner's own error from their first line on, without PyTorch's lines and
    ours; as one sentence where it comes from no line of theirs."""
    if isinstance(error, GraphError):
        return error
    part = None
    for frame, line in reversed(list(walk_tb(error.__traceback__))):
        if not frame.f_code.co_filename.startswith(NOT_THE_LEARNERS):
            part = TracebackType(part, frame, frame.f_lasti, line)
    first = str(error).partition("\n")[0]
    return error.with_traceback(part) if part else GraphError(f"{what}: {first}")


def name_in(frame: FrameType, tensor: Tensor) -> str:
    """The variable of a frame that holds the tensor, or ""."""
    for name, thing in frame.f_locals.items():
        if thing is tensor and not name.startswith("_"):
            return name
    return ""


def code_line() -> Code | None:
    """The line of the learner's code that is running now."""
    frame = next(user_frames(), None)
    if frame is None:
        return None
    file, line = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(file, line)
    if not text.strip():
        return None
    columns = _columns(frame, line, text)
    indent = len(text) - len(text.lstrip())
    start, end = (c if c is None else max(c - indent, 0) for c in columns)
    return Code(file, line, text.strip(), indent, start, end)


def _columns(frame: FrameType, line: int, text: str) -> tuple[int | None, int | None]:
    """The part of the line that is running, where Python (3.11 on) tells."""
    if not hasattr(frame.f_code, "co_positions"):
        return None, None
    positions = frame.f_code.co_positions()
    where = next(itertools.islice(positions, frame.f_lasti // 2, None), None)
    if where is None or where[2] is None or (where[0], where[1]) != (line, line):
        return None, None
    raw = text.encode()
    return len(raw[: where[2]].decode()), len(raw[: where[3]].decode())
