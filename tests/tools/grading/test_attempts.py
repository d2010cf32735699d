"""Of several files of one exercise the right one counts, and each is told."""

import pytest

from course_utils.tools.grading import attempts
from course_utils.tools.grading.collect import Submission
from course_utils.tools.grading.reference import reference


@pytest.fixture(scope="module")
def references(small, tmp_path_factory):
    """The small exercise, and another whose one task is called `triple`."""
    text = (small.folder / "90_small.ipynb").read_text(encoding="utf-8")
    text = text.replace("90_small", "91_other").replace("double", "triple")
    text = text.replace("squares", "cubes").replace("Squares", "Cubes")
    other = tmp_path_factory.mktemp("other") / "91_other.ipynb"
    other.write_text(text.replace("total", "whole"), encoding="utf-8")
    paths = (small.folder / "90_small.ipynb", other)
    return {path.stem: reference(path) for path in paths}


def notebook(small, name="90_small.ipynb", reason="", student="ada", more=(), **facts):
    """A submission; `facts` are its order, time, and answers by slug."""
    told = {key: facts.pop(key) for key in ("order", "time") if key in facts}
    cells = [
        {"kind": c.cell_type, "id": c.id, "tags": [], "source": c.source, "count": None}
        for c in (*small.cells(**facts), *more)
    ]
    made = Submission(student, name, [] if reason else cells, reason=reason, **told)
    made.content = str((name, reason, facts))
    return made


def untouched(small, references, **facts):
    stubs = {task.slug: task.stub for task in references["90_small"].tasks}
    return notebook(small, **stubs, **facts)


def choose(found, references):
    placed = [one for each in found for one in attempts.place(each, references)]
    return attempts.choose(placed, references)


def counting(found, references):
    (best,) = [one for one in choose(found, references) if one.counts]
    return best


def test_the_newest_counts_by_its_time(small, references):
    old = notebook(small, "a/90_small.ipynb", time=1000)
    new = notebook(small, "b/90_small.ipynb", time=2000)
    best = counting([new, old], references)
    assert best is new and best.label == "90_small" and old.label != "90_small"


def test_a_systems_own_order_says_more_than_time(small, references):
    old = notebook(small, "a/90_small.ipynb", order=5, time=2000)
    new = notebook(small, "b/90_small.ipynb", order=6, time=1000)
    assert counting([new, old], references) is new


def test_of_one_time_the_higher_copy_counts(small, references):
    names = ("90_small.ipynb", "90_small (1).ipynb", "90_small (2).ipynb")
    made = [notebook(small, name, time=1000) for name in names]
    assert counting(made, references).name == "90_small (2).ipynb"


def test_what_is_newer_but_corrupt_or_untouched_does_not_count(small, references):
    good = notebook(small, "good/90_small.ipynb", time=1)
    blank = untouched(small, references, name="blank/90_small.ipynb", time=3)
    corrupt = notebook(small, "cut/90_small.ipynb", reason="the file is empty", time=4)
    best = counting([corrupt, blank, good], references)
    assert best is good
    assert best.notes == [
        "This file counts. These do not: blank/90_small.ipynb (has no answer), "
        "cut/90_small.ipynb (cannot be read)."
    ]
    assert blank.notes == [
        "good/90_small.ipynb counts for this exercise, not this file."
    ]


def test_an_untouched_file_counts_where_there_is_nothing_better(small, references):
    blank = untouched(small, references, time=1)
    corrupt = notebook(small, "b/90_small.ipynb", reason="cut", time=2)
    assert counting([corrupt, blank], references) is blank


def test_a_student_has_one_that_counts_for_each_exercise(small, references):
    found = [notebook(small), notebook(small, "x.ipynb", reason="cut", student="bo")]
    assert [one.counts for one in choose(found, references)] == [True, True]


def test_the_same_file_twice_is_marked_once(small, references):
    one, twin = notebook(small, time=9), notebook(small, time=1)
    twin.name = "again/90_small.ipynb"
    (kept,) = choose([one, twin], references)
    assert kept.notes == ["again/90_small.ipynb is the same file."]


def test_one_notebook_with_two_exercises_is_marked_as_both(small, references):
    task = references["91_other"].tasks[0]
    cell = small.copy(small.cells()[3])
    cell.id, cell.source = "triple-answer", small.plain(task.answer)
    made = choose([notebook(small, more=[cell])], references)
    assert {(one.stem, one.counts) for one in made} == {
        ("90_small", True),
        ("91_other", True),
    }
    assert "holds 90_small and 91_other; each is marked" in made[0].notes[0]


def test_stubs_of_another_exercise_are_no_answer_to_it(small, references):
    task = references["91_other"].tasks[0]
    cell = small.copy(small.cells()[3])
    cell.id, cell.source = "triple-answer", task.stub
    assert len(choose([notebook(small, more=[cell])], references)) == 1


def foreign(name="90_small.ipynb"):
    cell = {"kind": "code", "id": "", "tags": [], "source": "print(1)", "count": None}
    return Submission("ada", name, [cell], content=name)


def test_a_foreign_notebook_has_a_row_where_there_is_nothing_else(references):
    (one,) = choose([foreign()], references)
    assert one.reason == "named like 90_small, but none of its tasks is in it"
    assert one.counts and one.label == "90_small"


def test_beside_an_answer_it_is_told_there(small, references):
    (one,) = choose([notebook(small), foreign("old/90_small.ipynb")], references)
    assert one.notes == [
        "Not marked: old/90_small.ipynb (named like 90_small, but none of its tasks "
        "is in it)."
    ]


def test_the_courses_own_solution_is_nobodys_answer(small, references):
    cell = {
        "kind": "code",
        "id": "double-answer",
        "tags": [],
        "count": None,
        "source": references["90_small"].tasks[0].answer,
    }
    (one,) = choose([Submission("ada", "90_small.ipynb", [cell])], references)
    assert one.reason == "this is the course's solution, not an exercise"
