"""A check: run the learner's code and record named facts about it."""

from __future__ import annotations

import builtins
import copy
import dis
import types
import zlib
from collections.abc import Callable

import torch
from torch import nn

from course_utils.judging.compare import UNCHANGED

from .answer import Trace, returns, stub_of
from .encode import Raised, encode
from .state import State

VERSION = 2
PYTHON = dict(vars(builtins))  # Python's own, whatever the learner's code calls so


def raises(call: Callable) -> Raised:
    """Call without arguments and return what it raised, to be given to `see`."""
    try:
        call()
    except Exception as error:
        return Raised(error)
    return Raised(None)


class Check:
    """`@check("slug", points=3)` runs the function below it at once, and records.

    stem: the exercise.
    seed: every check starts from this seed, mixed with its slug.
    emit: called with each check's record when the check ends.
    setup: the names of the exercise's first cell.
    names: the learner's names, where the answers are found.

    The function runs with names of its own: the set-up's, Python's builtins, and those
    the answer defines. So it never meets what else a learner has called `labels` or
    `int`, nor does an answer that forgot `self.` meet a variable of the check.
    """

    def __init__(
        self,
        stem: str,
        seed: int,
        emit: Callable[[dict], None],
        setup: dict[str, object],
        names: dict[str, object],
    ):
        self.stem, self.seed, self.emit = stem, seed, emit
        self.setup, self.names = setup, names
        self.see: type[See] = See

    def __call__(self, slug: str, points: float = 0) -> Callable:
        def run(function: types.FunctionType) -> None:
            self.emit(self.record(slug, points, function))

        return run

    def record(self, slug: str, points: float, function: types.FunctionType) -> dict:
        """Run a check: `{"version", "stem", "task", "points", "observations", "error",
        "stub", "returns"}`.

        stub: `"raised"` where the stub's own error or a gap was met, `"empty"` where a
        function has an empty body, `"missing"` where a name is not defined, else `""`.
        returns: which functions hand something back.
        """
        answer, missing = self._answer(function.__code__)
        scope = {"__builtins__": PYTHON, "__name__": "check", **self.setup, **answer}
        body = types.FunctionType(
            function.__code__,
            scope,
            slug,
            function.__defaults__,
            function.__closure__,
        )
        see, error, state = self.see(slug, scope, self.names), None, State()
        state.fix(zlib.crc32(f"{self.seed}:{slug}".encode()))
        try:
            body(see)
            see.inputs()
        except KeyboardInterrupt:
            raise
        except BaseException as problem:
            error = see.trace.describe(problem)
        finally:
            state.restore()
        return {
            "version": VERSION,
            "stem": self.stem,
            "task": slug,
            "points": points,
            "observations": see.observations,
            "error": error,
            "stub": see.trace.stub or missing or stub_of(answer.values()),
            "returns": returns(answer.values()),
        }

    def _answer(self, code: types.CodeType) -> tuple[dict[str, object], str]:
        """What the check takes from the learner's names, all that is nobody else's; and
        whether one is missing."""
        wanted = names_in(code) - self.setup.keys() - PYTHON.keys()
        answer = {name: self.names[name] for name in wanted if name in self.names}
        return answer, "" if len(answer) == len(wanted) else "missing"


def names_in(code: types.CodeType) -> set[str]:
    """Every global name a function's code asks for, also in functions inside it."""
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    asked = {
        step.argval
        for step in dis.get_instructions(code)
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    return asked.union(*map(names_in, inner))


class See:
    """Records one named fact a call: `see("the shape", lambda: f(x).shape)`."""

    def __init__(self, slug: str, scope: dict, names: dict):
        self.scope, self.trace = scope, Trace(slug, names)
        self.observations: list[dict] = []
        self.given: list[tuple[object, str]] = []

    def __call__(
        self, name: str, value, rtol: float = 1e-4, atol: float = 1e-6, weight: int = 1
    ) -> None:
        """Record a fact; floating values are judged within `rtol` and `atol`.

        value: the fact, or a function of the check that makes it; what that raises is
        this fact's, and the check goes on.
        weight: how much the criterion counts.
        """
        if any(fact["name"] == name for fact in self.observations):
            raise ValueError(f"two observations are named {name!r}: rename one")
        if isinstance(value, types.FunctionType) and value.__globals__ is self.scope:
            seen = self._made(value)
        else:
            seen = encode(value)
        self.trace.look_at(value)
        fact = {"name": name, "value": seen}
        if (rtol, atol) != (1e-4, 1e-6):
            fact.update(rtol=rtol, atol=atol)
        if weight != 1:
            fact["weight"] = weight
        self.observations.append(fact)

    def _made(self, make: Callable) -> dict:
        try:
            value = make()
        except Exception as error:
            return {"kind": "error", **self.trace.describe(error)}
        self.trace.look_at(value)
        return encode(value)

    def give(self, value):
        """A copy of an input for the learner's code; at the end of the check it is
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
