"""What goes out to a learning system says what the gradebook says."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from course_utils.tools.grading import exports
from course_utils.tools.grading.gradebook import missing
from course_utils.tools.grading.people import Person

from .test_gradebook import marked

JANE = Person(
    "Jane Doe",
    "m7",
    "Jane@x.org",
    "jdoe",
    canvas="45",
    moodle="9",
    section="A",
    folder="Jane Doe_9_assignsubmission_file_",
)


def jane(**more):
    return marked("Jane Doe", person=JANE, path="Jane Doe/s.html", **more)


def test_canvas_has_a_column_an_exercise():
    lines = exports.canvas([marked(), marked("bo", counts=False)], {}).splitlines()
    assert lines[0] == "Student,ID,SIS User ID,SIS Login ID,Section,s"
    assert lines[1:] == ["Points Possible,,,,,2", "ada,,,ada,,2", "bo,,,bo,,"]


def test_canvas_knows_its_own_students_and_assignments():
    gone = missing(Person("Bo", "m8"), "s", 2)
    lines = exports.canvas([jane(), gone], {"s": "Exercise 1 (123)"}).splitlines()
    assert lines[0].endswith(",Section,Exercise 1 (123)")
    assert lines[2:] == ["Bo,,m8,,,", "Jane Doe,45,m7,jdoe,A,2"]


def test_moodles_worksheet():
    gone = missing(Person("Bo", "m8"), "s", 2)
    rows = list(csv.DictReader(io.StringIO(exports.moodle([jane(), gone], "Grade"))))
    assert rows[0]["Identifier"] == "Participant 9" and rows[0]["Grade"] == "2"
    assert rows[0]["Email address"] == "Jane@x.org" and rows[1]["Grade"] == ""
    assert "Last modified (grade)" in rows[0]


@pytest.mark.parametrize("folder", [JANE.folder, ""])
def test_moodles_feedback_stands_in_its_folders(folder):
    person = Person(**{**vars(JANE), "folder": folder})
    data = exports.moodle_feedback([jane(), marked()], lambda one: one.student)
    one = marked("Jane Doe", person=person)
    data = exports.moodle_feedback([one, marked()], lambda one: one.student)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.namelist() == ["Jane Doe_9_assignsubmission_file_/s.html"]
        assert file.read(file.namelist()[0]) == b"Jane Doe"


def test_gradescope_has_a_test_a_task():
    told = exports.gradescope([jane(repairs=["A cell was split."])], ["Note."])
    assert told["score"] == 2 and told["output"] == "A cell was split.\nNote."
    assert told["tests"][0]["name"] == "double"
    assert told["tests"][0]["status"] == "passed"


def test_what_is_no_longer_said_is_removed(tmp_path):
    def page(one):
        return one.student

    def publish(*formats):
        made = [
            f for name in formats for f in exports.FORMATS[name]([jane()], {}, page)
        ]
        exports.publish(tmp_path, [*made, (Path("feedback/Jane Doe/s.html"), "x")])
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        return sorted(str(path.relative_to(tmp_path)) for path in files)

    (tmp_path / "feedback" / "gone").mkdir(parents=True)
    (tmp_path / "feedback" / "gone" / "s.html").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    assert publish("canvas", "moodle", "gradescope") == [
        "canvas.csv",
        "feedback/Jane Doe/s.html",
        "gradescope/s/Jane Doe/results.json",
        "moodle/s-feedback.zip",
        "moodle/s.csv",
        "notes.txt",
    ]
    assert publish("canvas") == ["canvas.csv", "feedback/Jane Doe/s.html", "notes.txt"]
    assert not (tmp_path / "gradescope").exists()
    assert not (tmp_path / "feedback" / "gone").exists()
