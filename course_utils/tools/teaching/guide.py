"""`course guide`: an instructor's timetable, from the notebooks themselves."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.tools import pages
from course_utils.tools.authoring.shipped import source
from course_utils.tools.authoring.solution import Task
from course_utils.tools.places import EXERCISES, LESSONS, SOLUTIONS

from .lesson import Lesson
from .lesson import read as read_lesson


def counts(path: Path) -> Counter:
    """How often each known mistake stands in a gradebook: (stem, task, message) → n.

    Raises CourseError where the file has no columns `notebook`, `task` and `mistake`.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, columns = list(reader), set(reader.fieldnames or ())
    except (UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{path} is no grades.csv: {error}") from error
    if not {"notebook", "task", "mistake"} <= columns:
        raise CourseError(
            f"{path} is no grades.csv: no notebook, task or mistake in it"
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


def as_text(parts: list[tuple]) -> str:
    """The timetable as plain text."""
    lines = [_total(parts)]
    for lesson, tasks, seen in parts:
        lines += ["", f"{lesson.title} · {lesson.minutes} min", ""]
        at = 0
        for section in lesson.sections:
            minutes = section.minutes or "?"
            lines.append(f"  {clock(at)}  {section.title} · {minutes} min")
            at += section.minutes or 0
            lines += [f"         demo: {name}" for name in section.demos]
            lines += [f"         try: {text}" for text in section.tries]
            lines += [f"         your turn: {name}" for name in section.turns]
            lines += [f"         {text}" for text in _sentences(section.notes)]
        lines += _task_lines(lesson, tasks, seen)
    return "\n".join(lines) + "\n"


def _total(parts: list[tuple]) -> str:
    lessons = sum(lesson.minutes for lesson, _, _ in parts)
    exercises = sum(task.minutes for _, tasks, _ in parts for task in tasks)
    return f"{clock(lessons)} of lessons, {clock(exercises)} of exercises"


def _head(task: Task) -> str:
    points = f"{task.points} points · {task.minutes} min"
    return f"{task.difficulty} {task.title} · {points}"


def _task_lines(lesson: Lesson, tasks: list[Task], seen: Counter) -> list[str]:
    if not tasks:
        return []
    lines = ["", f"  Exercise · {sum(t.minutes for t in tasks)} min"]
    for task in tasks:
        lines.append(f"    {_head(task)}")
        for message, times in _counted(lesson.stem, task, seen):
            made = f" (made {pages.times(times)})" if times else ""
            lines.append(f"        {message}{made}")
    return lines


def as_html(parts: list[tuple]) -> str:
    """The timetable as one page to print."""
    return pages.render(
        "guide.html",
        total=_total(parts),
        lessons=[_lesson(lesson, tasks, seen) for lesson, tasks, seen in parts],
    )


def _lesson(lesson: Lesson, tasks: list[Task], seen: Counter) -> dict:
    """What the page tells of a lesson: its sections by the clock, and its tasks."""
    sections, at = [], 0
    for section in lesson.sections:
        sections.append((clock(at), section))
        at += section.minutes or 0
    return {
        "lesson": lesson,
        "sections": sections,
        "minutes": sum(task.minutes for task in tasks),
        "tasks": [(_head(task), _counted(lesson.stem, task, seen)) for task in tasks],
    }


def _counted(stem: str, task: Task, seen: Counter) -> list[tuple[str, int]]:
    """A task's known mistakes and how often each was made, the most frequent first."""
    counted = [(m.message, seen[stem, task.slug, m.message]) for m in task.mistakes]
    return sorted(counted, key=lambda pair: -pair[1])


def clock(minutes: int) -> str:
    """Minutes as hours and minutes, `1:05`."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _sentences(notes: str) -> list[str]:
    return re.findall(r"\S.*?[.?!](?=\s|$)", notes)
