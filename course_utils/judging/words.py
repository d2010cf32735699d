"""What a difference, a reason or a known mistake says to a learner, in sentences.

To change the words of a failed criterion, change them here: nothing else reads them.
"""

from __future__ import annotations

import json

from course_utils.locale import _
from course_utils.locale.again import again

from .compare import UNCHANGED, Criterion, Verdict, Why
from .difference import Difference
from .state import State


def state(state: State) -> str:
    """A state in the language that is spoken."""
    return {
        State.PASSED: _("passed"),
        State.PARTLY: _("partly"),
        State.FAILED: _("failed"),
        State.NOT_ATTEMPTED: _("not attempted"),
        State.CRASHED: _("crashed"),
        State.TIMED_OUT: _("timed out"),
        State.OUT_OF_MEMORY: _("out of memory"),
        State.TOO_MUCH_OUTPUT: _("too much output"),
        State.TAMPERED: _("tampered"),
    }[State(state)]


def note(verdict: Verdict) -> str:
    """Why there are no criteria to tell of; empty where there are."""
    notes = {
        Why.NOT_RUN: _("Run your answer cell first, then this cell."),
        Why.STUB: _("Write your answer, run its cell, and then the check."),
        Why.EMPTY: _(
            "The answer is still empty. Write it, run its cell, then run this cell."
        ),
        Why.STOPPED: _(
            "Your answer cell stopped with an error. Mend it, run it, then run this "
            "cell."
        ),
    }
    return notes.get(verdict.why) or again(verdict.note)


def name(criterion: Criterion) -> str:
    """What a criterion asks; of the exercise's own names, its catalog knows."""
    if criterion.name == UNCHANGED:
        return _("the inputs are left as they were")
    return _(criterion.name)


def says(criterion: Criterion) -> str:
    """How a failed criterion differs; empty for one that is met."""
    if criterion.passed:
        return ""
    if criterion.difference is None:
        return _("not reached")
    if criterion.name == UNCHANGED:
        return _("your function changed its input")
    return sentence(criterion.difference)


def sentence(difference: Difference) -> str:
    """One difference in words, without giving the right answer away."""
    return SAYS[difference.what](difference)


def mistake(verdict: Verdict) -> tuple[str, str] | None:
    """Heading and message of what the answer looks like, where that is known."""
    if verdict.mistake:
        symptom = verdict.mistake.symptom
        heading = _("This can mean") if symptom else _("This looks like")
        return heading, _(verdict.mistake.message)
    if verdict.no_return:
        names = _(" and ").join(f"`{name}`" for name in verdict.no_return)
        lost = _("no `return` in {names}: what it makes is lost.")
        return _("This looks like"), lost.format(names=names)
    return None


def _shown(value) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def _two(d: Difference) -> str:
    sentences = {
        "kind": _("kind {seen}, expected {expected}"),
        "dtype": _("dtype {seen}, expected {expected}"),
        "device": _("device {seen}, expected {expected}"),
        "layout": _("layout {seen}, expected {expected}"),
    }
    expected = _("an error") if d.expected == "an error" else d.expected
    return sentences[d.what].format(seen=d.seen, expected=expected)


def _shape(d: Difference) -> str:
    sentence = _("shape {seen}, expected {expected}")
    return sentence.format(seen=tuple(d.seen), expected=tuple(d.expected))


def _raised(d: Difference) -> str:
    kind, message = d.seen
    if not message:
        return _("raised {kind}").format(kind=kind)
    facts = {"kind": kind, "message": message[:120]}
    if not d.trace:
        return _("raised {kind}: {message}").format(**facts)
    sentence = _("raised {kind}: {message}, in line `{line}`")
    return sentence.format(**facts, line=d.trace[-1][2][:80])


def _value(d: Difference) -> str:
    return _("yours is {seen}").format(seen=_shown(d.seen))


def _scalar(d: Difference) -> str:
    return _("the value differs: yours is {seen}").format(seen=_shown(d.seen))


def _values(d: Difference) -> str:
    sentence = _(
        "{wrong} of {of} values differ, the first at {at}, where yours is {seen}"
    )
    if d.of == 1:
        sentence = _("1 of 1 value differs, the first at {at}, where yours is {seen}")
    return sentence.format(wrong=d.wrong, of=d.of, at=d.at[0], seen=_shown(d.seen))


def _items(d: Difference) -> str:
    facts = {"at": f"[{d.at[0]}]", "inner": sentence(d.inner)}
    if d.wrong == 1:
        return _("at {at}: {inner}").format(**facts)
    several = _("{wrong} of {of} items differ, the first at {at}: {inner}")
    return several.format(wrong=d.wrong, of=d.of, **facts)


def _length(d: Difference) -> str:
    facts = {"seen": d.seen, "expected": d.expected}
    if not d.at:
        return _("length {seen}, expected {expected}").format(**facts)
    sentence = _("length {seen}, expected {expected}; too many: {extra}")
    return sentence.format(**facts, extra=", ".join(map(_shown, d.at)))


def _members(d: Difference) -> str:
    return _("{wrong} of {of} members differ").format(wrong=d.wrong, of=d.of)


def _no_error(d: Difference) -> str:
    return _("no error was raised, expected {expected}").format(expected=d.expected)


def _another_error(d: Difference) -> str:
    sentence = _("raised {seen}, expected {expected}")
    return sentence.format(seen=d.seen, expected=d.expected)


def _missing_key(d: Difference) -> str:
    return _("key {key} is missing").format(key=_shown(d.expected))


def _extra_key(d: Difference) -> str:
    return _("key {key} is not expected").format(key=_shown(d.seen))


def _at_key(d: Difference) -> str:
    facts = {"at": f"[{_shown(d.at[0])}]", "inner": sentence(d.inner)}
    return _("at {at}: {inner}").format(**facts)


def _no_return(d: Difference) -> str:
    sentence = _("returned None: did you forget `return` in `{name}`?")
    return sentence.format(name=d.seen)


SAYS = {
    "raised": _raised,
    "kind": _two,
    "value": _value,
    "no error": _no_error,
    "another error": _another_error,
    "shape": _shape,
    "dtype": _two,
    "device": _two,
    "layout": _two,
    "too large": lambda d: _("too many values to compare"),
    "scalar": _scalar,
    "values": _values,
    "length": _length,
    "members": _members,
    "items": _items,
    "missing key": _missing_key,
    "extra key": _extra_key,
    "at key": _at_key,
    "no return": _no_return,
}
