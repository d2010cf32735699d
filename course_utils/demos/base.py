"""What every demo stands on: controls, one SVG, and a PNG for the saved notebook."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

import ipywidgets as widgets

from course_utils.locale import ENGLISH, _, language
from course_utils.locale.again import again
from course_utils.pictures.svg import TYPE, Picture, still

from .blame import sentence

HERE = Path(__file__).parent
STYLE = (HERE / "demo.css").read_text("utf-8")
SCRIPT = (HERE / "demo.js").read_text("utf-8")
# A page runs no script that a widget brings, but what an image asks for that cannot be
# loaded.


def mends() -> str:
    """The style of a demo and what mends its controls, to be shown below it."""
    acts = "|".join([_("play or pause"), _("back to the start"), _("repeat")])
    return (
        f"<style>{STYLE}</style>"
        '<p class="course-live" role="status" aria-live="polite" '
        f'data-acts="{escape(acts)}"></p>'
        f'<img hidden alt="" src="data:," onerror="{escape(SCRIPT)}">'
    )


FULL_NAME = {"description_width": "initial"}
INTERVAL = 700  # milliseconds a step at speed 1
SPEEDS = [("½", 0.5), ("1", 1.0), ("2", 2.0), ("4", 4.0)]
STILL = "A still picture: run this cell in Jupyter, and it has controls."
LIVE = "application/vnd.jupyter.widget-view+json"


def live_view(view: widgets.Widget) -> dict:
    """What Jupyter needs to show a widget, beside its picture."""
    return view._repr_mimebundle_()[LIVE]


class Demo:
    """A picture that controls redraw: live in Jupyter, a PNG in the saved file.

    draw: called with every control's value by name, returns a `Picture`.
    controls: name → ipywidget; each needs a `description`, its name on the screen.
    words: one line that says what is shown; it must not vary, nbval compares it.
    saved: draws the PNG where the live picture begins with a question.
    """

    def __init__(
        self,
        draw: Callable[..., Picture],
        controls: dict[str, widgets.Widget],
        words: str,
        saved: Callable[[], Picture] | None = None,
    ):
        self.draw, self.controls, self.words, self.saved = draw, controls, words, saved
        self.picture = widgets.HTML()
        for control in controls.values():
            control.observe(self.redraw, "value")
            control.tooltip = control.tooltip or ""  # None is shown as "null"
            named(control)
        self.row = widgets.HBox(
            [_whole(control) for control in controls.values()],
            layout={"flex_flow": "row wrap"},
        )
        self.row.add_class("course-controls")
        parts = [self.row, self.picture, *_caption(words), widgets.HTML(mends())]
        self.view = widgets.VBox(parts)
        self.view.add_class("course-demo")
        self.redraw()

    def values(self) -> dict:
        """The controls' present values, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def redraw(self, change=None) -> None:
        """Draw the picture for the present values.

        What the learner's own code raises after the first picture is told in its place.
        """
        try:
            self.drawn = self.draw(**self.values())
        except Exception as error:
            if change is None or not sentence(error):
                raise
            self.drawn = refused(sentence(error), self.drawn.height)
        self.picture.value = self.drawn.html()

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = still(_told(self.saved() if self.saved else self.drawn))
        data[LIVE] = live_view(self.view)
        data["text/plain"] = self.words
        return data, metadata


def named(control: widgets.Widget) -> None:
    """Say a control's name in the language that is spoken; the English one stays a
    class, by which a part of the picture that is clicked finds it."""
    control.add_class(f"course-at-{control.description.replace(' ', '-')}")
    control.description = _(control.description)


def _caption(words: str) -> list[widgets.Widget]:
    """What is shown, below the picture; none in English, the picture's own language."""
    if language() == ENGLISH:
        return []
    line = f'<p class="course-caption" style="{TYPE}">{escape(again(words))}</p>'
    return [widgets.HTML(line)]


def _told(picture: Picture) -> Picture:
    """A picture with a line below it, for where it cannot move: a code host, a page, a
    place without ipywidgets."""
    told = copy.copy(picture)
    told.parts, told.height = [*picture.parts], picture.height + 20
    told.text(8, told.height - 6, STILL, size=12, width=told.width - 8)
    return told


def _whole(control: widgets.Widget) -> widgets.Widget:
    """A control; a player with its speed, so that a line does not part them."""
    if not hasattr(control, "player"):
        return control
    parts = [control.player, control, control.speed]
    return widgets.HBox(parts, layout={"flex_flow": "row wrap"})


def refused(message: str, height: float) -> Picture:
    """A picture of nothing but a sentence, as high as the one before."""
    picture = Picture(720, height, message)
    picture.text(8, 34, message, 14, bold=True, width=704)
    return picture


def slider(description: str, value: int, low: int, high: int) -> widgets.IntSlider:
    """An integer slider whose name is wide enough to be read."""
    return widgets.IntSlider(value, low, high, description=description, style=FULL_NAME)


def choice(description: str, options: Sequence, **value) -> widgets.Dropdown:
    """A list to pick from; without `value=` the first is picked."""
    return widgets.Dropdown(
        options=list(options), description=description, style=FULL_NAME, **value
    )


def steps(description: str, options: Sequence, **value) -> widgets.SelectionSlider:
    """A slider over values that are not evenly spaced; `value=` as for a choice."""
    return widgets.SelectionSlider(
        options=list(options), description=description, style=FULL_NAME, **value
    )


def switch(description: str) -> widgets.Checkbox:
    """A box to tick."""
    return widgets.Checkbox(description=description, indent=False)


def player(description: str, last: int, value: int = 0) -> widgets.IntSlider:
    """A slider from 0 to `last` that can play; `Demo` shows all three parts.

    Its `player` follows the slider's end; its `speed` sets the pace.
    """
    control = slider(description, value, 0, last)
    control.player = play = widgets.Play(value=value, max=last, interval=INTERVAL)
    control.speed = choice(_("speed"), SPEEDS, value=1.0)
    control.speed.add_class("course-narrow")
    widgets.jslink((play, "value"), (control, "value"))
    control.observe(lambda change: setattr(play, "max", change.new), "max")

    def pace(change) -> None:
        play.interval = round(INTERVAL / change.new)

    control.speed.observe(pace, "value")
    return control
