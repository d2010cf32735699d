"""Every demo in the Lab: named controls, a picture that obeys the keyboard, themes."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

CONTROLS = "[role=slider], select, input, button, [contenteditable=true]"
# What these change is seen when it plays, trains or measures.
LATER = {
    "playground": {
        "Start", "Stop", "optimizer", "learning rate", "momentum", "weight decay",
        "batch size",
    },
    "workers": {"measure"},
}  # fmt: skip
POINTED = "[role=slider], button:not(.widget-play button)"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
HARD_TO_READ = Path(__file__).with_name("contrast.js").read_text()
STATE = """weights = sum(p.sum().item() for p in it.training.model.parameters())
print(it.background.running, f"Epoch {it.training.epochs}", weights)"""
DRAWN = "print(_.picture.value)"
SHOWS = """drawn => {
    const shown = document.querySelector('.course-demo svg[role=img]')
        .closest('.widget-html-content');
    const copy = document.createElement('div');
    copy.innerHTML = drawn;
    return shown.innerHTML.trim() === copy.innerHTML.trim();
}"""
RING = """control => {
    const style = getComputedStyle(control);
    return document.activeElement === control
        && (control.tabIndex === 0 || control.isContentEditable)
        && style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2;
}"""


@pytest.fixture(scope="module")
def demo(page, lab, source, name_of_demo):
    """What a demo's cell shows."""
    lab.open(page, lab.write(f"{name_of_demo}.ipynb", source(name_of_demo)))
    lab.run_all(page)
    shown = page.locator(".course-demo")
    shown.locator("svg[role=img]").wait_for()
    shown.later = {"repeat", "speed", *LATER.get(name_of_demo, ())}
    return shown


def controls(demo, kinds=CONTROLS):
    """The controls that can be used now, with the names a screen reader tells."""
    for control in demo.locator(kinds).all():
        if control.is_enabled():
            told = re.search(r'"(.*?)"', control.aria_snapshot().splitlines()[0])
            yield told[1].strip(" \uf04b") if told else "", control


def press(demo, lab, control):
    """Use a control by keyboard; returns whether the picture has changed then."""
    before = shown(demo, lab)
    control.focus()
    way = key(control)
    for _ in range(3):
        demo.page.keyboard.press(way)
        if shown(demo, lab) != before:
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


def point(control):
    """Use a control by mouse: press a button, or a slider's bar near either end."""
    bar = control.locator("xpath=ancestor::*[contains(@class, 'noUi-base')]")
    if not bar.count():
        return control.click()
    box, now = bar.bounding_box(), float(control.get_attribute("aria-valuenow"))
    high = now > float(control.get_attribute("aria-valuemax")) / 2
    across = box["width"] * (0.1 if high else 0.9)
    bar.page.mouse.click(box["x"] + across, box["y"] + box["height"] / 2)


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
        text = control.evaluate(
            "control => control.matches('[type=text], div.widget-readout')"
        )
        if name not in demo.later and not text:
            assert press(demo, lab, control), name


def test_the_mouse_moves_the_picture_to_what_the_kernel_drew(demo, lab):
    later = demo.later | {"New weights"}  # as many as before: the same picture
    found = [c for name, c in controls(demo, POINTED) if name not in later]
    before = drawn = shown(demo, lab)
    for control in found:
        if drawn == before:
            point(control)
            drawn = shown(demo, lab)
    assert drawn != before or not found  # the playground's train: see below


def shown(demo, lab):
    """The picture that the kernel drew last, once the page shows the same."""
    lab.settle(demo.page)
    drawn = lab.execute(demo.page, DRAWN)
    demo.page.wait_for_function(SHOWS, arg=drawn)
    return drawn


def test_measuring_with_workers_ends_in_another_picture(page, lab, source):
    lab.open(page, lab.write("workers.ipynb", source("workers")))
    lab.run_all(page)
    page.get_by_role("button", name="measure").press("Space")
    page.locator("svg[aria-label*=' measured']").wait_for()


def test_stop_ends_the_training(page, lab, source):
    """What runs next in the kernel finds no thread, and weights that stay."""
    kept = source("playground").replace("playground()", "it = playground()\nit")
    lab.open(page, lab.write("playground.ipynb", kept))
    lab.run_all(page)
    picture = page.locator(".course-demo svg[role=img]")
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator(".course-demo svg:not([aria-label^='Epoch 60:'])").wait_for()
    page.get_by_role("button", name="Stop", exact=True).press("Space")
    lab.settle(page)
    ended = lab.execute(page, STATE)
    epoch = re.search(r"Epoch \d+", ended)[0]
    page.locator(f".course-demo svg[aria-label^='{epoch}:']").wait_for()
    for _ in range(20):
        assert lab.execute(page, STATE) == ended
    assert ended.startswith("False")
    assert picture.get_attribute("aria-label").startswith(f"{epoch}:")
