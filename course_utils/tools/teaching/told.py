"""What an instructor reads of a lesson, in the language that is spoken.

A lesson is read from its English notebook, whose words the timetable is made by. Each
edition has the same cells with the same ids, so that what stands there is found.
"""

from __future__ import annotations

from collections.abc import Callable

from course_utils.locale import ENGLISH, _, language, speaking
from course_utils.tools.editions import headings, page, title
from course_utils.tools.notebook import read
from course_utils.tools.places import EXERCISES, LESSONS

from .lesson import NOTES, TRY, Lesson, sentences
from .predictions import choices_of, first_sentences, question_of

Tell = Callable[[str], str]


def teller(parts: list[tuple]) -> Tell:
    """A function that gives a text of these lessons in the language that is spoken.

    parts: (lesson, its tasks, …) each. What an edition does not have stays English.
    """
    known: dict[str, str] = {}
    for lesson, tasks, *_rest in parts if language() != ENGLISH else ():
        with speaking(language(), lesson.stem):
            known |= _of_lesson(lesson)
            known |= headings(EXERCISES, lesson.stem, language())
            known |= {task.title: title(lesson.stem, task) for task in tasks}
            messages = [m.message for task in tasks for m in task.mistakes]
            known |= {message: _(message) for message in messages}

    def tell(text: str) -> str:
        if text in known or " · " not in text:
            return known.get(text, text)
        shown, dot, said = text.partition(" · ")  # what a cell shows, and its prose
        return f"{shown}{dot}{known.get(said, said)}"

    return tell


def _of_lesson(lesson: Lesson) -> dict[str, str]:
    """The texts of a lesson's notebook by the English ones."""
    path = page(LESSONS, lesson.stem, language())
    if not path.exists():
        return {}
    found = dict(headings(LESSONS, lesson.stem, language()))
    theirs = {cell.id: cell for cell in read(path).cells}
    for cell in read(page(LESSONS, lesson.stem, ENGLISH)).cells:
        if cell.cell_type == "code":
            found |= _choices(cell.source)
        elif cell.id in theirs:
            found |= _of_prose(cell, theirs[cell.id])
    return found


def _choices(source: str) -> dict[str, str]:
    """A call of `predict`: its strings, and each choice with its sentence."""
    asked, choices = choices_of(source) if source.startswith("predict(") else ("", {})
    found = {asked: _(asked)}
    for choice, why in choices.items():
        found |= {choice: _(choice), why: _(why)}
        found[f"{choice}. {why}"] = f"{_(choice)}. {_(why)}"
    return found


def _of_prose(cell, theirs) -> dict[str, str]:
    """A cell of prose: its notes by the sentence, what it asks and what it tries."""
    found = {first_sentences(cell): first_sentences(theirs)}
    notes = NOTES.findall(cell.source), NOTES.findall(theirs.source)
    for (_minutes, ours), (_same, told) in zip(*notes, strict=False):
        found |= _paired(sentences(ours), sentences(told))
    paragraphs = [NOTES.sub("", c.source).split("\n\n") for c in (cell, theirs)]
    for ours, told in _paired(*paragraphs).items():
        found[question_of(ours)] = question_of(told)
        for tried in TRY.findall(ours):
            told = told.rpartition(":*")[2]
            found[" ".join(tried.split())] = " ".join(told.split())
    return found


def _paired(ours: list[str], theirs: list[str]) -> dict[str, str]:
    """Texts that stand for each other; none where there are not as many."""
    return dict(zip(ours, theirs, strict=True)) if len(ours) == len(theirs) else {}
