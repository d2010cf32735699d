"""A solution of one small task, to be built."""

import nbformat
import pytest

from course_utils.tools.authoring.solution import read

SETUP = (
    "from course_utils.checking import exercise, raises\ncheck = exercise('09_test')"
)
TEXT = "## Twice\n\n●○○ · 2 points · 5 minutes\n\nWrite `twice(x)`."
ANSWER = """# answer: twice
def twice(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
"""
CHECK = """@check("twice", points=2)
def _(see):
    see("of three", twice(3))
    see("of zero", twice(0))
"""


def notebook(folder, *more, answer=("", ""), check=("", ""), text=("", "")):
    """A solution of one task; `more` are pairs of a tag and a markdown source.

    answer, check, text: what is replaced in them, and by what.
    """
    new = nbformat.v4
    cells = [
        new.new_code_cell(SETUP, id="setup"),
        new.new_markdown_cell(TEXT.replace(*text), id="twice-task"),
        new.new_code_cell(
            ANSWER.replace(*answer), id="twice-answer", metadata={"tags": ["answer"]}
        ),
        new.new_code_cell(
            CHECK.replace(*check), id="twice-check", metadata={"tags": ["check"]}
        ),
    ]
    for number, (tag, source) in enumerate(more):
        cell = new.new_markdown_cell(source, id=f"twice-{tag}-{number}")
        cell.metadata["tags"] = [tag]
        cells.append(cell)
    path = folder / "09_test.ipynb"
    nbformat.write(new.new_notebook(cells=cells), path)
    return read(path)


@pytest.fixture
def solution(tmp_path):
    """Writes such a solution and reads it."""
    return lambda *more, **changes: notebook(tmp_path, *more, **changes)
