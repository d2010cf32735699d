"""`course guide`: an instructor's timetable, from the notebooks themselves."""

from __future__ import annotations

import csv
import re
from collections import Counter
from html import escape
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.tools.authoring.solution import Task
from course_utils.tools.authoring.solution import read as read_solution

from .lesson import Lesson
from .lesson import read as read_lesson


def counts(path: Path) -> Counter:
    """How often each known mistake stands in a gradebook: (stem, task, message) → n.

    Raises CourseError where the file has no columns `notebook`, `task` and `mistake`.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and not {"notebook", "task", "mistake"} <= set(rows[0]):
        raise CourseError(
            f"{path} is no grades.csv: it lacks notebook, task or mistake"
        )
    return Counter(
        (r["notebook"], r["task"], r["mistake"]) for r in rows if r["mistake"]
    )


def outline(root: Path, stems: list[str], seen: Counter) -> list[tuple]:
    """(lesson, its tasks, the counts of its mistakes) for each stem."""
    found = []
    for stem in stems:
        solution = root / "solutions" / f"{stem}.ipynb"
        tasks = read_solution(solution).tasks if solution.exists() else []
        found.append((read_lesson(root / "notebooks" / f"{stem}.ipynb"), tasks, seen))
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
        for mistake in task.mistakes:
            times = seen[lesson.stem, task.slug, mistake.message]
            made = f" (made {times} times)" if times else ""
            lines.append(f"        {mistake.message}{made}")
    return lines


def as_html(parts: list[tuple]) -> str:
    """The timetable as one page to print."""
    body = [f"<h1>Timetable</h1><p>{_total(parts)}.</p>"]
    for lesson, tasks, seen in parts:
        body.append(f"<h2>{escape(lesson.title)} · {lesson.minutes} min</h2><table>")
        heads = ("at", "section", "what to do and to ask")
        body.append("<tr>" + "".join(f"<th>{h}</th>" for h in heads) + "</tr>")
        at = 0
        for section in lesson.sections:
            cells = (
                clock(at),
                _titled(section),
                _todo(section),
            )
            at += section.minutes or 0
            body.append("<tr>" + "".join(f"<td>{c}</td>" for c in cells) + "</tr>")
        body.append("</table>")
        if tasks:
            body.append(f"<h3>Exercise · {sum(t.minutes for t in tasks)} min</h3>")
            body += [_task(lesson, task, seen) for task in tasks]
    return PAGE.format(body="\n".join(body))


def _titled(section) -> str:
    return f"{_prose(section.title)}<br>{section.minutes or '?'} min"


def _todo(section) -> str:
    demos = [f"<b>Demo</b> {escape(name)}" for name in section.demos]
    tries = [f"<b>Try</b> {_prose(text)}" for text in section.tries]
    return "<br>".join([*demos, *tries, _prose(section.notes)])


def _task(lesson: Lesson, task: Task, seen: Counter) -> str:
    items = []
    for mistake in task.mistakes:
        times = seen[lesson.stem, task.slug, mistake.message]
        made = f"<b>made {times} times:</b> " if times else ""
        items.append(f"<li>{made}{_prose(mistake.message)}</li>")
    head = escape(_head(task))
    return f"<h4>{head}</h4><ul>{''.join(items)}</ul>"


def clock(minutes: int) -> str:
    """Minutes as hours and minutes, `1:05`."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _sentences(notes: str) -> list[str]:
    return re.findall(r"\S.*?[.?!](?=\s|$)", notes)


def _prose(text: str) -> str:
    """Escaped text with `code` and **bold** set as such."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    text = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\*([^*]+)\*", r"<i>\1</i>", text)


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Timetable</title><style>
body {{ font: 15px/1.45 system-ui, sans-serif; max-width: 60em;
  margin: 2em auto; padding: 0 1em; color: #1f2328; background: #fff }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; vertical-align: top; padding: .4em .6em;
  border-top: 1px solid #8c959f }}
h2 {{ margin-top: 2em; break-before: auto }} h4 {{ margin-bottom: .2em }}
tr, h4, li {{ break-inside: avoid }}
</style></head><body><main>
{body}
</main></body></html>
"""
