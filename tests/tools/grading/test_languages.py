"""Notebooks in two languages in one class: alike in marks, each with its own page."""

import csv

import pytest

from course_utils.tools.grading.collect import read
from course_utils.tools.grading.grade import grade
from course_utils.tools.grading.identify import language_of

SAID = {
    "{line}, {points} of {all} points": "{line}, {all}점 가운데 {points}점",
    "{points} of {all} points": "{all}점 가운데 {points}점",
    "partly": "일부 통과",
    "failed": "불합격",
    "This looks like": "이런 실수로 보여요",
    "Task {slug}: {repair}": "과제 {slug}: {repair}",
    "its check cell was changed; the course's own check was run.": "검사가 달라졌어요.",
}
LINES = ('exercise("90_small")', 'exercise("90_small", language="ko")')


@pytest.fixture
def graded(isolation, say, small, tmp_path):
    """Ada in English and Bora in Korean, with the same answers; their class marked."""
    say(**SAID)
    say(
        "90_small",
        **{"the length": "길이", "the index itself: square it.": "제곱해요."},
    )
    for name, line in zip(("ada", "bora"), LINES, strict=True):
        cells = small.cells(double="1 / 0", squares=small.mistake)
        for cell in cells:
            cell.source = cell.source.replace(LINES[0], line)
            cell.source = cell.source.replace("points=3)", "points=3)  # mine")
        small.write(tmp_path / "class" / name / "90_small.ipynb", cells)
    out = tmp_path / "out"
    grade(tmp_path / "class", out, seed=3, solutions=small.folder)
    return out


def test_both_are_marked_alike_and_the_gradebook_is_in_english(graded):
    with open(graded / "grades.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        del row["seconds"]
    mine = [{**row, "student": ""} for row in rows if row["student"] == "ada"]
    theirs = [{**row, "student": ""} for row in rows if row["student"] == "bora"]
    assert mine == theirs and len(mine) == 3
    assert "the index itself: square it." in [row["mistake"] for row in mine]
    assert "이런" not in (graded / "report.html").read_text("utf-8")
    assert "점" not in "".join(p.read_text("utf-8") for p in graded.glob("results/*"))


def test_each_page_is_in_its_notebook_s_language(graded):
    english, korean = (
        (graded / "feedback" / name / "90_small.html").read_text("utf-8")
        for name in ("ada", "bora")
    )
    assert '<html lang="en">' in english and '<html lang="ko">' in korean
    for there in (
        "6점 가운데",
        "이런 실수로 보여요",
        "제곱해요.",
        "길이",
        "과제 squares: 검사가",
    ):
        assert there in korean and there not in english
    assert "This looks like" in english and "This looks like" not in korean


def test_a_notebook_s_language_is_in_its_source(graded):
    folder = graded.parent / "class"
    found = [read(folder / name / "90_small.ipynb") for name in ("ada", "bora")]
    assert [language_of(each) for each in found] == ["en", "ko"]
