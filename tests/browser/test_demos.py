"""Every demo in the Lab: named controls, a picture that obeys the keyboard, two themes."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

NAMES = (
    "broadcasting dataset_explorer conveyor padding workers module_explorer "
    "feature_maps convolution playground landscape early_stopping threshold modes "
    "predictions"
).split()
SOURCES = {n: f"from course_utils.demos.{n} import {n}\n\n{n}()" for n in NAMES}
SOURCES["stepper"] = """import torch
from course_utils.demos.stepper import stepper

x = torch.tensor([[1.0, -2.0], [0.0, 3.0]])
w = torch.tensor([[0.5], [1.0]], requires_grad=True)
stepper(lambda: torch.relu(x @ w).sum())"""
CONTROLS = "[role=slider], select, input, button, [contenteditable=true]"
# What these change is seen when it plays, trains or measures.
LATER = {
    "repeat", "Stop", "optimizer", "learning rate", "momentum", "weight decay",
    "batch size", "prefetch_factor",
}  # fmt: skip
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
HARD_TO_READ = Path(__file__).with_name("contrast.js").read_text()
RING = """control => {
    const style = getComputedStyle(control);
    return document.activeElement === control && control.tabIndex === 0
        && style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2;
}"""


@pytest.fixture(scope="module", params=SOURCES)
def demo(page, lab, request):
    """What a demo's cell shows."""
    name = f"{request.param}.ipynb"
    lab.open(page, lab.write(name, SOURCES[request.param]))
    lab.run_all(page)
    shown = page.locator(".course-demo")
    shown.locator("svg[role=img]").wait_for()
    return shown


def controls(demo):
    """The controls that can be used now, with the names a screen reader tells."""
    for control in demo.locator(CONTROLS).all():
        if control.is_enabled():
            told = re.search(r'"(.*?)"', control.aria_snapshot().splitlines()[0])
            yield told[1].strip(" \uf04b") if told else "", control


def press(demo, lab, control):
    """Use a control by keyboard; returns whether the picture has changed then."""
    picture = demo.locator("svg[role=img]")
    before = picture.evaluate("svg => svg.outerHTML")
    control.focus()
    for _ in range(3):
        demo.page.keyboard.press(key(control))
        lab.settle(demo.page)
        if picture.evaluate("svg => svg.outerHTML") != before:
            return True
    return False


def key(control):
    """The key that moves a control on, or back where it is at its end."""
    tag = control.evaluate("control => control.tagName")
    if control.get_attribute("role") == "slider":
        now, last = (
            control.get_attribute(f"aria-value{end}") for end in ("now", "max")
        )
        return "ArrowLeft" if now == last else "ArrowRight"
    if tag == "SELECT":
        last = control.evaluate("select => select.selectedIndex === select.length - 1")
        return "ArrowUp" if last else "ArrowDown"
    return "Space"


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_text_and_controls_can_be_read(demo, lab, theme):
    lab.theme(demo.page, theme)
    found = Axe().run(demo.page, context=".course-demo", options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert demo.locator("svg[role=img]").evaluate(HARD_TO_READ) == []


def test_every_control_has_a_name_and_a_ring_when_it_has_the_focus(demo):
    found = list(controls(demo))
    assert found and all(re.search(r"\w", name) for name, _ in found)
    demo.page.keyboard.press("Tab")
    for name, control in found:
        control.focus()
        assert control.evaluate(RING), name


def test_every_control_moves_the_picture_by_keyboard(demo, lab):
    for name, control in list(controls(demo)):
        editable = control.get_attribute("contenteditable") or control.get_attribute(
            "type"
        )
        if name in LATER or editable in ("true", "text"):
            continue
        assert press(demo, lab, control), name
