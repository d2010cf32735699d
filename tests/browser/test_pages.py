"""Cards, feedback and report can be read: in the Lab's two themes, and as files."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe

from course_utils.judging.compare import Criterion, Verdict
from course_utils.tools.grading import feedback, report
from course_utils.tools.grading.grade import Summary
from course_utils.tools.grading.gradebook import Marked
from course_utils.tools.grading.view import view as stored

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
MET = Criterion("the number of samples", True)
MISSED = Criterion("the first sample", False, "shape (4,), expected (4, 1)")
ERROR = {"type": "KeyError", "message": "'x'", "trace": [["f", 2, "row['x']"]]}
VERDICTS = [
    Verdict("whole", "passed", 3, 3, [MET]),
    Verdict("half", "partly", 1.5, 3, [MET, MISSED], mistake="a row: call `view`."),
    Verdict("wrong", "failed", 0, 3, [MISSED], ERROR),
    Verdict("empty", "not attempted", 0, 3, note="Replace the last line."),
    Verdict("slow", "timed out", 0, 3, note="it took longer than 60 s"),
    Verdict("odd", "tampered", 0, 3, note="`torch.equal` was replaced"),
]
CARDS = f"""from IPython.display import HTML, display
from course_utils.judging.card import as_html
from course_utils.judging.compare import Criterion, Verdict

for verdict in {VERDICTS}:
    display(HTML(as_html(verdict)))"""


def marked():
    """A submission with a task in each state."""
    tasks = [stored(SimpleNamespace(title=v.slug), v) for v in VERDICTS]
    return Marked(
        "k", "Ada", "Ada/01.ipynb", "01", "01", True, 18, tasks, {"whole": 0.5},
        ["cell ids were lost"], ["a note"], {"wrong": "KeyError: 'x'"},
        {"wrong": "def f(row):\n    return row['x']"},
    )  # fmt: skip


def pages():
    """Title → a page of the grader, as it writes it."""
    lost = Marked(
        "l", "Bo", "Bo.zip", "", "Bo", True, 18, [], {}, [], [], {}, {}, "cut"
    )
    summary = Summary(Path("out"), 1, [marked(), lost], 2, 9.0, ["Ada: 01 was 3"])
    return {
        "feedback": feedback.page(marked()),
        "unreadable": feedback.page(lost),
        "report": report.page(summary, [("a network", True, "")]),
        "unisolated": report.page(summary, []),
    }


@pytest.fixture(scope="module")
def cards(page, lab):
    """What a cell shows that displays a card in each state."""
    lab.open(page, lab.write("cards.ipynb", CARDS))
    lab.run_all(page)
    return page.locator(".jp-OutputArea-output [role=group]")


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_a_card_can_be_read_in_every_state(cards, lab, theme):
    lab.theme(cards.page, theme)
    assert cards.count() == len(VERDICTS)
    found = Axe().run(cards.page, context=".jp-OutputArea-output", options=WCAG)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", list(pages()))
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_page_of_the_grader_can_be_read(new_page, tmp_path, name, scheme):
    path = tmp_path / f"{name}.html"
    path.write_text(pages()[name], encoding="utf-8")
    new_page.emulate_media(color_scheme=scheme)
    new_page.goto(path.as_uri())
    found = Axe().run(new_page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert os.path.getsize(path) < 100_000
