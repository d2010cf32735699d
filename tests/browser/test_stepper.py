"""The graph stepper in the Lab: by keyboard from the first step to the last."""

import pytest
import torch

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
    assert f"w.grad was None and is now {gradient()}" in words


def test_play_moves_the_picture(lesson):
    cell = lesson.locator(".jp-CodeCell", has_text="stepper(lambda: v * v").first
    cell.locator(".widget-play button").first.click()
    cell.locator("svg[aria-label*='Step 5 of 5']").wait_for()
    words = cell.locator("svg[role=img]").first.get_attribute("aria-label")
    assert "v.grad was 6; 6 is added: 12" in words
