"""A learner's own mark is the grader's."""

import json

import pytest

from course_utils.errors import CourseError
from course_utils.tools.authoring.solution import read
from course_utils.tools.grading.check import check, find, notebooks
from course_utils.tools.grading.demo import plain, submission
from course_utils.tools.grading.grade import grade
from course_utils.tools.places import ROOT

STEM = "00_tensors"


@pytest.fixture
def notebook(tmp_path):
    """One right answer, one mistake, one cell that raises, one stub."""
    solution = read(ROOT / "solutions" / f"{STEM}.ipynb")
    right, mistaken, raising, stub = solution.tasks
    answers = {
        right.slug: plain(right),
        mistaken.slug: mistaken.mistakes[0].code,
        raising.slug: "1 / 0",
        stub.slug: stub.stub,
    }
    path = tmp_path / "in" / "ada" / f"{STEM}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(submission(solution, answers)), encoding="utf-8")
    return path


def test_check_and_grade_say_the_same(notebook, tmp_path):
    (exercise,) = find([notebook]).exercises
    verdicts, _ = check(exercise)
    summary = grade(tmp_path / "in", tmp_path / "out", seed=0, unisolated=True)
    (marked,) = summary.marked
    mine = [(v.slug, v.state, v.points) for v in verdicts]
    assert mine == [(v["slug"], v["state"], v["points"]) for v in marked.verdicts]
    states = [verdict.state for verdict in verdicts]
    assert states[0] == "passed" and states[2:] == ["failed", "not attempted"]
    assert "ZeroDivisionError" in verdicts[2].note
    assert verdicts[1].mistake.message == marked.verdicts[1]["mistake"]


@pytest.mark.parametrize("name", ["none.ipynb", "empty"])
def test_nothing_to_check_is_told(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CourseError, match="no such file|no notebook"):
        notebooks([str(tmp_path / name)])


def test_another_notebook_is_told(small, tmp_path):
    path = small.write(tmp_path / "mine.ipynb", small.cells()[:1])
    with pytest.raises(CourseError, match="mine.ipynb: no exercise"):
        find([path])


def test_strays_are_gone_past_and_each_exercise_counts_once(notebook, small):
    folder = notebook.parent
    small.write(folder / "notes.ipynb", small.cells()[:1])
    (folder / "00_tensors-1.ipynb").write_bytes(notebook.read_bytes() + b"\n")
    (folder / "cut.ipynb").write_text("{")
    (one,), _, others = find(notebooks([str(folder), str(notebook)]))
    assert one.name == str(folder / "00_tensors-1.ipynb")
    told = {
        other.name.split("/")[-1]: other.reason or other.notes[0] for other in others
    }
    assert set(told) == {"notes.ipynb", "cut.ipynb", "00_tensors.ipynb"}
    assert "no exercise" in told["notes.ipynb"] and "JSON" in told["cut.ipynb"]
    assert "counts for this exercise" in told["00_tensors.ipynb"]
