"""The gradebook's files: safe in spreadsheets, paths and terminals."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.tools.grading.gradebook import (
    Marked,
    canvas,
    cell,
    changes,
    gradebook,
    gradescope,
    safe,
    table,
    visible,
    write,
)


def marked(student="ada", points=2, **more):
    verdict = {"slug": "double", "state": "passed", "points": points, "max_points": 2,
               "note": "", "mistake": None, "text": "✓ double"}  # fmt: skip
    told = dict(key="k", student=student, name="n.ipynb", stem="s", label="s",
                counts=True, max_points=2, verdicts=[verdict], seconds={"double": 1.5},
                repairs=[], notes=[], errors={}, code={})  # fmt: skip
    return Marked(**{**told, **more})


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "'=1", "＝1"]
)
def test_no_cell_is_a_formula(text):
    assert cell(text).startswith("'")


@given(st.text(), st.text())
def test_a_row_stays_a_row(student, mistake):
    read = list(csv.reader(io.StringIO(table([[student, 1, mistake]]))))
    assert len(read) == 1 and len(read[0]) == 3


@given(st.text(min_size=1))
def test_a_name_is_one_safe_part_of_a_path(name):
    made = safe(name)
    assert made not in ("", ".", "..") and made[0] not in ".- "
    assert not set(made) & set('/\\:*?"<>|\0\n') and len(made.encode()) < 120


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_names_never_share_a_path(one, other):
    assert (safe(one) == safe(other)) == (one == other)


@given(st.text())
def test_nothing_hidden_reaches_a_terminal(text):
    assert not set(visible(text)) & set("\x1b\x07\x08\r\u202e\u2066\x9b")


def test_one_row_a_task():
    text = gradebook([marked(), marked("bo", points=0.5)])
    assert text.splitlines()[0] == (
        "student,notebook,task,state,points,max_points,seconds,mistake"
    )
    assert text.splitlines()[2] == "bo,s,double,passed,0.5,2,1.5,"


def test_an_unreadable_file_has_a_row_with_the_reason():
    told = marked(verdicts=[], reason="the file is empty")
    assert gradebook([told]).splitlines()[1] == (
        "ada,s,,unreadable,0,2,0.0,the file is empty"
    )


def test_changes_name_what_is_new_gone_and_different():
    before = {
        ("ada", "s", "double"): ("failed", 0.0),
        ("bo", "s", "x"): ("passed", 1.0),
    }
    assert changes(before, [marked()]) == [
        "ada · s · double: failed (0) → passed (2)",
        "bo · s · x: passed (1) → not there",
    ]
    assert changes({}, [marked()]) == []


def test_canvas_has_a_column_an_exercise():
    lines = canvas([marked(), marked("bo", counts=False)], {"s": 2}).splitlines()
    assert lines[0] == "Student,ID,SIS User ID,SIS Login ID,Section,s"
    assert lines[1:] == ["Points Possible,,,,,2", "ada,,,ada,,2", "bo,,,bo,,"]


def test_gradescope_has_a_test_a_task():
    told = json.loads(gradescope(marked(repairs=["A cell was split."])))
    assert told["score"] == 2 and told["output"] == "A cell was split."
    assert told["tests"][0]["name"] == "double"
    assert told["tests"][0]["status"] == "passed"


def test_writing_replaces_and_leaves_nothing_beside(tmp_path):
    for text in ("one", "two \ud800"):
        write(tmp_path / "a" / "grades.csv", text)
    assert (tmp_path / "a" / "grades.csv").read_text() == "two ?"
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["grades.csv"]
