"""How two encoded values differ: facts, which `words` says in sentences."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Difference:
    """How an observed value differs from the expected one.

    what: the kind of difference, a key of `words.SAYS`.
    seen, expected: the two sides, where they can be told.
    at: where inside the value: a position or a key. inner: how the part there differs.
    wrong, of: how many parts differ, and how many there are.
    trace: the learner's lines that raised, `[function, line, source]`.
    """

    what: str
    seen: object = None
    expected: object = None
    at: tuple = ()
    wrong: int = 1
    of: int = 1
    trace: tuple = ()
    inner: Difference | None = None


def difference(
    observed: dict, expected: dict, rtol: float = 1e-4, atol: float = 1e-6
) -> Difference | None:
    """What differs between two encoded values; `None` where nothing does.

    Floating values are alike when `|observed - expected| <= atol + rtol * |expected|`;
    NaN is alike NaN.
    """
    if (observed["kind"], expected["kind"]) == ("namedtuple", "tuple"):
        observed = {**observed, "kind": "tuple", "name": None}  # it is a tuple, too
    kinds = observed["kind"], expected["kind"]
    if kinds[1] == "error":
        return _errors(observed, expected)
    if kinds[0] == "error":
        message = normalized(observed["message"])
        trace = tuple(map(tuple, observed.get("trace", ())))
        return Difference("raised", [observed["type"], message], trace=trace)
    if kinds[0] != kinds[1]:
        return Difference("kind", name_of(observed), name_of(expected))
    if kinds[0] in ("tensor", "array"):
        return _tensors(observed, expected, rtol, atol)
    if kinds[0] == "dict":
        return _dicts(observed, expected, rtol, atol)
    if "items" in expected:
        return _items(observed, expected, rtol, atol)
    if "value" in expected:
        if close(observed["value"], expected["value"], rtol, atol):
            return None
        return Difference("value", observed["value"])
    if observed != expected:
        return Difference("kind", name_of(observed), name_of(expected))
    return None


def name_of(value: dict) -> str:
    """What a learner calls the kind of a value."""
    if value["kind"] in ("object", "namedtuple"):
        return value.get("type") or f"namedtuple {value['name']}"
    return value["kind"]


def normalized(message: str) -> str:
    """An error's message in one line, without what differs from run to run."""
    message = re.sub(r"0x[0-9a-fA-F]+", "0x…", message)
    message = re.sub(r"(['\"])[^'\"]*[/\\][^'\"]*\1", "'…'", message)  # a path
    message = re.sub(r"(?<=recursion depth exceeded).*", "", message)  # where it was
    return " ".join(message.split()[:60])


def close(a, b, rtol: float, atol: float) -> bool:
    """Whether two plain values are alike; a float is never alike an int."""
    if isinstance(a, list) and isinstance(b, list):  # complex: real and imaginary part
        return len(a) == len(b) and all(
            close(x, y, rtol, atol) for x, y in zip(a, b, strict=True)
        )
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=0, abs_tol=atol + rtol * abs(b))
    return type(a) is type(b) and a == b


def _errors(observed: dict, expected: dict) -> Difference | None:
    wanted = expected["type"]
    if observed["kind"] == "no error":
        return Difference("no error", expected=wanted)
    if observed["kind"] != "error":
        return Difference("kind", name_of(observed), "an error")
    if wanted in [observed["type"], *observed["bases"]]:
        return None
    return Difference("another error", observed["type"], wanted)


def _tensors(
    observed: dict, expected: dict, rtol: float, atol: float
) -> Difference | None:
    for what in ("shape", "dtype", "device", "layout"):
        if observed.get(what) != expected.get(what):
            return Difference(what, observed.get(what), expected.get(what))
    if observed["values"] is None or expected["values"] is None:
        return Difference("too large")
    a, b = observed["values"], expected["values"]
    wrong = [i for i in range(len(b)) if not close(a[i], b[i], rtol, atol)]
    if not wrong:
        return None
    if not expected["shape"]:
        return Difference("scalar", a[0])
    places = list(product(*map(range, expected["shape"])))
    first = list(places[wrong[0]])
    return Difference("values", a[wrong[0]], at=(first,), wrong=len(wrong), of=len(b))


def _length(value: dict) -> int:
    return len(value["items"]) if value["items"] is not None else value["length"]


def _items(
    observed: dict, expected: dict, rtol: float, atol: float
) -> Difference | None:
    if observed.get("name") != expected.get("name"):
        return Difference("kind", name_of(observed), name_of(expected))
    if _length(observed) != _length(expected):
        extra = _extra(observed["items"] or [], expected["items"] or [])
        lengths = _length(observed), _length(expected)
        return Difference("length", *lengths, at=tuple(extra[:3]))
    if observed["items"] is None or expected["items"] is None:
        return Difference("too large")
    parts = [
        difference(a, b, rtol, atol)
        for a, b in zip(observed["items"], expected["items"], strict=True)
    ]
    wrong = [i for i, part in enumerate(parts) if part]
    if not wrong:
        return None
    if expected["kind"] == "set":
        return Difference("members", wrong=len(wrong), of=len(parts))
    return Difference(
        "items",
        at=(wrong[0],),
        wrong=len(wrong),
        of=len(parts),
        inner=parts[wrong[0]],
    )


def _extra(observed: list[dict], expected: list[dict]) -> list:
    """Names in a list that are too many: they are the learner's own, so no secret."""
    extra = [item["value"] for item in observed if item["kind"] == "str"]
    for item in expected:
        if item.get("value") in extra:
            extra.remove(item["value"])
    return extra


def _dicts(
    observed: dict, expected: dict, rtol: float, atol: float
) -> Difference | None:
    if observed["items"] is None or expected["items"] is None:
        return Difference("too large")
    ours = {json.dumps(k, sort_keys=True): (k, v) for k, v in expected["items"]}
    theirs = {json.dumps(k, sort_keys=True): (k, v) for k, v in observed["items"]}
    for missing in [k for k in ours if k not in theirs]:
        return Difference("missing key", expected=_key(ours[missing][0]))
    for extra in [k for k in theirs if k not in ours]:
        return Difference("extra key", _key(theirs[extra][0]))
    for key, (name, value) in ours.items():
        inner = difference(theirs[key][1], value, rtol, atol)
        if inner:
            return Difference("at key", at=(_key(name),), inner=inner)
    return None


def _key(key: dict):
    return key.get("value", key["kind"])
