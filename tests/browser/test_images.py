"""The pictures in notebooks/images show what the course shows; see `make images`.

Each holds, as its description, the words that stood on the screen when it was made.
"""

import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from course_utils.pictures.pipeline import pipeline
from course_utils.tools.authoring.solution import read
from course_utils.tools.places import ROOT

FOLDER = ROOT / "notebooks" / "images"
STEPS = 7  # into the middle of backward


@pytest.fixture
def screen(request, browser, page):
    """The page all share; for new pictures one with finer pixels."""
    if not request.config.getoption("--images"):
        yield page
        return
    size = {"width": 1310, "height": 1400}
    fine = browser.new_page(viewport=size, device_scale_factor=1.5)
    yield fine
    fine.context.close()


@pytest.fixture
def agree(request):
    """Compares a picture's words with those shown now, or makes the picture anew."""

    def agree(name, words, png):
        path = FOLDER / f"{name}.png"
        if request.config.getoption("--images"):
            info = PngInfo()
            info.add_itxt("Description", words)
            image = Image.open(io.BytesIO(png())).convert("RGB").quantize(64)
            image.save(path, optimize=True, pnginfo=info)
        assert Image.open(path).text.get("Description") == words, "call `make images`"

    return agree


def shot(page, *cells):
    """A picture of neighboring cells."""
    boxes = [cell.bounding_box() for cell in cells]
    left, top = min(b["x"] for b in boxes), min(b["y"] for b in boxes)
    right = max(b["x"] + b["width"] for b in boxes)
    bottom = max(b["y"] + b["height"] for b in boxes)
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return page.screenshot(clip=clip, animations="disabled")


def test_the_map_is_the_pipeline(agree):
    picture = pipeline()
    agree("map", picture.alt, lambda: picture.png())


def test_the_stepper_stands_in_the_middle_of_backward(screen, lab, agree):
    lab.open(screen, "notebooks/04_autograd.ipynb")
    lab.run_all(screen)
    cell = screen.locator(".jp-CodeCell", has_text="stepper(lambda: torch.relu").first
    cell.locator(".noUi-handle").first.focus()
    for step in range(1, STEPS + 1):
        screen.keyboard.press("ArrowRight")
        cell.locator(f"svg[aria-label*='Step {step} of ']").wait_for()
    cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    screen.evaluate("document.activeElement.blur()")
    words = cell.locator("svg[role=img]").first.get_attribute("aria-label")
    agree("stepper", words, lambda: shot(screen, cell))


def test_the_card_tells_a_mistake(screen, lab, agree):
    task = read(ROOT / "solutions" / "01_dataset.ipynb").tasks[0]
    code = f"# answer: {task.slug}\n{task.mistakes[0].code.rstrip()}"
    lab.open(screen, "exercises/01_dataset.ipynb")
    answer, check, *_ = screen.locator(".jp-CodeCell", has_text=task.slug).all()
    answer.locator(".cm-content").click()
    screen.keyboard.press("Control+a")
    screen.keyboard.insert_text(code)
    lab.run_all(screen)
    card = check.locator("[role=group]", has_text="partly")
    card.wait_for()
    answer.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    # Lab lays out only what is in sight, some time after it came there.
    card.evaluate("card => card.scrollIntoView({block: 'nearest'})")
    screen.wait_for_function("card => card.innerText", arg=card.element_handle())
    agree("card", card.inner_text(), lambda: shot(screen, answer, check))
