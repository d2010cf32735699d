"""Which cells answer which task, and where the reference's checks go."""

import pytest

from course_utils.tools.grading.collect import Submission, _cell
from course_utils.tools.grading.compose import compose, identify, reference


@pytest.fixture
def ref(small):
    return reference(small.folder / "90_small.ipynb")


def submission(cells, name="90_small.ipynb"):
    return Submission("ada", name, [_cell(dict(cell)) for cell in cells])


def order(composed):
    return [step.check or step.tasks for step in composed.steps]


def test_a_check_follows_its_answer(small, ref):
    composed = compose(submission(small.cells()), ref)
    assert order(composed) == [
        [], ["double"], "double", ["squares"], "squares", ["total"], "total",
    ]  # fmt: skip
    assert composed.repairs == []


def test_the_check_is_the_references(small, ref):
    made = small.cells()
    made[4].source = '@check("double", points=99)\ndef _(see):\n    see("x", 1)'
    composed = compose(submission(made), ref)
    assert [s.source for s in composed.steps if s.check == "double"] == [
        small.checks["double"]
    ]
    assert "its check cell was changed" in composed.repairs[0]


def test_free_cells_run_before_the_next_check(small, ref):
    made = small.cells()
    free = small.copy(made[1])
    free.id, free.source = "free", "Squares.extra = 1"
    made.insert(7, free)
    assert order(compose(submission(made), ref))[3:6] == [["squares"], [], "squares"]


def test_the_code_shown_is_the_learners_own(small, ref):
    code = compose(submission(small.cells()), ref).code["double"]
    assert "return 2 * x" in code and "@check" not in code


def test_a_check_block_beside_an_answer_is_taken_out(small, ref):
    made = small.cells()
    made[3].source += "\n\n" + made.pop(4).source
    composed = compose(submission(made), ref)
    (answer,) = [s for s in composed.steps if s.tasks == ["double"] and not s.check]
    assert "return 2 * x" in answer.source and "check" not in answer.source


def test_a_task_without_an_answer_is_still_checked(small, ref):
    made = [cell for cell in small.cells() if not cell.id.startswith("double")]
    composed = compose(submission(made), ref)
    assert order(composed)[-1] == "double"
    assert "Task double: no answer cell was found." in composed.repairs


def test_content_decides_over_the_name(small, ref):
    one = submission(small.cells(), "01_dataset.ipynb")
    other = reference(small.folder / "90_small.ipynb")
    other.stem, other.tasks = "01_dataset", []
    assert identify(one, {"01_dataset": other, "90_small": ref}) == "90_small"
    assert one.notes == ["The file is named 01_dataset but holds 90_small."]


def test_the_lesson_is_not_taken_for_its_exercise(small, ref):
    made = small.cells()[:2]
    made[1].source = "from course_utils.pictures.pipeline import pipeline\n\npipeline()"
    one = submission(made)
    assert identify(one, {"90_small": ref}) == ""
    assert one.reason == "this is the lesson; hand in exercises/90_small.ipynb"
