"""The Lab as a learner meets it."""

import nbformat
import pytest
from playwright.sync_api import expect

from course_utils.tools.places import ROOT, stems


def errors(lab, page):
    """What went wrong in any cell."""
    outputs = lab.outputs(page)
    return [o.get("evalue") for o in outputs if o["output_type"] == "error"]


@pytest.mark.parametrize("stem", stems(room="notebooks"))
def test_a_lesson_runs_from_top_to_bottom(page, lab, stem):
    lab.open(page, f"notebooks/{stem}.ipynb")
    lab.run_all(page)
    assert lab.outputs(page) and errors(lab, page) == []


def test_no_news_prompt_is_shown(page, lab):
    lab.open(page, "notebooks/00_tensors.ipynb")
    assert page.get_by_text("get notified about official Jupyter news").count() == 0


@pytest.mark.parametrize("stem", stems())
def test_an_untouched_exercise_says_not_attempted(page, lab, stem):
    lab.open(page, f"exercises/{stem}.ipynb")
    lab.run_all(page)
    cells = nbformat.read(ROOT / "exercises" / f"{stem}.ipynb", 4).cells
    tasks = sum("check" in cell.metadata.get("tags", []) for cell in cells)
    cards = [o["data"]["text/html"] for o in lab.outputs(page) if "data" in o]
    assert len(cards) == tasks and errors(lab, page) == []
    assert all("not attempted, 0 of" in card for card in cards)


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
    expect(cards.first).to_contain_text(": passed, ")
    expect(cards.last).to_contain_text(": not attempted, ")


HIDDEN = """text => {
    const code = [...document.querySelectorAll('.jp-CodeCell')].find(
        cell => cell.querySelector('.cm-content')?.textContent.includes(text));
    return code && !code.querySelector('.jp-Cell-outputArea .jp-OutputArea-output');
}"""
SHOWN = HIDDEN.replace("&& !code", "&& !!code")


def test_what_a_prediction_asks_is_hidden_until_its_cell_runs(page, lab):
    lab.open(page, "notebooks/01_dataset.ipynb")
    text = "digits[1437]"
    cell = page.locator(".jp-CodeCell", has_text=text).first
    cell.scroll_into_view_if_needed()
    page.wait_for_function(HIDDEN, arg=text)
    lab.run_all(page)
    cell.scroll_into_view_if_needed()
    page.wait_for_function(SHOWN, arg=text)
    expect(cell).to_contain_text("IndexError: index 1437")
