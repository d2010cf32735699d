"""Whose error it is: a wrong input's one sentence, or a line of the learner's own."""

from __future__ import annotations

import inspect
import linecache
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from traceback import walk_tb
from types import CodeType, TracebackType
from typing import TypeVar

from course_utils.errors import CourseError
from course_utils.locale.again import again

OURS = str(Path(__file__).parents[1])
LIBRARIES = tuple(
    sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")
)
Function = TypeVar("Function", bound=Callable)


def plain_errors(function: Function) -> Function:
    """Let a demo's call show no line of ours, whatever is wrong with its arguments.

    A CourseError is one sentence anyway; so is now a wrong keyword. What the learner's
    own code raises inside is shown from the learner's line on.
    """

    @wraps(function)
    def call(*args, **keywords):
        __tracebackhide__ = True  # IPython leaves this frame out
        signature = inspect.signature(function)
        try:
            signature.bind(*args, **keywords)
        except TypeError as error:
            takes = ", ".join(signature.parameters)
            message = f"{function.__name__}: {error}; it takes {takes}."
            raise CourseError(message) from None
        try:
            return function(*args, **keywords)
        except CourseError:
            raise
        except Exception as error:
            own = learners_part(error)
            raise error.with_traceback(own or error.__traceback__) from None

    return call


@contextmanager
def taken_by(refusal: str) -> Iterator[None]:
    """Tell what a library raises as one sentence: the refusal, and the library's words.

    What comes from a line of the learner's is left as it is.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, CourseError) or learners_part(error):
            raise
        message = str(error).partition("\n")[0].rstrip(".")
        raise CourseError(f"{again(refusal)}: {message}.") from None


def learners_part(error: BaseException) -> TracebackType | None:
    """The error's traceback from the learner's first line on, without lines of ours.

    None where the error did not come through the learner's code: then it is a bug.
    """
    frames = list(walk_tb(error.__traceback__))
    codes = [frame.f_code for frame, _ in frames]
    first = next((i for i, code in enumerate(codes) if _learners(code)), len(codes))
    part = None
    for frame, line in reversed(frames[first:]):
        if not frame.f_code.co_filename.startswith(OURS):
            part = TracebackType(part, frame, frame.f_lasti, line)
    return part


def sentence(error: Exception) -> str:
    """What is wrong, in one line; empty for an error that is ours."""
    if isinstance(error, CourseError):
        return str(error)
    own = learners_part(error)
    if own is None:
        return ""
    lines = [(f, n) for f, n in walk_tb(own) if _learners(f.f_code)]
    frame, number = lines[-1]
    code = linecache.getline(frame.f_code.co_filename, number).strip()
    message = str(error).partition("\n")[0]
    return f"{type(error).__name__} in your line `{code}`: {message}"


def _learners(code: CodeType) -> bool:
    name = code.co_filename
    return not name.startswith((OURS, *LIBRARIES, "<frozen"))
