"""Only what was written from a type is read back as that type."""

import json
from dataclasses import asdict, replace

import pytest

from course_utils.judging.compare import Criterion, Mistake, Verdict
from course_utils.judging.difference import Difference
from course_utils.judging.state import State
from course_utils.tools.grading.typed import dump, load

INNER = Difference("shape", [2], [3])
VERDICT = Verdict(
    "double",
    State.PARTLY,
    1.5,
    2,
    [Criterion("a", False, Difference("items", at=(0,), wrong=1, of=2, inner=INNER))],
    {"kind": "error", "type": "E"},
    mistake=Mistake("double-mistake-1", "twice"),
    no_return=["double"],
)


def test_a_verdict_is_read_as_it_was_written():
    assert load(Verdict, dump(VERDICT)) == VERDICT


@pytest.mark.parametrize(
    "change",
    [
        {"slug": None},
        {"slug": 3},
        {"state": "pending"},
        {"points": "2"},
        {"points": float("inf")},
        {"points": True},
        {"criteria": None},
        {"criteria": [None]},
        {"criteria": [{"name": "a"}]},
        {"mistake": "twice"},
        {"more": 1},
    ],
)
def test_another_type_is_refused(change):
    with pytest.raises((TypeError, ValueError)):
        load(Verdict, json.dumps({**asdict(VERDICT), **change}))


@pytest.mark.parametrize("text", ["null", "3", "[]", '"x"', "", "[" * 100_000])
def test_what_is_no_object_is_refused(text):
    with pytest.raises((TypeError, ValueError)):
        load(Verdict, text)


def test_what_is_nested_too_deeply_is_not_written():
    deep: list = []
    for _ in range(50_000):
        deep = [deep]
    with pytest.raises(ValueError, match="deeply"):
        dump(replace(VERDICT, error={"trace": deep}))
