"""Judging what came from a process that is not to be trusted."""

import copy
import json

import pytest

from course_utils.errors import CourseError
from course_utils.tools.grading.job import Outcome, Raised, Shown
from course_utils.tools.grading.judge import (
    Expected,
    expected_by_key,
    judge,
    judge_task,
)
from course_utils.tools.grading.reference import reference

FACT = {"name": "the result", "value": {"kind": "int", "value": 4}}
RECORD = {
    "version": 1,
    "stem": "90_small",
    "task": "double",
    "points": 2,
    "observations": [FACT],
    "error": None,
    "stub": "",
    "returns": {},
}
ERROR = {"kind": "error", "type": "E", "bases": [], "message": "", "trace": []}


@pytest.fixture
def ref(small):
    return reference(small.folder / "90_small.ipynb")


@pytest.fixture
def task(ref):
    return ref.tasks[0]


def judged(task, record, raised=None):
    return judge_task(task, Shown(record, raised=raised), Expected(RECORD))


def test_a_record_like_the_references_passes(task):
    assert judged(task, copy.deepcopy(RECORD)).points == 2


@pytest.mark.parametrize(
    "change",
    [
        {"task": "squares"},
        {"stem": "01_dataset"},
        {"observations": [FACT, FACT]},
        {"observations": None},
        {"observations": [{"name": "the result"}]},
        {"observations": [{**FACT, "name": "more"}]},
        {"observations": [{**FACT, "value": {"kind": []}}]},
        {"observations": [[]]},
        {"error": 7},
        {"error": {**ERROR, "message": 5}},
        {"error": {**ERROR, "trace": 5}},
        {"error": {**ERROR, "type": ["x"]}},
        {"error": {**ERROR, "more": json.loads("[" * 900 + "]" * 900)}},
    ],
)
def test_a_record_out_of_form_earns_nothing_and_harms_nothing(task, change):
    verdict = judged(task, {**RECORD, **change})
    assert verdict.points == 0 and verdict.state in ("tampered", "failed")


@pytest.mark.parametrize("record", [None, 3, [], "x", {}])
def test_what_is_no_record_is_no_pass(task, record):
    assert judged(task, record).state == "tampered"


@pytest.mark.parametrize(
    ("kind", "message", "state"),
    [
        ("MemoryError", "", "out of memory"),
        ("RuntimeError", "DefaultCPUAllocator: can't allocate memory", "out of memory"),
        ("SystemExit", "", "crashed"),
        ("ValueError", "bad", "failed"),
    ],
)
def test_errors_with_a_state_of_their_own(task, kind, message, state):
    error = {**ERROR, "type": kind, "message": message}
    verdict = judged(task, {**RECORD, "observations": [], "error": error})
    assert (verdict.state, verdict.points) == (state, 0)


def test_a_cell_that_could_not_run_is_an_attempt(task):
    error = {**ERROR, "type": "NameError"}
    record = {**RECORD, "observations": [], "error": error, "stub": "missing"}
    assert judged(task, record).state == "not attempted"
    verdict = judged(task, record, Raised("SyntaxError", "line 2"))
    assert verdict.state == "failed" and "SyntaxError: line 2" in verdict.note


def test_a_stub_that_ran_is_no_attempt(task):
    record = {**RECORD, "observations": [], "stub": "raised"}
    raised = Raised("NotImplementedError", "double")
    assert judged(task, record, raised).state == "not attempted"


def test_a_task_that_was_never_reached_has_a_verdict(ref):
    expected = {task.slug: Expected(RECORD) for task in ref.tasks}
    verdicts = judge(ref, Outcome(), expected)
    assert [verdict.state for verdict in verdicts] == ["crashed"] * 3


def test_a_missing_key_is_told():
    with pytest.raises(CourseError, match="course build 90_small"):
        expected_by_key("90_small")
