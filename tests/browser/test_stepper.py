"""The graph stepper in the Lab: by keyboard from the first step to the last."""

import pytest
import torch

from course_utils.pictures.palette import NOW

LESSON = "notebooks/04_autograd.ipynb"


def gradient():
    """What PyTorch computes for the lesson's layer, as the stepper writes it."""
    x = torch.tensor([[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]])
    w = torch.tensor([[0.5, -1.0], [1.0, 0.5], [-0.5, 1.0]], requires_grad=True)
    (grad,) = torch.autograd.grad(torch.relu(x @ w).sum(), w)
    rows = (" ".join(f"{value:.0f}" for value in row) for row in grad.tolist())
    return "[" + " | ".join(rows) + "]"


@pytest.fixture(scope="module")
def lesson(page, lab):
    lab.open(page, LESSON)
    lab.run_all(page)
    return page


def test_the_keyboard_leads_from_the_first_step_to_the_last(lesson):
    cell = lesson.locator(".jp-CodeCell", has_text="stepper(lambda: torch.relu").first
    cell.scroll_into_view_if_needed()
    picture = cell.locator("svg[role=img]").first
    assert "Step 0 of 10" in picture.get_attribute("aria-label")
    cell.locator(".noUi-handle").first.focus()
    for step in range(1, 11):
        lesson.keyboard.press("ArrowRight")
        cell.locator(f"svg[aria-label*='Step {step} of 10']").wait_for()
    words = cell.locator("svg[role=img]").first.get_attribute("aria-label")
    assert f"W.grad was None and is now {gradient()}" in words


def test_play_moves_the_picture(lesson):
    cell = lesson.locator(".jp-CodeCell", has_text="stepper(lambda: v * v").first
    cell.locator(".widget-play button").first.click()
    cell.locator("svg[aria-label*='Step 5 of 5']").wait_for()
    words = cell.locator("svg[role=img]").first.get_attribute("aria-label")
    assert "v.grad was 6; 6 is added: 12" in words


LAYER = """import torch
from course_utils.demos.stepper import stepper

x = torch.tensor([[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]])
w = torch.tensor([[0.5, -1.0], [1.0, 0.5], [-0.5, 1.0]], requires_grad=True)
b = torch.zeros(2, requires_grad=True)
demo = stepper(lambda: torch.relu(x @ w + b).sum())
demo"""
# Of the demo: what can be seen of it at once, the box that works, and its letters.
SEEN = """([demo, accent]) => {
    demo.scrollIntoView({block: 'start'});
    const panel = demo.closest('.jp-WindowedPanel-outer').getBoundingClientRect();
    const picture = demo.querySelector('svg[role=img]');
    const view = picture.parentElement.getBoundingClientRect();
    const frame = picture.querySelector(`rect[stroke='${accent}'][stroke-width='4']`);
    const box = (frame ?? picture).getBoundingClientRect();
    const letters = [...picture.querySelectorAll('text')].map(
        text => text.getAttribute('font-size') * picture.getScreenCTM().a);
    return {
        height: demo.getBoundingClientRect().height,
        fits: demo.getBoundingClientRect().bottom <= panel.bottom,
        works: !frame || (box.left >= view.left - 1 && box.right <= view.right + 1
            && box.top >= view.top - 1 && box.bottom <= view.bottom + 1),
        smallest: Math.min(...letters),
    };
}"""


@pytest.mark.parametrize("type_size, smallest", [(14, 9), (22, 18)])
def test_every_step_fits_a_small_screen_with_its_controls(
    new_page, lab, type_size, smallest
):
    new_page.set_viewport_size({"width": 1280, "height": 720})
    lab.open(new_page, lab.write("layer.ipynb", LAYER))
    lab.run_all(new_page)
    size = f"['--jp-content-font-size1', '{type_size}px']"
    new_page.evaluate(f"document.body.style.setProperty(...{size})")
    demo = new_page.locator(".course-demo").element_handle()
    seen = []
    for step in range(11):
        lab.execute(new_page, f"demo.controls['step'].value = {step}")
        new_page.locator(f"svg[aria-label*='Step {step} of 10']").wait_for()
        seen.append(new_page.evaluate(SEEN, [demo, NOW]))
    assert all(s["fits"] and s["works"] and s["smallest"] >= smallest for s in seen)
    assert len({s["height"] for s in seen}) == 1
