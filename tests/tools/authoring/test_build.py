"""Building: refuses what an author must mend, gives the same bytes again."""

import nbformat
import pytest

from course_utils.checking import judge
from course_utils.errors import CourseError
from course_utils.judging import keys
from course_utils.tools.authoring import build
from course_utils.tools.authoring.exercise import as_json, exercise, fill
from course_utils.tools.authoring.markers import BEGIN, END
from course_utils.tools.authoring.solution import read
from course_utils.tools.places import ROOT, stems


def test_a_key_holds_the_reference_and_the_mistake(solution):
    key = build.make_key(solution(("mistake", SQUARE)))
    task = key["tasks"][0]
    assert [f["value"]["value"] for f in task["reference"]["observations"]] == [6, 0]
    assert task["mistakes"][0]["failing"] == ["of three"]
    assert task["mistakes"][0]["message"] == "The square."


SQUARE = "The square.\n```python\ndef twice(x):\n    return x * x\n```"
PLUS = "Also right.\n```python\ndef twice(x):\n    return x + x\n```"
RIGHT = "Wrong.\n```python\ndef twice(x):\n    return x + x\n```"
POWER = "Other words.\n```python\ndef twice(x):\n    return x ** 2\n```"
EMPTY = "Nothing.\n```python\ndef twice(x):\n    pass\n```"
BROKEN = "Typo.\n```python\ndef twice(x)\n    pass\n```"


@pytest.mark.parametrize(
    "more, told",
    [
        ([("alternative", SQUARE)], "the alternative is refused: of three: yours is 9"),
        ([("mistake", RIGHT)], "the mistake is accepted"),
        (
            [("mistake", SQUARE), ("mistake", POWER)],
            "cannot be told apart .*The square",
        ),
        ([("mistake", EMPTY)], "seen as not attempted"),
        ([("mistake", BROKEN)], "SyntaxError"),
        ([("mistake", "```python\nx = 1\n```")], "message for the learner is missing"),
        ([("mistake", "No code.")], "one ```python block is needed, found 0"),
        ([("mistakes", SQUARE)], "tag 'mistakes': write 'mistake'"),
        ([("hint", PLUS)], "code without the tag mistake or alternative"),
    ],
)
def test_variants_that_prove_nothing_are_refused(solution, more, told):
    with pytest.raises(CourseError, match=told):
        build.make_key(solution(*more))


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"check": ("twice(0)", "twice(None)")}, "the reference fails"),
        ({"check": ("points=2", "points=3")}, "2 points in the text, 3"),
        ({"check": ("twice(0)", "[0] * 5000")}, "full marks: .*too many"),
        ({"check": ("of zero", "of three")}, "two observations are named"),
        ({"text": ("●○○", "")}, "needs `## Title`"),
        ({"answer": ("# answer: twice", "")}, "first line must be `# answer: twice`"),
    ],
)
def test_a_faulty_task_is_refused(solution, changes, told):
    with pytest.raises(CourseError, match=told):
        build.make_key(solution(**changes))


def test_the_same_solution_gives_the_same_bytes(solution):
    made = solution(("alternative", PLUS), ("mistake", SQUARE))
    one, two = build.make_key(made), build.make_key(made)
    assert as_json(exercise(made, one)) == as_json(exercise(made, two))
    filled = as_json(fill(made.notebook, one, "reference"))
    assert "✓ twice: passed, 2 of 2 points" in filled


def test_an_exercise_holds_no_answer_and_no_mistake(solution):
    made = solution(("alternative", PLUS), ("mistake", SQUARE))
    text = as_json(exercise(made, build.make_key(made)))
    for gone in ("2 * x", "x + x", "x * x", "The square", "SOLUTION"):
        assert gone not in text
    assert "twice: not attempted" in text


def answer_lines(source: str) -> list[str]:
    """The lines between the markers."""
    lines, inside = [], False
    for line in source.splitlines():
        if line.strip() in (BEGIN, END):
            inside = line.strip() == BEGIN
        elif inside and line.strip():
            lines.append(line.strip())
    return lines


@pytest.mark.parametrize("stem", stems())
def test_no_line_of_a_solution_survives_in_the_exercise(stem):
    solution = read(ROOT / "solutions" / f"{stem}.ipynb")
    path = ROOT / "exercises" / f"{stem}.ipynb"
    cells = nbformat.read(path, 4).cells
    left = {c.id: [line.strip() for line in c.source.splitlines()] for c in cells}
    for task in solution.tasks:
        for line in answer_lines(task.answer):
            assert line not in left[f"{task.slug}-answer"], f"{task.slug}: {line}"


@pytest.mark.parametrize("stem", stems())
def test_nothing_made_from_a_solution_is_stale(stem):
    assert build.build([stem], check=True, tell=lambda name: None) == []


@pytest.mark.parametrize("stem", stems())
def test_references_alternatives_and_mistakes_are_judged_as_they_should_be(stem):
    """`make_key` refuses anything else; what it finds is what the key says."""
    made = build.make_key(read(ROOT / "solutions" / f"{stem}.ipynb"))
    for new, old in zip(made["tasks"], keys.load(stem)["tasks"], strict=True):
        assert judge(new["reference"], old).state == "passed"
        for mistake in new["mistakes"]:
            facts = mistake["observations"]
            assert mistake["message"] in [m["message"] for m in old["mistakes"]], facts
