"""A check block: run the learner's code and record named facts about it."""

from __future__ import annotations

import copy
import inspect
import linecache
import os
import random
import sys
import types
import warnings
import zlib
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from course_utils.judging.compare import UNCHANGED

from .encode import Raised, describe_error, encode

VERSION = 1
TRACE_LINES = 5


def raises(call: Callable) -> Raised:
    """Call without arguments and return the exception it raised, to be given to `see`.

    A NotImplementedError goes through: it marks an answer that is still empty.
    """
    try:
        call()
    except NotImplementedError:
        raise
    except Exception as error:
        return Raised(error)
    return Raised(None)


class Check:
    """`with check("slug", points=3) as see:` records what the block observes.

    stem: the exercise.
    seed: every block starts from this seed, mixed with its slug.
    emit: called with each block's record when the block ends.
    """

    def __init__(self, stem: str, seed: int, emit: Callable[[dict], None]):
        self.stem, self.seed, self.emit = stem, seed, emit

    def __call__(self, slug: str, points: float = 1) -> Block:
        return Block(self, slug, points)


class Block:
    """One `with` block: a fixed state before it, nothing left behind after it."""

    def __init__(self, check: Check, slug: str, points: float):
        self.check, self.slug, self.points = check, slug, points

    def __enter__(self) -> See:
        self.state = State()
        seed = zlib.crc32(f"{self.check.seed}:{self.slug}".encode())
        self.state.fix(seed)
        self.see = See()
        return self.see

    def __exit__(self, kind, error, trace) -> bool:
        frame = sys._getframe(1)
        try:
            if isinstance(error, KeyboardInterrupt):
                return False
            if error is None:
                self.see.inputs()
            record = {
                "version": VERSION,
                "stem": self.check.stem,
                "task": self.slug,
                "points": self.points,
                "observations": self.see.observations,
                "error": None if error is None else _error(error, trace, frame),
                "stub": _is_empty(frame),
            }
        finally:
            self.state.restore()
        self.check.emit(record)
        return True


class See:
    """Records one named fact a call: `see("the shape", x.shape)`."""

    def __init__(self):
        self.observations: list[dict] = []
        self.given: list[tuple[object, str]] = []

    def __call__(self, name: str, value, rtol: float = 1e-4, atol: float = 1e-6):
        """Record a fact; floating values are judged within `rtol` and `atol`."""
        if any(fact["name"] == name for fact in self.observations):
            raise ValueError(f"two observations are named {name!r}: rename one")
        fact = {"name": name, "value": encode(value)}
        if (rtol, atol) != (1e-4, 1e-6):
            fact.update(rtol=rtol, atol=atol)
        self.observations.append(fact)

    def give(self, value):
        """A copy of an input for the learner's code; at the end of the block it is
        observed whether that code left the copy as it was."""
        given = _copy(value)
        self.given.append((given, _fingerprint(given)))
        return given

    def inputs(self) -> None:
        """Record whether every given input is as it was."""
        if self.given:
            self(UNCHANGED, all(_fingerprint(v) == f for v, f in self.given))


def _copy(value):
    if type(value) is torch.Tensor:
        return value.detach().clone().requires_grad_(value.requires_grad)
    return copy.deepcopy(value)


def _fingerprint(value) -> str:
    if isinstance(value, nn.Module):
        state = {**dict(value.named_parameters()), **dict(value.named_buffers())}
        modes = {name: module.training for name, module in value.named_modules()}
        grads = {name: p.requires_grad for name, p in value.named_parameters()}
        value = (state, modes, grads)
    return repr(encode(value, limit=10**7))


# ------------------------------------------------- what a block starts and ends with


def _device() -> torch.device:
    try:
        return torch.get_default_device()
    except AttributeError:  # in torch 2.9, after set_default_device(None)
        return torch.device("cpu")


class State:
    """Seeds and global switches of Python, NumPy and PyTorch, to be put back."""

    def __init__(self):
        self.random = random.getstate(), np.random.get_state(), torch.get_rng_state()
        self.grad, self.dtype = torch.is_grad_enabled(), torch.get_default_dtype()
        self.device, self.threads = _device(), torch.get_num_threads()
        self.deterministic = torch.are_deterministic_algorithms_enabled()
        self.anomaly = torch.is_anomaly_enabled()
        self.cwd, self.recursion = os.getcwd(), sys.getrecursionlimit()
        self.warnings = warnings.catch_warnings()

    def fix(self, seed: int) -> None:
        """The state every block starts from."""
        self.warnings.__enter__()
        warnings.simplefilter("default")
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        self._switch(True, torch.float32, torch.device("cpu"), 1, False, False)

    def restore(self) -> None:
        """Put back all that `fix`, or the learner's code, has changed."""
        self.warnings.__exit__(None, None, None)
        random.setstate(self.random[0])
        np.random.set_state(self.random[1])
        torch.set_rng_state(self.random[2])
        self._switch(
            self.grad,
            self.dtype,
            self.device,
            self.threads,
            self.deterministic,
            self.anomaly,
        )
        os.chdir(self.cwd)
        sys.setrecursionlimit(self.recursion)

    def _switch(self, grad, dtype, device, threads, deterministic, anomaly) -> None:
        torch.set_grad_enabled(grad)
        torch.set_default_dtype(dtype)
        if _device() != device:  # any set device slows every call
            torch.set_default_device(None if device.type == "cpu" else device)
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(deterministic)
        torch.autograd.set_detect_anomaly(anomaly)


# --------------------------------------------------------- what went wrong, and where


def _error(error: BaseException, trace, frame) -> dict:
    """The error with the learner's own lines, the deepest last."""
    told = describe_error(error)
    lines = []
    while trace is not None:
        code = trace.tb_frame.f_code
        if trace.tb_frame.f_globals is frame.f_globals and code is not frame.f_code:
            source = linecache.getline(code.co_filename, trace.tb_lineno).strip()
            lines.append([code.co_name, trace.tb_lineno, source])
            if len(lines) > 2 * TRACE_LINES:
                del lines[TRACE_LINES]
        last, trace = trace, trace.tb_next
    told["trace"] = lines[-TRACE_LINES:]
    told["in_check"] = last.tb_frame.f_code is frame.f_code
    return told


def _is_empty(frame) -> bool:
    """Whether a function or class that the check uses has nothing in its body."""
    for name in _names(frame.f_code):
        value = frame.f_globals.get(name)
        if getattr(value, "__module__", None) == frame.f_globals.get("__name__"):
            if inspect.isfunction(value) or inspect.isclass(value):
                if _is_stub(value):
                    return True
    return False


def _names(code: types.CodeType) -> set[str]:
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return set(code.co_names).union(*map(_names, inner))


def _is_stub(value) -> bool:
    if inspect.isfunction(value):
        return value.__code__.co_code in EMPTY
    own = [v for v in vars(value).values() if inspect.isfunction(v)]
    return bool(own) and all(map(_is_stub, own))


def _nothing():
    pass


EMPTY = {_nothing.__code__.co_code, (lambda: ...).__code__.co_code}
