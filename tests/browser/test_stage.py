"""A lesson before a class, at 1280 × 720: answers wait, all can be read and seen."""

import nbformat
import pytest
from playwright.sync_api import expect

LESSON = "notebooks/04_autograd.ipynb"
WAITING = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.hasClass('course-waits')).length"""
SIZES = """() => ['.jp-MarkdownOutput p', '.jp-MarkdownOutput td', '.cm-content',
               '.course-controls .widget-label', '.course-controls select'].map(part =>
    [part, parseFloat(getComputedStyle(document.querySelector(part)).fontSize)])"""
# Of a demo at the top of the page: its letters and controls, and how much is in sight.
SEEN = """demo => {
    demo.scrollIntoView({block: 'start'});
    const page = demo.closest('.jp-WindowedPanel-outer').getBoundingClientRect();
    const picture = demo.querySelector('svg[role=img]');
    const view = picture.parentElement.getBoundingClientRect();
    const box = picture.getBoundingClientRect();
    const wide = Math.min(box.right, view.right) - Math.max(box.left, view.left);
    const high = Math.min(box.bottom, view.bottom, page.bottom) - box.top;
    const inSight = part => {
        const {top, bottom} = part.getBoundingClientRect();
        return top >= page.top - 1 && bottom <= page.bottom;
    };
    const size = text => text.getAttribute('font-size') * picture.getScreenCTM().a;
    const kinds = '.widget-label, .widget-readout, select, button';
    const controls = [...demo.querySelectorAll(kinds)].filter(
        part => part.offsetWidth);
    const sentences = demo.querySelectorAll('.course-sentence, .course-question');
    return {
        letter: Math.min(...[...picture.querySelectorAll('text')].map(size)),
        control: Math.min(
            ...controls.map(part => parseFloat(getComputedStyle(part).fontSize))),
        share: wide * high / box.width / box.height,
        controls: controls.every(inSight),
        sentence: [...sentences, picture.querySelector('text')].every(inSight),
    };
}"""


@pytest.fixture(scope="module")
def stage(browser, presented):
    """A page as large as a projector's picture, with a lesson before a class."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(180_000)
    page.goto(f"{presented.address}/doc/tree/{LESSON}?token={presented.token}")
    presented.ready(page, LESSON)
    page.locator(".jp-SideBar.jp-mod-left").wait_for(state="hidden")
    yield page
    page.context.close()


def test_an_answer_waits_until_shift_enter_runs_its_cell(stage, presented):
    presented.open(stage, LESSON)
    waiting = stage.evaluate(WAITING)
    answer = stage.locator(".jp-MarkdownCell", has_text="Leaves have none:")
    expect(answer).to_be_hidden()
    cell = stage.locator(".jp-CodeCell", has_text="prediction = w * x").first
    cell.locator(".cm-content").click()
    stage.keyboard.press("Shift+Enter")
    expect(answer).to_be_visible()
    expect(answer).to_be_in_viewport()
    assert stage.evaluate(WAITING) == waiting - 1 > 10


def test_a_restart_hides_the_answers_again(stage, presented):
    presented.open(stage, LESSON)
    presented.run_all(stage)
    assert stage.evaluate(WAITING) == 0
    stage.evaluate("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    stage.wait_for_function(f"({WAITING})() > 10")


def test_the_page_is_the_lessons_and_large(stage, presented):
    presented.open(stage, LESSON)
    presented.run_all(stage)
    for part in (".jp-NotebookPanel-toolbar", "#jp-main-statusbar", ".jp-SideBar"):
        assert stage.locator(part).locator("visible=true").count() == 0, part
    assert [s for s in stage.evaluate(SIZES) if s[1] < 18] == []
    for image in stage.locator(".jp-RenderedImage img[width]").all():
        wanted = min(1.5 * float(image.get_attribute("width")), 1200)
        assert image.bounding_box()["width"] >= wanted


def test_no_teaching_note_is_in_the_copies(presented):
    for path in presented.folder.glob("*/*.ipynb"):
        for cell in nbformat.read(path, 4).cells:
            assert "Teaching notes" not in cell.source


def test_a_demo_can_be_read_and_is_in_sight(stage, presented, source, name_of_demo):
    name = presented.write(f"{name_of_demo}.ipynb", source(name_of_demo))
    presented.open(stage, name)
    presented.run_all(stage)
    demo = stage.locator(".course-demo")
    demo.locator("svg[role=img]").wait_for()
    seen = demo.evaluate(SEEN)
    print(name_of_demo, seen)
    assert seen["letter"] >= 18 and seen["control"] >= 18
    assert seen["controls"] and seen["sentence"]
    assert seen["share"] > 0.95
