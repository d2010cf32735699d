"""Judge: compare two lists of observations. Pure, without torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from .difference import Difference, difference, normalized
from .state import State

UNCHANGED = "the inputs are left as they were"


class Why(str, Enum):
    """Why a task counts as not attempted."""

    NOT_RUN = "not run"
    STUB = "stub"
    EMPTY = "empty"
    STOPPED = "stopped"


@dataclass
class Criterion:
    """One observed fact: how it differs, or `None` where it was not reached."""

    name: str
    passed: bool
    difference: Difference | None = None


@dataclass
class Mistake:
    """A known mistake: its cell, and its message; a symptom leaves the cause open."""

    id: str
    message: str
    symptom: bool = False


@dataclass
class Verdict:
    """What one task earned, and why.

    why: the reason of a state "not attempted". note: what stopped the grader.
    no_return: functions of the answer that hand nothing back, but should.
    """

    slug: str
    state: State
    points: float
    max_points: float
    criteria: list[Criterion] = field(default_factory=list)
    error: dict | None = None
    why: Why | None = None
    note: str = ""
    mistake: Mistake | None = None
    no_return: list[str] = field(default_factory=list)


def compare(observed: dict, expected: dict, mistakes: Sequence[dict] = ()) -> Verdict:
    """Judge a record of observations against the reference's record.

    Both are what a check recorded, as `Check` in `checking.observe` describes it.
    `mistakes` are records of wrong answers with a `message`; the one that shows most of
    the same wrong observations gives it to the verdict.
    """
    seen = {fact["name"]: fact for fact in observed["observations"]}
    wanted = [name for name, returns in expected["returns"].items() if returns]
    no_return = [name for name in wanted if observed["returns"].get(name) is False]
    criteria, earned, total = [], 0, 0
    for fact in expected["observations"]:
        criterion = _criterion(seen.get(fact["name"]), fact, no_return)
        criteria.append(criterion)
        total += fact.get("weight", 1)
        earned += fact.get("weight", 1) * criterion.passed
    state = State.PARTLY if earned else State.FAILED
    if earned == total and not observed["error"]:
        state = State.PASSED
    why = _not_attempted(observed, criteria)
    if why:
        state, earned = State.NOT_ATTEMPTED, 0
    verdict = Verdict(
        expected["task"],
        state,
        round(expected["points"] * earned / max(1, total), 2),
        expected["points"],
        criteria,
        observed["error"],
        why,
    )
    if state in (State.PARTLY, State.FAILED):
        verdict.mistake = _recognize(seen, verdict, expected, mistakes)
        verdict.no_return = no_return
    return verdict


def _criterion(seen: dict | None, fact: dict, no_return: list[str]) -> Criterion:
    if seen is None:
        return Criterion(fact["name"], False)
    found = differs(seen, fact)
    if found and no_return and seen["value"]["kind"] == "None":
        found = Difference("no return", no_return[0])
    return Criterion(fact["name"], found is None, found)


def differs(seen: dict, fact: dict) -> Difference | None:
    """How an observed fact differs from the reference's, within its tolerances."""
    tolerances = {"rtol": fact.get("rtol", 1e-4), "atol": fact.get("atol", 1e-6)}
    return difference(seen["value"], fact["value"], **tolerances)


def _not_attempted(observed: dict, criteria: list[Criterion]) -> Why | None:
    if observed["stub"] == "stopped":
        return Why.STOPPED
    if any(c.passed for c in criteria if c.name != UNCHANGED):
        return None
    reasons = {"raised": Why.STUB, "empty": Why.EMPTY, "missing": Why.NOT_RUN}
    return reasons.get(observed["stub"])


# ------------------------------------------------------------------ known mistakes


def _recognize(
    seen: dict, verdict: Verdict, expected: dict, mistakes: Sequence[dict]
) -> Mistake | None:
    """The known mistake that shows most of the same wrong observations.

    All that the mistake shows must be there, to the very values; an answer may be wrong
    in more ways. A symptom leaves the cause open, so it must be all that is wrong.
    """
    failing = {c.name for c in verdict.criteria if not c.passed}
    facts = {fact["name"]: fact for fact in expected["observations"]}

    def shown(mistake: dict) -> bool:
        theirs = {fact["name"]: fact for fact in mistake["observations"]}
        wanted = set(mistake["failing"])
        return (
            (wanted == failing if mistake.get("symptom") else wanted <= failing)
            and same_error(verdict.error, mistake["error"])
            and all(_alike(seen.get(n), theirs[n], facts[n]) for n in theirs)
            and all(name not in seen for name in wanted - theirs.keys())
            and (mistake.get("symptom") or evidence(mistake))
        )

    best = max(filter(shown, mistakes), key=lambda m: len(m["failing"]), default=None)
    return best and Mistake(
        best.get("id", ""), best["message"], best.get("symptom", False)
    )


def evidence(mistake: dict) -> bool:
    """Whether a mistake's record tells it from others: by values, or by its error.

    "False", "nothing" or "no error" have many causes.
    """
    weak = ("bool", "None", "no error")
    kinds = [fact["value"]["kind"] for fact in mistake["observations"]]
    return mistake["error"] is not None or any(kind not in weak for kind in kinds)


def _alike(seen: dict | None, theirs: dict, fact: dict) -> bool:
    if seen is None:
        return False
    if seen["value"]["kind"] == theirs["value"]["kind"] == "error":
        return same_error(seen["value"], theirs["value"])
    return differs(seen, {**fact, "value": theirs["value"]}) is None


def same_error(a: dict | None, b: dict | None) -> bool:
    """Whether two errors have the same type and message."""
    if a is None or b is None:
        return a is b
    messages = normalized(a["message"]), normalized(b["message"])
    return a["type"] == b["type"] and messages[0] == messages[1]
