"""A prediction among a few choices: commit first, run the cell, then read on."""

from __future__ import annotations

from collections.abc import Mapping

import ipywidgets as widgets
from IPython import get_ipython

from course_utils.errors import CourseError
from course_utils.judging.card import prose
from course_utils.locale import _
from course_utils.locale.again import N_
from course_utils.pictures.palette import LINE, PAPER, SOFT
from course_utils.pictures.parts import wrapped
from course_utils.pictures.svg import TYPE, Picture, still, text_width

from .base import LIVE, live_view, mends
from .blame import plain_errors

WIDTH, ROW, LINE_HIGH = 640, 30, 20
NOW_RUN = N_("Now run the cell below.")


@plain_errors
def predict(question: str, choices: Mapping[str, str]) -> Prediction:
    """Buttons for two to four answers; a choice is explained once a cell has run.

    What the learner sees is in the language that is spoken, as the lesson's catalog
    says it; the saved picture is in English.
    choices: each answer and the sentence that says what it would mean; `code` between
    backticks is set as code.
    Raises CourseError for fewer than two or more than four choices.
    """
    if not isinstance(choices, Mapping) or not 2 <= len(choices) <= 4:
        raise CourseError(
            N_("predict takes a dict of 2 to 4 choices, each with a sentence.")
        )
    return Prediction(question, choices)


class Prediction:
    """A question with buttons; it waits for the next cell that runs."""

    def __init__(self, question: str, choices: Mapping[str, str]):
        self.question, self.choices = question, dict(choices)
        self.buttons = widgets.ToggleButtons(
            options=[(_plain(_(choice)), choice) for choice in choices],
            value=None,
            style={"button_width": "auto"},
        )
        self.answer = widgets.HTML(_said(""))
        self.buttons.observe(self._chosen, "value")
        words = f'<p class="course-question" style="{TYPE}">{prose(_(question))}</p>'
        head = widgets.HTML(words)
        self.view = widgets.VBox(
            [head, self.buttons, self.answer, widgets.HTML(mends())]
        )
        self.view.add_class("course-demo")
        self.waiting = False

    def _chosen(self, change: dict) -> None:
        self.answer.value = _said(_(NOW_RUN))
        shell = get_ipython()
        if shell is not None and not self.waiting:
            self.waiting = True
            shell.events.register("post_run_cell", self._ran)

    def _ran(self, result) -> None:
        """After the next cell: what the choice would have meant."""
        get_ipython().events.unregister("post_run_cell", self._ran)
        self.waiting = False
        self.answer.value = _said(_(self.choices[self.buttons.value]))

    def picture(self) -> Picture:
        """The question and its choices, as the saved notebook shows them."""
        lines = wrapped(_plain(self.question), WIDTH - 8, 14, bold=True)
        top = 14 + LINE_HIGH * len(lines)
        picture = Picture(WIDTH, top + ROW * (len(self.choices) + 1), self.words)
        picture.sharpness, picture.colors = 1, 8
        for i, line in enumerate(lines):
            picture.text(4, 20 + i * LINE_HIGH, line, 14, bold=True)
        for i, choice in enumerate(map(_plain, self.choices)):
            y, width = top + i * ROW, min(text_width(choice, 13) + 24, WIDTH - 8)
            picture.rect(4, y, width, ROW - 6, PAPER, LINE)
            picture.text(16, y + 17, choice, 13, width=WIDTH - 32)
        hint = "Choose, then run the cell below."
        picture.text(4, picture.height - 10, hint, 12, fill=SOFT)
        return picture

    @property
    def words(self) -> str:
        """One line in place of the buttons."""
        return f"Predict: {self.question} ({' · '.join(self.choices)})"

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = still(self.picture())
        return {**data, LIVE: live_view(self.view), "text/plain": self.words}, metadata


def _said(text: str) -> str:
    """Read aloud by a screen reader when it changes."""
    words = prose(text) if text else ""
    return f'<div role="status" aria-live="polite" style="{TYPE}">{words}</div>'


def _plain(text: str) -> str:
    return text.replace("`", "")
