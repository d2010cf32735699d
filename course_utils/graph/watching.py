"""Watch a computation while it runs, and leave nothing behind.

Two modes watch: one sees the functions that the code calls, the recorder sees the
operations that PyTorch runs for them.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch.nn.modules import module as hooks
from torch.overrides import TorchFunctionMode

from .recorder import Recorder


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
def watching(recorder: Recorder) -> Iterator[None]:
    """Everything that watches, and nothing of it afterwards."""
    enter = hooks.register_module_forward_pre_hook(recorder.enter)
    leave = hooks.register_module_forward_hook(recorder.leave, always_call=True)
    with ExitStack() as stack:
        stack.callback(recorder.frames.clear)
        stack.callback(enter.remove)
        stack.callback(leave.remove)
        stack.enter_context(eager())
        stack.enter_context(Calls(recorder))
        stack.enter_context(recorder)
        yield
        with torch._C.DisableTorchFunction():
            recorder.settle()
            recorder.finish()


@contextmanager
def eager() -> Iterator[None]:
    """Run compiled functions as the Python they were compiled from."""
    if "torch._dynamo" not in sys.modules:
        yield
        return
    with warnings.catch_warnings(), torch.compiler.set_stance("force_eager"):
        warnings.filterwarnings("ignore", "Using `torch.compile")  # about our hooks
        yield
