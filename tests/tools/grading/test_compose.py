"""Which cells answer which task, and where the reference's checks go."""

import pytest

from course_utils.tools.grading.collect import Submission
from course_utils.tools.grading.compose import compose
from course_utils.tools.grading.reading import plain_cell
from course_utils.tools.grading.reference import reference


@pytest.fixture
def ref(small):
    return reference(small.folder / "90_small.ipynb")


def submission(cells, name="90_small.ipynb"):
    return Submission("ada", name, [plain_cell(dict(cell)) for cell in cells])


def order(composed):
    return [step.check or step.tasks for step in composed.steps]


def test_a_check_follows_its_answer(small, ref):
    composed = compose(submission(small.cells()), ref)
    answers = [["double"], "double", ["squares"], "squares", ["total"], "total"]
    assert order(composed) == [[], *answers]
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


@pytest.mark.parametrize("end", ["\u2028", "\x0c", "\x85", "\x1e"])
def test_an_odd_line_end_in_a_merged_cell_shifts_nothing(small, ref, end):
    made = small.cells()
    made[3].source = f"note = 'a{end}b'\n{made[3].source}\n\n{made.pop(4).source}"
    composed = compose(submission(made), ref)
    (answer,) = [s for s in composed.steps if s.tasks == ["double"] and not s.check]
    assert "return 2 * x" in answer.source and "see(" not in answer.source


def test_many_blank_lines_are_read_in_one_go(small, ref):
    made = small.cells()
    made[3].source += "\n" * 1_000_000  # a quadratic pattern would take days
    assert order(compose(submission(made), ref))[1] == ["double"]


@pytest.mark.parametrize(
    "source",
    [
        "with " + ", ".join(["check('double')"] * 700) + ": pass",
        "(" * 5_000,
        "\0",
        "# answer: double\n" + "-" * 100_000 + "1",
        "x = '\\d'",
    ],
)
def test_a_hostile_cell_is_composed(small, ref, source):
    made = small.cells()
    made[3].source = source
    assert order(compose(submission(made), ref)).count("double") == 1


def test_a_check_of_an_older_exercise_is_taken_out(small, ref):
    made = small.cells()
    made[3].source += "\n" + 'with check("double", points=2) as see:\n    see("a", 1)'
    composed = compose(submission(made), ref)
    assert not any("with check" in step.source for step in composed.steps)


def test_a_stub_below_the_answer_erases_nothing(small, ref):
    made = small.cells()
    stub = small.copy(made[6])
    stub.source = ref.tasks[1].stub
    made.insert(7, stub)
    composed = compose(submission(made), ref)
    assert order(composed).count(["squares"]) == 1
    assert ref.tasks[1].stub not in composed.code["squares"]
    assert "a stub beside the answer was left out" in " ".join(composed.repairs)


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("form", ["{}", "```python\n{}\n```"])
def test_an_answer_that_is_no_longer_code_is_read(small, ref, kind, form):
    made = small.cells()
    made[6].source, made[6].cell_type = form.format(small.right), kind
    composed = compose(submission(made), ref)
    assert composed.code["squares"].strip() == small.right.strip()
    assert "its cell was not code" in " ".join(composed.repairs)


def test_text_beside_an_answer_is_not_run(small, ref):
    made = small.cells()
    note = small.copy(made[6])
    note.source, note.cell_type = small.wrong, "markdown"
    made.insert(7, note)
    assert compose(submission(made), ref).code["squares"] == small.right
