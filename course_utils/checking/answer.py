"""What is read off an answer itself: empty bodies, a missing return, its own lines."""

from __future__ import annotations

import dis
import inspect
import linecache
import types
from collections.abc import Iterable

from .encode import Raised, describe_error

LINES = 5  # of a trace


class Trace:
    """Describes errors with the learner's own lines, and knows the stub's error.

    slug: the task; its stub raises `NotImplementedError(slug)`.
    names: the learner's, by which the learner's lines are known.
    """

    def __init__(self, slug: str, names: dict):
        self.slug, self.names = slug, names
        self.stub = ""

    def notice(self, error: BaseException | None) -> None:
        """See whether an error is the stub's own: then the answer is not written."""
        if type(error) is NotImplementedError and error.args == (self.slug,):
            self.stub = "raised"

    def look_at(self, value: object) -> None:
        """See whether a value is a gap that is not filled yet, or the stub's error."""
        parts = value if isinstance(value, tuple | list) else (value,)
        if any(part is ... for part in parts):
            self.stub = "raised"
        elif isinstance(value, Raised):
            self.notice(value.error)

    def describe(self, error: BaseException) -> dict:
        """Type, bases and message; `trace`, the learner's lines, the deepest last."""
        self.notice(error)
        lines, step = [], error.__traceback__
        while step is not None:
            frame = step.tb_frame
            if frame.f_globals is self.names:
                code = frame.f_code
                source = linecache.getline(code.co_filename, step.tb_lineno).strip()
                lines.append([code.co_name, step.tb_lineno, source])
                if len(lines) > 2 * LINES:  # a deep recursion
                    del lines[LINES]
            step = step.tb_next
        return {**describe_error(error), "trace": lines[-LINES:]}


def functions(values: Iterable[object]) -> dict[str, types.FunctionType]:
    """An answer's functions, and the methods of its classes, by their names."""
    found = {}
    for value in values:
        if inspect.isfunction(value):
            found[value.__name__] = value
        elif inspect.isclass(value):
            for name, member in vars(value).items():
                inner = getattr(member, "__func__", member)
                if inspect.isfunction(inner):
                    found[f"{value.__name__}.{name}"] = inner
    return found


def returns(values: Iterable[object]) -> dict[str, bool]:
    """For each function and method, whether it hands back anything but `None`."""
    return {
        name: bool(function.__code__.co_flags & GENERATOR)
        or any(_returns(function.__code__))
        for name, function in sorted(functions(values).items())
    }


GENERATOR = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR | inspect.CO_COROUTINE


def _returns(code: types.CodeType) -> Iterable[bool]:
    """For each `return` of a function, whether it hands back more than `None`."""
    before = None
    for step in dis.get_instructions(code):
        if step.opname == "RETURN_CONST":
            yield step.argval is not None
        elif step.opname == "RETURN_VALUE":
            nothing = before is not None and before.opname == "LOAD_CONST"
            yield not (nothing and before.argval is None)
        elif step.opname == "RAISE_VARARGS":
            yield True  # a function that only raises is not one that forgot to return
        before = step


def stub_of(values: Iterable[object]) -> str:
    """`"empty"` where a value is still `...`, or where a function, or every method of a
    class, has an empty body."""
    for value in values:
        if value is ...:
            return "empty"
        own = functions([value]).values()
        if own and all(_is_empty(function.__code__) for function in own):
            return "empty"
    return ""


EMPTY = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}


def _is_empty(code: types.CodeType) -> bool:
    steps = list(dis.get_instructions(code))
    consts = [s.argval for s in steps if s.opname in ("LOAD_CONST", "RETURN_CONST")]
    return all(s.opname in EMPTY for s in steps) and set(consts) <= {None}
