"""The graph stepper in the Lab: by keyboard from the first step to the last."""

import torch

from course_utils.lab import ROOT

LESSON = "notebooks/04_autograd.ipynb"


def gradient():
    """What PyTorch computes for the lesson's layer, as the stepper writes it."""
    x = torch.tensor([[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]])
    w = torch.tensor([[0.5, -1.0], [1.0, 0.5], [-0.5, 1.0]], requires_grad=True)
    (grad,) = torch.autograd.grad(torch.relu(x @ w).sum(), w)
    rows = (" ".join(f"{value:.0f}" for value in row) for row in grad.tolist())
    return "[" + " | ".join(rows) + "]"


def run(page, lab):
    """Open the lesson and run it; a kernel that has just started may miss the first."""
    lab.open(page, LESSON)
    for _ in range(3):
        lab.run_all(page)
        if page.locator(".jp-InputPrompt", has_text="[1]").count():
            return


def test_the_keyboard_leads_from_the_first_step_to_the_last(page, lab):
    run(page, lab)
    cell = page.locator(".jp-CodeCell", has_text="stepper(lambda: torch.relu").first
    cell.scroll_into_view_if_needed()
    picture = cell.locator("svg[role=img]").first
    assert "Step 0 of 10" in picture.get_attribute("aria-label")
    cell.locator(".noUi-handle").first.focus()
    for step in range(1, 11):
        page.keyboard.press("ArrowRight")
        cell.locator(f"svg[aria-label*='Step {step} of 10']").wait_for()
    words = cell.locator("svg[role=img]").first.get_attribute("aria-label")
    assert f"w.grad was None and is now {gradient()}" in words


def test_play_moves_the_picture(page, lab):
    run(page, lab)
    cell = page.locator(".jp-CodeCell", has_text="stepper(lambda: v * v").first
    cell.locator(".widget-play button").first.click()
    cell.locator("svg[aria-label*='Step 5 of 5']").wait_for()
    words = cell.locator("svg[role=img]").first.get_attribute("aria-label")
    assert "v.grad was 6; 6 is added: 12" in words


def test_the_saved_lesson_shows_its_pictures_without_a_kernel(page, tmp_path):
    from nbconvert import HTMLExporter

    html, _ = HTMLExporter().from_filename(str(ROOT / LESSON))
    (tmp_path / "lesson.html").write_text(html)
    page.goto(f"file://{tmp_path}/lesson.html")
    pictures = page.locator(".jp-RenderedImage img")
    assert pictures.count() >= 4
    widths = pictures.evaluate_all("found => found.map(e => e.naturalWidth)")
    assert all(width > 400 for width in widths)
