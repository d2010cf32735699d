"""Copies for a class: no outputs, no notes, answers that wait; what is typed stays."""

import nbformat
import pytest

from course_utils.tools.lab.launch import kept
from course_utils.tools.lab.stage import for_class, staged, typed
from course_utils.tools.places import ROOT, stems

code, prose = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
NOTE = "<details><summary>Teaching notes · 5 min</summary>\n\nAsk.\n</details>"


def lesson():
    """A question, what shows the answer, what says it, a note, the next section."""
    ask = code(
        "1 + 1", execution_count=1, metadata={"jupyter": {"outputs_hidden": True}}
    )
    ask.outputs = [nbformat.v4.new_output("stream", text="2")]
    texts = [
        "**Predict:** how many?",
        "It is two.",
        f"Keep.\n\n{NOTE}",
        NOTE,
        "## Next",
    ]
    before, *after = map(prose, texts)
    return nbformat.v4.new_notebook(cells=[before, ask, *after])


@pytest.fixture
def course(tmp_path):
    """A course of one lesson."""
    (tmp_path / "notebooks").mkdir()
    nbformat.write(lesson(), tmp_path / "notebooks" / "01_a.ipynb")
    return tmp_path


def test_what_answers_waits_for_the_cell_that_shows_it():
    cells = for_class(lesson()).cells
    assert [c.source for c in cells][2:] == ["It is two.", "Keep.", "## Next"]
    after = [c.metadata.get("course", {}).get("after") for c in cells]
    assert after == [None, None, cells[1].id, cells[1].id, None]
    assert cells[1].outputs == [] and cells[1].metadata.jupyter == {}


def test_the_lesson_itself_is_left_alone(course):
    page = course / "notebooks" / "01_a.ipynb"
    before = page.read_bytes()
    staged(course, course / "class")
    assert page.read_bytes() == before


def test_what_is_typed_is_told_and_outlives_the_next_class(course):
    before = staged(course, course / "class")
    assert typed(before) == [] and kept(course, []).startswith("Nothing was typed")
    (page,) = before
    notebook = nbformat.read(page, 4)
    notebook.cells.append(code("asked = True"))
    nbformat.write(notebook, page)
    assert typed(before) == [page]
    assert kept(course / "class", [page]).endswith(": notebooks/01_a.ipynb")
    assert typed(staged(course, course / "class")) == []
    assert nbformat.read(page, 4).cells[-1].source == "asked = True"


@pytest.mark.parametrize("stem", stems(room="notebooks"))
def test_every_prediction_of_a_lesson_has_what_waits(stem):
    notebook = nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", 4)
    asked = [
        c.id
        for c in notebook.cells
        if c.metadata.get("jupyter", {}).get("outputs_hidden")
    ]
    waits = {
        c.metadata.get("course", {}).get("after") for c in for_class(notebook).cells
    }
    assert len(waits - {None}) >= 0.8 * len(asked)
