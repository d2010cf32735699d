"""What every demo promises: a fixed place on the screen, words, a still."""

import re
from itertools import islice

import ipywidgets as widgets
import pytest
import torch

from course_utils.demos import base
from course_utils.demos.base import Demo, player, slider
from course_utils.demos.broadcasting import broadcasting
from course_utils.demos.conveyor import conveyor
from course_utils.demos.convolution import convolution
from course_utils.demos.dataset_explorer import dataset_explorer
from course_utils.demos.early_stopping import early_stopping
from course_utils.demos.feature_maps import feature_maps
from course_utils.demos.landscape import landscape
from course_utils.demos.modes import modes
from course_utils.demos.module_explorer import module_explorer
from course_utils.demos.padding import padding
from course_utils.demos.playground import playground
from course_utils.demos.predictions import predictions
from course_utils.demos.threshold import threshold
from course_utils.demos.workers import workers
from course_utils.errors import CourseError
from course_utils.locale import speaking
from course_utils.pictures.svg import SMALLEST, Picture

DEMOS = [
    *(broadcasting, conveyor, convolution, dataset_explorer, early_stopping),
    *(feature_maps, landscape, modes, module_explorer, padding, playground),
    *(predictions, threshold, workers),
]
WIDE, HIGH = 848, 440  # of a Lab's cell at 1280 × 720, with room for the controls


@pytest.fixture(scope="module", params=DEMOS, ids=lambda make: make.__name__)
def demo(request):
    return request.param()


def settings(control):
    """A few values of a control, its ends among them."""
    if isinstance(control, widgets.ToggleButton | widgets.Text):
        return []
    if isinstance(control, widgets.Checkbox):
        return [True, False]
    if hasattr(control, "options"):
        options = [getattr(control, "_options_values", control.options)]
        return islice(options[0], 12)
    low, high = control.min, control.max
    return dict.fromkeys([low, low + control.step, (low + high) // 2, high])


def test_the_height_does_not_jump_and_the_picture_fits_the_screen(demo):
    seen = {(demo.drawn.width, demo.drawn.height)}
    for control in demo.controls.values():
        before = control.value
        for value in settings(control):
            control.value = value
            seen.add((demo.drawn.width, demo.drawn.height))
        control.value = before
    ((width, height),) = seen
    assert width <= WIDE and height <= HIGH


def test_letters_are_large_enough_for_a_class(demo):
    sizes = re.findall(r'<text [^>]*font-size="([\d.]+)"', demo.picture.value)
    assert min(map(float, sizes)) >= SMALLEST


def test_every_control_has_a_name_and_the_words_stay(demo):
    data, metadata = demo._repr_mimebundle_()
    assert all(control.description for control in demo.controls.values())
    assert data["text/plain"] == demo.words and "\n" not in demo.words
    assert metadata["image/png"]["alt"] and len(data["image/png"]) < 70_000


def test_a_player_follows_the_end_of_its_slider_and_has_a_speed():
    control = player("step", 9, 4)
    assert (control.player.value, control.player.max) == (4, 9)
    control.max = 3
    assert (control.player.value, control.player.max) == (3, 3)
    interval = control.player.interval
    control.speed.value = 2.0
    assert control.player.interval == interval / 2


def test_a_still_may_differ_from_the_start():
    demo = Demo(
        lambda step: Picture(10, 10, f"step {step}"),
        {"step": slider("step", 0, 0, 9)},
        "words",
        saved=lambda: Picture(10, 10, "step 5"),
    )
    assert demo.drawn.alt == "step 0"
    assert demo._repr_mimebundle_()[1]["image/png"]["alt"] == "step 5"


def test_an_error_in_the_learners_code_is_told_in_place_of_the_picture():
    def theirs(step):
        return torch.ones(2) @ torch.ones(3) if step else Picture(9, 50, "fine")

    demo = Demo(theirs, {"step": slider("step", 0, 0, 9)}, "words")
    demo.controls["step"].value = 1
    line = "return torch.ones(2) @ torch.ones(3) if step else"
    assert demo.drawn.alt.startswith(f"RuntimeError in your line `{line}")
    assert demo.drawn.height == 50
    demo.controls["step"].value = 0
    assert demo.drawn.alt == "fine"


def test_a_still_says_that_it_is_one(monkeypatch):
    pictures = []
    monkeypatch.setattr(base, "still", lambda p: pictures.append(p) or ({}, {}))
    demo = Demo(lambda: Picture(500, 100, "a"), {}, "words")
    demo._repr_mimebundle_()
    assert base.STILL.split(",")[0] in pictures[0].svg() and pictures[0].height == 120
    assert "A still" not in demo.picture.value and demo.drawn.height == 100


def test_controls_and_caption_are_in_the_notebook_s_language(say):
    said = {
        "threshold": "임곗값",
        "positives in 100": "100개 중 양성",
        "repeat": "반복",
    }
    say(**said)
    english = threshold()
    caption = english.words
    say(**said, **{caption: "점수와 임곗값"})
    with speaking("ko"):
        demo = threshold()
        shown = [control.description for control in demo.controls.values()]
        words = " ".join(getattr(part, "value", "") for part in demo.view.children)
    assert shown == ["임곗값", "100개 중 양성"]
    assert "점수와 임곗값" in words and "반복" in words
    assert "course-at-positives-in-100" in demo.controls["percent"]._dom_classes
    saved, same = demo._repr_mimebundle_()[0], english._repr_mimebundle_()[0]
    for kind in ("text/plain", "image/png"):
        assert saved[kind] == same[kind]


def test_an_error_of_a_demo_is_told_in_the_notebook_s_language(say):
    say(**{"Targets must be 0 or 1.": "타깃은 0이나 1이어야 해요."})
    with pytest.raises(CourseError, match="must be 0 or 1") as raised:
        threshold([0.5], [2])
    with speaking("ko"):
        assert raised.value._render_traceback_() == ["타깃은 0이나 1이어야 해요."]
