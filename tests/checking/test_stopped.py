"""A check judges no answer that is older than the error of its cell."""

from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

import course_utils.checking as checking
from course_utils.checking import stopped
from course_utils.judging import keys

STEM = "01_dataset"
TASK = keys.load(STEM)["tasks"][0]
PASSED = {**TASK["reference"], "task": TASK["task"], "stem": STEM}


@pytest.fixture(autouse=True)
def nothing_stopped(monkeypatch):
    monkeypatch.setattr(stopped, "tasks", set())
    monkeypatch.delenv("COURSE_SEED", raising=False)


def ran(source, success):
    stopped.notice(
        SimpleNamespace(info=SimpleNamespace(raw_cell=source), success=success)
    )


@pytest.mark.parametrize("kind", ["answer", "turn"])
def test_a_cell_that_stopped_is_not_judged_by_what_it_left_before(kind, capsys):
    source = f"# {kind}: {TASK['task']}\nsquares = 1 / 0"
    ran(source, False)
    checking._display(PASSED)
    card = capsys.readouterr().out
    assert "not attempted" in card and "stopped with an error" in card
    ran(source, True)
    checking._display(PASSED)
    assert ": passed" in capsys.readouterr().out


def test_other_cells_change_nothing():
    ran("1 / 0", False)
    ran(None, False)
    assert stopped.tasks == set()


def test_watching_without_a_notebook_does_nothing():
    stopped.watch()


@pytest.mark.parametrize("wrong", ["centered = rows[7]", "centered = (rows"])
def test_a_kernel_notices_errors_of_a_cell_and_of_its_syntax(wrong):
    first = "import torch\nfrom course_utils.checking import exercise\n"
    sources = [
        f"{first}check = exercise('{STEM}')\nrows = torch.zeros(2, 3)",
        "# turn: center_rows\ncentered = rows - rows.mean()",
        f"# turn: center_rows\n{wrong}",
        "@check('center_rows')\ndef _(see):\n    see('it', lambda: centered)",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, allow_errors=True).execute()
    assert "stopped with an error" in notebook.cells[-1].outputs[0].data["text/plain"]
