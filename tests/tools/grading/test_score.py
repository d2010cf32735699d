"""Judging what came from a process that is not to be trusted."""

import copy

import pytest

from course_utils.tools.grading.compose import reference
from course_utils.tools.grading.score import judge

FACT = {"name": "the result", "value": {"kind": "int", "value": 4}}
RECORD = {"version": 1, "stem": "90_small", "task": "double", "points": 2,
          "observations": [FACT], "error": None, "stub": "", "returns": {}}  # fmt: skip
ERROR = {"kind": "error", "type": "E", "bases": [], "message": "", "trace": []}


@pytest.fixture
def task(small):
    return reference(small.folder / "90_small.ipynb").tasks[0]


def judged(task, record, **more):
    shown = {"record": record, "state": "", "note": "", "seconds": 0, **more}
    return judge(task, shown, {"reference": RECORD, "mistakes": []})


def test_a_record_like_the_references_passes(task):
    assert judged(task, copy.deepcopy(RECORD)).points == 2


@pytest.mark.parametrize(
    "change",
    [
        {"task": "squares"}, {"stem": "01_dataset"}, {"observations": [FACT, FACT]},
        {"observations": None}, {"observations": [{"name": "the result"}]},
        {"observations": [{**FACT, "name": "more"}]}, {"error": 7},
        {"observations": [{**FACT, "value": {"kind": []}}]},
        {"error": {**ERROR, "message": 5}}, {"error": {**ERROR, "trace": 5}},
        {"observations": [[]]}, {"error": {**ERROR, "type": ["x"]}},
    ],
)  # fmt: skip
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
    verdict = judged(task, record, raised="SyntaxError: line 2")
    assert verdict.state == "failed" and "SyntaxError: line 2" in verdict.note
