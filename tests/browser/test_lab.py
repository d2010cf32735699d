"""The Lab as a learner meets it."""

import nbformat
import pytest

from course_utils.authoring.build import stems
from course_utils.lab import ROOT, lessons


def errors(page):
    return page.locator(".jp-OutputArea-output[data-mime-type*=error]").count()


@pytest.mark.parametrize("stem", lessons())
def test_a_lesson_runs_from_top_to_bottom(page, lab, stem):
    lab.open(page, f"notebooks/{stem}.ipynb")
    lab.run_all(page)
    assert errors(page) == 0


def test_no_news_prompt_is_shown(page, lab):
    lab.open(page, "notebooks/00_tensors.ipynb")
    assert page.get_by_text("get notified about official Jupyter news").count() == 0


@pytest.mark.parametrize("stem", stems())
def test_an_untouched_exercise_says_not_attempted(page, lab, stem):
    lab.open(page, f"exercises/{stem}.ipynb")
    lab.run_all(page)
    tasks = len(nbformat.read(ROOT / "exercises" / f"{stem}.ipynb", 4).cells)
    cards = page.locator(".jp-OutputArea-output [role=group]")
    texts = cards.all_text_contents()
    assert 4 <= len(texts) <= tasks and errors(page) == 0
    assert all("not attempted, 0 of" in text for text in texts)


def test_the_reference_answer_turns_its_card_to_full_marks(page, lab):
    solution = nbformat.read(ROOT / "solutions" / "01_dataset.ipynb", 4)
    answer = next(
        c.source for c in solution.cells if "answer" in c.metadata.get("tags", [])
    )
    lab.open(page, "exercises/01_dataset.ipynb")
    cell = page.locator(".jp-CodeCell", has_text="# answer: ").first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(answer)
    lab.run_all(page)
    cards = page.locator(".jp-OutputArea-output [role=group]")
    assert ": passed, " in cards.first.text_content()
    assert ": not attempted, " in cards.last.text_content()


def test_the_explorers_picture_follows_the_keyboard(page, lab):
    lab.open(page, "notebooks/01_dataset.ipynb")
    lab.run_all(page)
    picture = page.locator(".jp-OutputArea-output svg[role=img]").first
    before = picture.get_attribute("aria-label")
    page.locator(".noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "old => document.querySelector('.jp-OutputArea-output svg[role=img]')"
        ".getAttribute('aria-label') !== old",
        arg=before,
    )
    assert "digits[3]" in picture.inner_html()
