"""`course guide`: an instructor's timetable, from the notebooks themselves."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.locale import ENGLISH, _, language
from course_utils.locale.again import N_
from course_utils.tools import pages
from course_utils.tools.authoring.shipped import source
from course_utils.tools.authoring.solution import Task
from course_utils.tools.places import EXERCISES, LESSONS, SOLUTIONS
from course_utils.tools.text import plain

from .lesson import Lesson, Section
from .lesson import read as read_lesson
from .phrases import clock, head, headline, minutes, plan_lines, session_title
from .plan import Plan
from .told import Tell, teller


def counts(path: Path) -> Counter:
    """How often each known mistake stands in a gradebook: (stem, task, message) → n.

    Raises CourseError where the file has no columns `notebook`, `task` and `mistake`.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, columns = list(reader), set(reader.fieldnames or ())
    except (UnicodeDecodeError, csv.Error) as error:
        raise CourseError(
            N_("{path} is no grades.csv: {error}", path=path, error=error)
        ) from error
    if not {"notebook", "task", "mistake"} <= columns:
        raise CourseError(
            N_("{path} is no grades.csv: no notebook, task or mistake in it", path=path)
        )
    return Counter(
        (r["notebook"], r["task"], r["mistake"]) for r in rows if r["mistake"]
    )


def outline(root: Path, stems: list[str], seen: Counter) -> list[tuple]:
    """(lesson, its tasks, the counts of its mistakes) for each stem."""
    found = []
    for stem in stems:
        rooms = (root / room / f"{stem}.ipynb" for room in (SOLUTIONS, EXERCISES))
        tasks = source(stem, root).tasks if any(map(Path.exists, rooms)) else []
        found.append((read_lesson(root / LESSONS / f"{stem}.ipynb"), tasks, seen))
    return found


def as_text(parts: list[tuple], plan: Plan | None = None) -> str:
    """The timetable as plain text, the plan of a class first."""
    tell = teller(parts)
    lines = [*plan_lines(plan, tell), ""] if plan else []
    lines.append(_total(parts))
    for lesson, tasks, seen in parts:
        lines += ["", f"{tell(lesson.title)} · {minutes(lesson.minutes)}", ""]
        if lesson.opening:
            opening = _("Opening, recap")
            lines.append(f"  {clock(0)}  {opening} · {minutes(lesson.opening)}")
        for at, section in by_clock(lesson):
            lines.append(
                f"  {clock(at)}  {tell(section.title)} · {minutes(section.minutes)}"
            )
            lines += [f"         {text}" for text in _section_lines(section, tell)]
        lines += _task_lines(lesson, tasks, seen, tell)
    return plain("\n".join(lines)) + "\n"


def _section_lines(section: Section, tell: Tell) -> list[str]:
    lines = _labeled(_("demo"), section.demos)
    for asked in section.predictions:
        lines += _labeled(_("predict"), [tell(asked.question)])
        lines += _labeled("    " + _("answer"), [tell(asked.answer)])
        wrong = [f"{tell(c)}. {tell(why)}" for c, why in asked.wrong.items()]
        lines += _labeled("    " + _("wrong"), wrong)
    lines += _labeled(_("usually wrong"), map(tell, section.wrong))
    lines += _labeled(_("on the board"), map(tell, section.board))
    lines += _labeled(_("try"), map(tell, section.tries))
    lines += _labeled(_("your turn"), section.turns)
    shown = [*section.wrong, *section.board]
    return lines + [tell(text) for text in section.said if text not in shown]


def _labeled(label: str, texts: Iterable[str]) -> list[str]:
    return [f"{label}: {text}" for text in texts]


def by_clock(lesson: Lesson) -> list[tuple[int, Section]]:
    """The minute at which each section begins."""
    found, at = [], lesson.opening
    for section in lesson.sections:
        found.append((at, section))
        at += section.minutes or 0
    return found


def _total(parts: list[tuple]) -> str:
    lessons = sum(lesson.minutes for lesson, _, _ in parts)
    exercises = sum(task.minutes for _, tasks, _ in parts for task in tasks)
    told = _("{lessons} of lessons, {exercises} of exercises")
    return told.format(lessons=clock(lessons), exercises=clock(exercises))


def _task_lines(
    lesson: Lesson, tasks: list[Task], seen: Counter, tell: Tell
) -> list[str]:
    if not tasks:
        return []
    exercise = _("Exercise")
    lines = ["", f"  {exercise} · {minutes(sum(t.minutes for t in tasks))}"]
    for task in tasks:
        lines.append(f"    {head(task, tell)}")
        for message, times in _counted(lesson.stem, task, seen):
            made = _("made {times}").format(times=pages.times(times))
            made = f" ({made})" if times else ""
            lines.append(f"        {tell(message)}{made}")
    return lines


def as_html(parts: list[tuple], plan: Plan | None = None) -> str:
    """The timetable as one page: the plan first, contents, what each section holds."""
    tell = teller(parts)
    return pages.render(
        "guide.html",
        tell=tell,
        notes=partial(_notes, tell=tell),
        total=_total(parts),
        plan=plan,
        headline=headline(plan) if plan else "",
        clock=clock,
        session_title=session_title,
        min=minutes,
        head=partial(head, tell=tell),
        lessons=[_lesson(lesson, tasks, seen) for lesson, tasks, seen in parts],
    )


def _lesson(lesson: Lesson, tasks: list[Task], seen: Counter) -> dict:
    """What the page tells of a lesson: its sections by the clock, and its tasks."""
    counted = [(task, _counted(lesson.stem, task, seen)) for task in tasks]
    often = [(n, task, message) for task, its in counted for message, n in its if n]
    return {
        "lesson": lesson,
        "sections": by_clock(lesson),
        "minutes": sum(task.minutes for task in tasks),
        "tasks": counted,
        "often": sorted(often, key=lambda made: -made[0])[:5],
    }


def _notes(section: Section, tell: Tell) -> str:
    """The teaching notes, by the sentence where they are in another language."""
    if language() == ENGLISH:
        return section.notes
    return " ".join(map(tell, section.said))


def _counted(stem: str, task: Task, seen: Counter) -> list[tuple[str, int]]:
    """A task's known mistakes and how often each was made, the most frequent first."""
    counted = [(m.message, seen[stem, task.slug, m.message]) for m in task.mistakes]
    return sorted(counted, key=lambda pair: -pair[1])
