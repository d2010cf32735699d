"""A prediction among a few choices: commit first, run the cell, then read on."""

from __future__ import annotations

from collections.abc import Mapping

import ipywidgets as widgets
from IPython import get_ipython

from course_utils.judging.card import prose
from course_utils.pictures.palette import INK, LINE, PAPER, SOFT
from course_utils.pictures.svg import Picture, still, text_width

from .base import LIVE, MENDS, live_view

WIDTH, ROW = 640, 30
NOW_RUN = "Now run the cell below."


def predict(question: str, choices: Mapping[str, str]) -> Prediction:
    """Buttons for two to four answers; a choice is explained once a cell has run.

    choices: each answer and the sentence that says what it would mean; `code` between
    backticks is set as code.
    Raises ValueError for fewer than two or more than four choices.
    """
    if not 2 <= len(choices) <= 4:
        raise ValueError(f"predict takes 2 to 4 choices, not {len(choices)}")
    return Prediction(question, choices)


class Prediction:
    """A question with buttons; it waits for the next cell that runs."""

    def __init__(self, question: str, choices: Mapping[str, str]):
        self.question, self.choices = question, dict(choices)
        self.buttons = widgets.ToggleButtons(
            options=list(choices),
            value=None,
            style={"button_width": "auto"},
            description="",
        )
        self.answer = widgets.HTML(_said(""))
        self.buttons.observe(self._chosen, "value")
        head = widgets.HTML(f"<b>{prose(question)}</b>")
        self.view = widgets.VBox([head, self.buttons, self.answer, widgets.HTML(MENDS)])
        self.view.add_class("course-demo")
        self.waiting = False

    def _chosen(self, change: dict) -> None:
        self.answer.value = _said(NOW_RUN)
        shell = get_ipython()
        if shell is not None and not self.waiting:
            self.waiting = True
            shell.events.register("post_run_cell", self._ran)

    def _ran(self, result) -> None:
        """After the next cell: what the choice would have meant."""
        get_ipython().events.unregister("post_run_cell", self._ran)
        self.waiting = False
        self.answer.value = _said(self.choices[self.buttons.value])

    def picture(self) -> Picture:
        """The question and its choices, as the saved notebook shows them."""
        picture = Picture(WIDTH, 34 + ROW * len(self.choices), self.words)
        picture.sharpness = 1
        picture.text(4, 20, self.question.replace("`", ""), 14, bold=True, width=WIDTH)
        for i, choice in enumerate(self.choices):
            y, text = 34 + i * ROW, choice.replace("`", "")
            width = text_width(text, 13) + 24
            picture.rect(4, y, width, ROW - 6, PAPER, LINE)
            picture.text(16, y + 17, text, 13, fill=INK)
        picture.text(
            WIDTH - 4,
            34 + ROW * len(self.choices) - 8,
            "choose, then run the next cell",
            12,
            "end",
            SOFT,
        )
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
    return f'<div role="status" aria-live="polite">{prose(text) if text else ""}</div>'
