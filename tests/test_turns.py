"""The turns of the lessons: all are there, and all can be done."""

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils.tools.authoring.solution import read
from course_utils.tools.places import ROOT, stems

SOLUTIONS = {stem: read(ROOT / "solutions" / f"{stem}.ipynb") for stem in stems()}
WITH_TURNS = [stem for stem, solution in SOLUTIONS.items() if solution.turns]
each = pytest.mark.parametrize("stem", WITH_TURNS)


@each
def test_a_lesson_has_four_turns_and_a_warm_up(stem):
    kinds = [turn.kind for turn in SOLUTIONS[stem].turns]
    assert kinds.count("turn") >= 4
    assert kinds.count("warm-up") >= (stem != "00_tensors")


@each
def test_a_lesson_with_all_turns_written_shows_only_passed_cards(stem):
    path = ROOT / "notebooks" / f"{stem}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    answers = {f"{turn.slug}-turn": turn.answer for turn in SOLUTIONS[stem].turns}
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    here = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, kernel_name="python3", resources=here).execute()
    cards = [
        cell.outputs[0].data["text/plain"].splitlines()[0]
        for cell in notebook.cells
        if "check" in cell.metadata.get("tags", [])
    ]
    assert len(cards) == len(answers)
    assert [card for card in cards if not card.startswith("✓")] == []
