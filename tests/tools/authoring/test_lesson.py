"""What the build writes into a lesson: turns, their checks, what is hidden."""

import nbformat
import pytest

from course_utils.errors import CourseError
from course_utils.tools.authoring import lesson
from course_utils.tools.authoring.build import make_key
from course_utils.tools.authoring.solution import read

code, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
IMPORTS = 'from course_utils.checking import exercise\ncheck = exercise("09_test")'
ANSWER = """# turn: size
### BEGIN SOLUTION
number = len(names)
### GAP: number = ...
### END SOLUTION"""
CHECK = '@check("size")\ndef _(see):\n    see("the number", lambda: number)'
PARTS = [
    text("# In the lesson"),
    code(IMPORTS, id="lesson-setup", metadata={"tags": ["given"]}),
    text("## How many?\n\nturn · 2 minutes"),
    code("names = [4, 5, 6]", metadata={"tags": ["given"]}),
    code(ANSWER, metadata={"tags": ["answer"]}),
    code(CHECK, metadata={"tags": ["check"]}),
]


@pytest.fixture
def turns(solution):
    """A solution whose lesson has one turn."""
    made = solution()
    made.notebook.cells += PARTS
    nbformat.write(made.notebook, made.path)
    return read(made.path)


def page(folder, *cells):
    path = folder / "lesson.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[code(IMPORTS), *cells]), path)
    return path


def test_a_turn_is_written_into_the_lessons_cells(turns, tmp_path):
    path = page(tmp_path, code("# turn: size"), code('@check("size")'))
    cells = lesson.complete(path, turns, make_key(turns)).cells
    assert (
        cells[1].source == "# turn: size\nnumber = ..." and cells[1].id == "size-turn"
    )
    assert cells[2].source == CHECK and cells[2].metadata.tags == ["check"]
    assert "size: not attempted" in cells[2].outputs[0].data["text/plain"]


def test_a_turn_has_no_points_and_stays_out_of_the_exercise(turns):
    turn = make_key(turns)["tasks"][-1]
    assert (turn["kind"], turn["points"]) == ("turn", 0)
    assert [task.slug for task in turns.tasks] == ["twice"]


@pytest.mark.parametrize(
    "cells, told",
    [
        ([code("# turn: size")], "no check cell of size"),
        ([code("# turn: sise")], "no turn 'sise'"),
    ],
)
def test_a_lesson_and_its_turns_must_fit(turns, tmp_path, cells, told):
    with pytest.raises(CourseError, match=told):
        lesson.complete(page(tmp_path, *cells), turns, make_key(turns))


def hidden(*cells):
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    lesson.hide_answers(notebook)
    return [
        bool(cell.metadata.get("jupyter", {}).get("outputs_hidden"))
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_the_cell_below_a_prediction_is_hidden_until_it_runs():
    assert hidden(text("**Predict:** how many?"), code("1"), code("2")) == [True, False]
    two = text("**Predict**, then run the two cells below.")
    assert hidden(two, code("1"), code("2"), code("3")) == [True, True, False]


def test_the_first_line_of_a_hidden_output_tells_nothing():
    result = nbformat.v4.new_output("execute_result", {"text/plain": "7.0"})
    printed = nbformat.v4.new_output("stream", text="7\n")
    cell = code("x", outputs=[result, printed])
    assert hidden(text("**Predict:** what is `x`?"), cell) == [True]
    assert (result.data["text/plain"], printed.text) == (" \n7.0", "7\n")
    assert hidden(text("Look:"), cell) == [False]
    assert (result.data["text/plain"], printed.text) == ("7.0", "7\n")


def test_choices_hide_what_they_mean_and_the_answer_below():
    cells = [code('predict("How many?", {})'), code("len(x)"), code("1")]
    assert hidden(*cells) == [False, True, False]
    assert cells[0].metadata.jupyter == {"source_hidden": True}


def test_what_no_prediction_asks_is_shown_again():
    cell = code("1", metadata={"jupyter": {"outputs_hidden": True}})
    assert hidden(text("Look:"), cell) == [False]
