"""Which exercise a notebook answers."""

import pytest

from course_utils.tools.grading.collect import Submission
from course_utils.tools.grading.identify import identify
from course_utils.tools.grading.reading import plain_cell
from course_utils.tools.grading.reference import reference


@pytest.fixture
def references(small):
    other = reference(small.folder / "90_small.ipynb")
    other.stem, other.tasks = "01_dataset", []
    return {"01_dataset": other, "90_small": reference(small.folder / "90_small.ipynb")}


def submission(cells, name="90_small.ipynb"):
    return Submission("ada", name, [plain_cell(dict(cell)) for cell in cells])


def test_content_decides_over_the_name(small, references):
    named = submission(small.cells(), "01_dataset.ipynb")
    assert identify(named, references) == "90_small"
    assert named.notes == ["The file is named 01_dataset but holds 90_small."]


def test_the_lesson_is_not_taken_for_its_exercise(small, references, tmp_path):
    lesson = small.cells()[:2]
    lesson[1].source = "import torch\n\ntorch.ones(2)"
    small.write(tmp_path / "90_small.ipynb", lesson)
    handed_in = submission(lesson)
    assert identify(handed_in, references, tmp_path) == ""
    assert handed_in.reason == "this is the lesson; hand in exercises/90_small.ipynb"


def test_an_exercise_that_lost_all_but_its_name_is_still_marked(
    small, references, tmp_path
):
    small.write(tmp_path / "90_small.ipynb", small.cells()[:2])
    bare = small.cells()[3:4]
    bare[0].id, bare[0].source = "x", "def double(x): return 2 * x"
    assert identify(submission(bare), references, tmp_path) == "90_small"
