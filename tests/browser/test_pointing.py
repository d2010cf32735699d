"""What a page's script adds to demos: pointing, words that are read out, Tab stops."""

import pytest

ASK = "from course_utils.demos.{0} import {0}\n\n{0}()"
STOPS = """box => [...box.querySelectorAll('*')].filter(element => element.tabIndex >= 0
    && (element.matches('[role=slider]') || element.isContentEditable)).length"""


@pytest.fixture
def opened(page, lab):
    """Opens a demo and gives its box."""

    def open_demo(name):
        lab.open(page, lab.write(f"{name}.ipynb", ASK.format(name)))
        lab.run_all(page)
        box = page.locator(".course-demo")
        box.locator("svg[role=img]").wait_for()
        return box

    return open_demo


def test_pointing_at_a_cell_moves_the_window_there(opened):
    box = opened("convolution")
    box.locator("[data-hover='position=27']").last.hover()
    box.locator("svg[aria-label*='output row 3, column 3']").wait_for()


def test_a_click_chooses_layer_and_map(opened):
    box = opened("feature_maps")
    box.locator("[data-click='layer=3 map=5']").click()
    box.locator("svg[aria-label*='Map 5 of layer 3.']").wait_for()


def test_a_screen_reader_hears_of_the_new_picture(opened):
    box = opened("early_stopping")
    live = box.locator("[aria-live=polite]")
    handle = box.locator("[role=slider]").first
    handle.focus()
    handle.press("ArrowRight")
    box.locator("svg[aria-label^='Patience 4']").wait_for()
    live.filter(has_text="Patience 4").wait_for(state="attached")


def test_a_slider_has_one_tab_stop(opened):
    box = opened("feature_maps")
    assert box.locator("[role=slider]").count() == box.evaluate(STOPS) == 3


def test_a_choice_is_pressed_and_is_explained_after_the_run(page, lab):
    asked = "predict('How many?', {'3': 'Count again.', '4': 'Right: four.'})"
    source = f"from course_utils.demos.predict import predict\n\n{asked}"
    lab.open(page, lab.write("predict.ipynb", source))
    lab.run_all(page)
    box = page.locator(".course-demo")
    button = box.get_by_role("group", name="How many?").get_by_role("button").last
    button.focus()
    button.press("Space")
    box.get_by_role("button", name="4", pressed=True).wait_for()
    answer = box.get_by_role("status").first
    answer.filter(has_text="Now run the cell below.").wait_for()
    lab.execute(page, "print(4)")
    answer.filter(has_text="Right: four.").wait_for()
