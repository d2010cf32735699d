"""The gradebook: one row a task, safe in spreadsheets and terminals."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.tools.grading.gradebook import (
    Marked,
    cell,
    changes,
    gradebook,
    missing,
    table,
)
from course_utils.tools.grading.people import Person
from course_utils.tools.text import visible

FORMULAS = ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "'=1", "＝1"]


def marked(student="ada", points=2, **more):
    verdict = {
        "slug": "double",
        "state": "passed",
        "points": points,
        "max_points": 2,
        "note": "",
        "mistake": None,
        "text": "✓ double",
    }
    facts = dict(
        key="k",
        student=student,
        name="n.ipynb",
        stem="s",
        label="s",
        counts=True,
        max_points=2,
        verdicts=[verdict],
        seconds={"double": 1.5},
        repairs=[],
        notes=[],
        errors={},
        code={},
    )
    return Marked(**{**facts, **more})


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text):
    assert cell(text).startswith("'")


@pytest.mark.parametrize("text", FORMULAS)
def test_nor_is_one_where_semicolons_separate(text):
    cells = table([["ada", f"x;{text}", f'"; {text}', 3]]).strip().split(";")
    assert all(part.startswith("'") for part in cells[1:])


@given(st.text(), st.text())
def test_a_row_stays_a_row(student, mistake):
    read = list(csv.reader(io.StringIO(table([[student, 1, mistake]]))))
    assert len(read) == 1 and len(read[0]) == 3


@given(st.text())
def test_nothing_hidden_reaches_a_terminal(text):
    assert not set(visible(text)) & set("\x1b\x07\x08\r\u202e\u2066\x9b")


def test_one_row_a_task():
    text = gradebook([marked(), marked("bo", points=0.5)])
    assert text.splitlines()[0] == (
        "student,notebook,task,state,points,max_points,seconds,mistake,"
        "late,id,email,login"
    )
    assert text.splitlines()[2] == "bo,s,double,passed,0.5,2,1.5,,,,,"


def test_a_row_says_who_and_whether_late():
    person = Person("Ada", "m7", "ada@x.org", "ada1")
    (row,) = marked(late=True, person=person).rows()
    assert (row.late, row.id, row.email, row.login) == (
        "LATE",
        "m7",
        "ada@x.org",
        "ada1",
    )


def test_an_unreadable_file_has_a_row_with_the_reason():
    told = marked(verdicts=[], reason="the file is empty")
    assert gradebook([told]).splitlines()[1] == (
        "ada,s,,unreadable,0,2,0.0,the file is empty,,,,"
    )


def test_who_handed_in_nothing_has_a_row():
    row = gradebook([missing(Person("Bo", "m8"), "s", 2)]).splitlines()[1]
    assert row == "Bo,s,,not handed in,0,2,0.0,,,m8,,"


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
