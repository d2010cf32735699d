"""Judge: compare two lists of observations. Pure, without torch."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from itertools import product

PASSED, PARTLY, FAILED = "passed", "partly", "failed"
NOT_ATTEMPTED = "not attempted"
UNCHANGED = "the inputs are left as they were"


@dataclass
class Criterion:
    """One observed fact: `says` tells what differs, or why it was not reached."""

    name: str
    passed: bool
    says: str = ""


@dataclass
class Verdict:
    """What one task earned, and why."""

    slug: str
    state: str
    points: float
    max_points: float
    criteria: list[Criterion] = field(default_factory=list)
    error: dict | None = None
    note: str = ""
    mistake: str | None = None


def compare(observed: dict, expected: dict, mistakes: list[dict] = ()) -> Verdict:
    """Judge a record of observations against the reference's record.

    Both are what a check block recorded: `{"task", "points", "observations", "error",
    "stub"}`. `mistakes` are records of wrong answers with a `message`; the one that
    failed in the same way, or in the largest part of it, gives it to the verdict.
    """
    seen = {fact["name"]: fact for fact in observed["observations"]}
    criteria = []
    for fact in expected["observations"]:
        if fact["name"] in seen:
            says = difference(
                seen[fact["name"]]["value"], fact["value"], **_tolerances(fact)
            )
            if says.startswith("kind None,"):
                says = "returned None: did you forget `return`?"
            criteria.append(Criterion(fact["name"], not says, says))
        else:
            criteria.append(Criterion(fact["name"], False, "not reached"))
    points = expected["points"]
    earned = sum(c.passed for c in criteria)
    state = FAILED if earned == 0 else PARTLY
    if earned == len(criteria) and not observed["error"]:
        state = PASSED
    note = _not_attempted(observed, criteria)
    if note:
        state, earned = NOT_ATTEMPTED, 0
    score = round(points * earned / max(1, len(criteria)), 2)
    verdict = Verdict(
        expected["task"], state, score, points, criteria, observed["error"], note
    )
    if state in (PARTLY, FAILED):
        verdict.mistake = _recognize(seen, verdict, expected, mistakes)
    return verdict


def _tolerances(fact: dict) -> dict:
    return {"rtol": fact.get("rtol", 1e-4), "atol": fact.get("atol", 1e-6)}


def _not_attempted(observed: dict, criteria: list[Criterion]) -> str:
    error = observed["error"]
    if error and error["type"] == "NameError" and error.get("in_check"):
        return "Run your answer cell first, then this cell."
    if (
        error
        and error["type"] == "NotImplementedError"
        and not observed["observations"]
    ):
        return "Write your answer, run its cell, and then the check."
    if observed.get("stub") and not any(
        c.passed for c in criteria if c.name != UNCHANGED
    ):
        return "The answer is still empty. Write it, run its cell, then run this cell."
    return ""


def _recognize(seen: dict, verdict: Verdict, expected: dict, mistakes) -> str | None:
    """The message of the known mistake that shows most of the same wrong observations.

    All that the mistake shows must be there; an answer may be wrong in more ways.
    """
    failing = {c.name for c in verdict.criteria if not c.passed}
    facts = {fact["name"]: fact for fact in expected["observations"]}

    def shown(mistake: dict) -> bool:
        theirs = {fact["name"]: fact for fact in mistake["observations"]}
        return (
            failing.issuperset(mistake["failing"])
            and _same_error(verdict.error, mistake["error"])
            and all(_alike(seen.get(n), theirs.get(n), facts[n]) for n in theirs)
            and all(n not in seen for n in set(mistake["failing"]) - theirs.keys())
        )

    found = max(filter(shown, mistakes), key=lambda m: len(m["failing"]), default=None)
    return found and found["message"]


def _alike(seen: dict | None, theirs: dict | None, fact: dict) -> bool:
    if seen is None or theirs is None:
        return seen is theirs
    a, b = seen["value"], theirs["value"]
    if a["kind"] == b["kind"] == "error":
        return _same_error(a, b)
    return not difference(a, b, **_tolerances(fact))


def _same_error(a: dict | None, b: dict | None) -> bool:
    if a is None or b is None:
        return a is b
    return (a["type"], normalized(a["message"])) == (
        b["type"],
        normalized(b["message"]),
    )


# ---------------------------------------------------------------- two values


def difference(
    observed: dict, expected: dict, rtol: float = 1e-4, atol: float = 1e-6
) -> str:
    """What differs in kind between two encoded values; empty where nothing does.

    Floating values are alike when `|observed - expected| <= atol + rtol * |expected|`;
    NaN is alike NaN.
    """
    kinds = observed["kind"], expected["kind"]
    if kinds[1] == "error":
        return _error(observed, expected)
    if kinds[0] == "error":
        return f"raised {observed['type']}: {normalized(observed['message'])[:80]}"
    if kinds[0] != kinds[1]:
        return f"kind {_name(observed)}, expected {_name(expected)}"
    if kinds[0] in ("tensor", "array"):
        return _tensors(observed, expected, rtol, atol)
    if kinds[0] == "dict":
        return _dicts(observed, expected, rtol, atol)
    if "items" in expected:
        return _items(observed, expected, rtol, atol)
    if "value" in expected:
        if _close(observed["value"], expected["value"], rtol, atol):
            return ""
        return f"yours is {_shown(observed['value'])}"
    if observed != expected:
        return f"kind {_name(observed)}, expected {_name(expected)}"
    return ""


def _name(value: dict) -> str:
    if value["kind"] in ("object", "namedtuple"):
        return value.get("type") or f"namedtuple {value['name']}"
    return value["kind"]


def _shown(value) -> str:
    text = (
        f"{value:.6g}"
        if isinstance(value, float)
        else json.dumps(value, ensure_ascii=False)
    )
    return text if len(text) <= 60 else text[:59] + "…"


def _error(observed: dict, expected: dict) -> str:
    wanted = expected["type"]
    if observed["kind"] == "no error":
        return f"no error was raised, expected {wanted}"
    if observed["kind"] != "error":
        return f"kind {_name(observed)}, expected an error"
    if wanted in [observed["type"], *observed["bases"]]:
        return ""
    return f"raised {observed['type']}, expected {wanted}"


def _close(a, b, rtol: float, atol: float) -> bool:
    if isinstance(a, list) and isinstance(b, list):  # complex: real and imaginary part
        return len(a) == len(b) and all(
            map(_close, a, b, [rtol] * len(a), [atol] * len(a))
        )
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=0, abs_tol=atol + rtol * abs(b))
    return type(a) is type(b) and a == b


def _shape(value: dict) -> str:
    return str(tuple(value["shape"]))


def _tensors(observed: dict, expected: dict, rtol: float, atol: float) -> str:
    if observed["shape"] != expected["shape"]:
        return f"shape {_shape(observed)}, expected {_shape(expected)}"
    for what in ("dtype", "device", "layout"):
        if observed.get(what) != expected.get(what):
            return f"{what} {observed.get(what)}, expected {expected.get(what)}"
    if observed["values"] is None or expected["values"] is None:
        return "too many values to compare"
    a, b = observed["values"], expected["values"]
    wrong = [i for i in range(len(b)) if not _close(a[i], b[i], rtol, atol)]
    if not wrong:
        return ""
    if not expected["shape"]:
        return f"the value differs: yours is {_shown(a[0])}"
    places = list(product(*map(range, expected["shape"])))
    first = list(places[wrong[0]])
    verb = "values differ" if len(b) > 1 else "value differs"
    return (
        f"{len(wrong)} of {len(b)} {verb}, the first at {first}, "
        f"where yours is {_shown(a[wrong[0]])}"
    )


def _length(value: dict) -> int:
    return len(value["items"]) if value["items"] is not None else value["length"]


def _items(observed: dict, expected: dict, rtol: float, atol: float) -> str:
    if observed.get("name") != expected.get("name"):
        return f"kind {_name(observed)}, expected {_name(expected)}"
    if _length(observed) != _length(expected):
        return f"length {_length(observed)}, expected {_length(expected)}"
    if observed["items"] is None or expected["items"] is None:
        return "too many items to compare"
    says = [
        difference(a, b, rtol, atol)
        for a, b in zip(observed["items"], expected["items"], strict=True)
    ]
    wrong = [i for i, text in enumerate(says) if text]
    if not wrong:
        return ""
    if expected["kind"] == "set":
        return f"{len(wrong)} of {len(says)} members differ"
    at = f"[{wrong[0]}]"
    if len(wrong) == 1:
        return f"at {at}: {says[wrong[0]]}"
    return (
        f"{len(wrong)} of {len(says)} items differ, the first at {at}: {says[wrong[0]]}"
    )


def _dicts(observed: dict, expected: dict, rtol: float, atol: float) -> str:
    if observed["items"] is None or expected["items"] is None:
        return "too many keys to compare"
    ours = {json.dumps(k, sort_keys=True): (k, v) for k, v in expected["items"]}
    theirs = {json.dumps(k, sort_keys=True): (k, v) for k, v in observed["items"]}
    for missing in [k for k in ours if k not in theirs]:
        return f"key {_key(ours[missing][0])} is missing"
    for extra in [k for k in theirs if k not in ours]:
        return f"key {_key(theirs[extra][0])} is not expected"
    for key, (name, value) in ours.items():
        says = difference(theirs[key][1], value, rtol, atol)
        if says:
            return f"at [{_key(name)}]: {says}"
    return ""


def _key(key: dict) -> str:
    return _shown(key["value"]) if "value" in key else key["kind"]


def normalized(message: str) -> str:
    """An error's message without addresses and without the learner's own names."""
    message = re.sub(r"0x[0-9a-fA-F]+", "0x…", message)
    message = re.sub(r"(?<=recursion depth exceeded).*", "", message)  # where it was
    message = re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", message)
    return " ".join(message.split()[:60])
