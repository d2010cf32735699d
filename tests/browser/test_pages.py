"""Cards, feedback and report can be read: in the Lab's two themes, and as files."""

from collections import Counter
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe

from course_utils.judging.compare import Criterion, Mistake, Verdict
from course_utils.judging.difference import Difference
from course_utils.tools.grading import feedback, report
from course_utils.tools.grading.gradebook import Marked, missing
from course_utils.tools.grading.people import Person
from course_utils.tools.grading.summary import Summary
from course_utils.tools.grading.view import view as stored
from course_utils.tools.places import ROOT
from course_utils.tools.teaching import guide

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
MET = Criterion("the number of samples", True)
MISSED = Criterion("the first sample", False, Difference("shape", [4], [4, 1]))
MISTAKE = Mistake("half-mistake-1", "a row: call `view`.")
ERROR = {"type": "KeyError", "message": "'x'", "trace": [["f", 2, "row['x']"]]}
VERDICTS = [
    Verdict("whole", "passed", 3, 3, [MET]),
    Verdict("half", "partly", 1.5, 3, [MET, MISSED], mistake=MISTAKE),
    Verdict("wrong", "failed", 0, 3, [MISSED], ERROR),
    Verdict("empty", "not attempted", 0, 3, note="Replace the last line."),
    Verdict("slow", "timed out", 0, 3, note="it took longer than 60 s"),
    Verdict("odd", "tampered", 0, 3, note="`torch.equal` was replaced"),
]
CARDS = f"""from IPython.display import HTML, display
from course_utils.judging.card import as_html
from course_utils.judging.compare import Criterion, Mistake, Verdict
from course_utils.judging.difference import Difference

for verdict in {VERDICTS}:
    display(HTML(as_html(verdict)))"""


def marked(student="Ada", stem="01", tasks=VERDICTS):
    """A submission with a task in each state."""
    made = [stored(SimpleNamespace(title=v.slug), v) for v in tasks]
    return Marked(
        "k",
        student,
        f"{student}/{stem}.ipynb",
        stem,
        stem,
        True,
        18,
        made,
        {"whole": 0.5},
        ["cell ids were lost"],
        ["a note"],
        {"wrong": "KeyError: 'x'"},
        {"wrong": "def f(row):\n    return row['x']"},
        path=f"{student}/{stem}.html",
        handed=["This file counts. These do not: old.ipynb (older)."],
        late=True,
    )


def summary(marked, held=(("a network", True, ""),)):
    return Summary(Path("out"), 1, marked, 2, 9.0, ["Ada: 01 was 3"], list(held))


def large():
    """A class of long names with 51 tasks."""
    names = ["Ana María de la Concepción Fernández y Ortega", "שלום עולם", "x" * 200]
    slugs = [f"a_task_of_several_words_{number}" for number in range(51)]
    tasks = [
        replace(v, slug=slug) for slug, v in zip(slugs, cycle(VERDICTS), strict=False)
    ]
    return [marked(name, f"{n:02}", tasks) for name in names for n in range(4)]


def pages():
    """Title → a page of the grader, as it writes it."""
    lost = Marked(
        "l", "Bo", "Bo.zip", "", "Bo", True, 18, [], {}, [], [], {}, {}, "cut"
    )
    gone = missing(Person("Cy"), "01", 18)
    two = [marked(), lost, gone]
    return {
        "feedback": feedback.page(marked()),
        "unreadable": feedback.page(lost),
        "report": report.page(summary(two), {}),
        "unisolated": report.page(summary(two, held=()), {}),
        "anonymous": report.page(summary(two), {}, anonymous=True),
        "large": report.page(summary(large()), {}),
        "guide": guide.as_html(guide.outline(ROOT, ["00_tensors"], Counter())),
    }


# Words that stand on two lines, though they have no place to be broken.
BROKEN = """() => {
    const found = [], range = document.createRange();
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
        for (const match of nodes.currentNode.data.matchAll(/[^\\s\\-\\/]{2,40}/g)) {
            range.setStart(nodes.currentNode, match.index);
            range.setEnd(nodes.currentNode, match.index + match[0].length);
            const lines = [...range.getClientRects()].map(box => Math.round(box.top));
            if (new Set(lines).size > 1) found.push(match[0]);
        }
    }
    return found;
}"""


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
    assert path.stat().st_size < 250_000


@pytest.mark.parametrize("name", list(pages()))
@pytest.mark.parametrize("width", [500, 800, 1280, "print"])
def test_its_words_stay_whole_and_within_the_page(new_page, tmp_path, name, width):
    path = tmp_path / f"{name}.html"
    path.write_text(pages()[name], encoding="utf-8")
    new_page.emulate_media(media="print" if width == "print" else "screen")
    size = 720 if width == "print" else width
    new_page.set_viewport_size({"width": size, "height": 900})
    new_page.goto(path.as_uri())
    assert new_page.evaluate("document.documentElement.scrollWidth") <= size
    broken = new_page.evaluate(BROKEN)
    assert [word for word in broken if set(word) != {"x"}] == []


def test_the_class_is_listed_by_need_or_by_name(new_page, tmp_path):
    page = report.page(summary([marked("Bo", tasks=VERDICTS[:1]), marked("Ada")]), {})
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    new_page.goto((tmp_path / "report.html").as_uri())

    def names():
        rows = new_page.locator("tbody:visible tr td:first-child .name")
        return [text for text in rows.all_inner_texts() if text in ("Ada", "Bo")][-2:]

    assert names() == ["Bo", "Ada"]  # 3 of 18 points, and 4.5
    new_page.get_by_label("name").check()
    assert names() == ["Ada", "Bo"]


def test_a_mistake_leads_to_its_students_and_an_example(new_page, tmp_path):
    (tmp_path / "report.html").write_text(pages()["report"], encoding="utf-8")
    new_page.goto((tmp_path / "report.html").as_uri())
    new_page.get_by_text("1 × a row").click()
    link = new_page.locator("details a", has_text="Ada")
    assert link.get_attribute("href") == "feedback/Ada/01.html#half"
    new_page.get_by_text("One example").first.click()
    assert new_page.locator("details [role=group]").first.is_visible()
