"""What a difference, a reason or a known mistake says to a learner, in sentences.

To change the words of a failed criterion, change them here: nothing else reads them.
"""

from __future__ import annotations

import json

from .compare import UNCHANGED, Criterion, Verdict, Why
from .difference import Difference

NOTES = {
    Why.NOT_RUN: "Run your answer cell first, then this cell.",
    Why.STUB: "Write your answer, run its cell, and then the check.",
    Why.EMPTY: "The answer is still empty. Write it, run its cell, then run this cell.",
    Why.STOPPED: (
        "Your answer cell stopped with an error. Mend it, run it, then run this cell."
    ),
}


def note(verdict: Verdict) -> str:
    """Why there are no criteria to tell of; empty where there are."""
    return NOTES.get(verdict.why, verdict.note)


def says(criterion: Criterion) -> str:
    """How a failed criterion differs; empty for one that is met."""
    if criterion.passed:
        return ""
    if criterion.difference is None:
        return "not reached"
    if criterion.name == UNCHANGED:
        return "your function changed its input"
    return sentence(criterion.difference)


def sentence(difference: Difference) -> str:
    """One difference in words, without giving the right answer away."""
    return SAYS[difference.what](difference)


def mistake(verdict: Verdict) -> tuple[str, str] | None:
    """Heading and message of what the answer looks like, where that is known."""
    if verdict.mistake:
        heading = "This can mean" if verdict.mistake.symptom else "This looks like"
        return heading, verdict.mistake.message
    if verdict.no_return:
        names = " and ".join(f"`{name}`" for name in verdict.no_return)
        return "This looks like", f"no `return` in {names}: what it makes is lost."
    return None


def _shown(value) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def _two(what: str):
    return lambda d: f"{what} {d.seen}, expected {d.expected}"


def _kind(d: Difference) -> str:
    return f"kind {d.seen}, expected {d.expected}"


def _shape(d: Difference) -> str:
    return f"shape {tuple(d.seen)}, expected {tuple(d.expected)}"


def _raised(d: Difference) -> str:
    kind, message = d.seen
    where = f", in line `{d.trace[-1][2][:80]}`" if d.trace else ""
    return f"raised {kind}: {message[:120]}{where}" if message else f"raised {kind}"


def _values(d: Difference) -> str:
    verb = "values differ" if d.of > 1 else "value differs"
    return (
        f"{d.wrong} of {d.of} {verb}, the first at {d.at[0]}, "
        f"where yours is {_shown(d.seen)}"
    )


def _items(d: Difference) -> str:
    at, inner = f"[{d.at[0]}]", sentence(d.inner)
    if d.wrong == 1:
        return f"at {at}: {inner}"
    return f"{d.wrong} of {d.of} items differ, the first at {at}: {inner}"


def _length(d: Difference) -> str:
    extra = ", ".join(map(_shown, d.at))
    return f"length {d.seen}, expected {d.expected}" + (
        f"; too many: {extra}" if extra else ""
    )


SAYS = {
    "raised": _raised,
    "kind": _kind,
    "value": lambda d: f"yours is {_shown(d.seen)}",
    "no error": lambda d: f"no error was raised, expected {d.expected}",
    "another error": lambda d: f"raised {d.seen}, expected {d.expected}",
    "shape": _shape,
    "dtype": _two("dtype"),
    "device": _two("device"),
    "layout": _two("layout"),
    "too large": lambda d: "too many values to compare",
    "scalar": lambda d: f"the value differs: yours is {_shown(d.seen)}",
    "values": _values,
    "length": _length,
    "members": lambda d: f"{d.wrong} of {d.of} members differ",
    "items": _items,
    "missing key": lambda d: f"key {_shown(d.expected)} is missing",
    "extra key": lambda d: f"key {_shown(d.seen)} is not expected",
    "at key": lambda d: f"at [{_shown(d.at[0])}]: {sentence(d.inner)}",
    "no return": lambda d: f"returned None: did you forget `return` in `{d.seen}`?",
}
