"""A plan for a class: what comes when, with breaks and time for exercises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from course_utils.errors import CourseError
from course_utils.locale import _
from course_utils.locale.again import N_
from course_utils.tools.authoring.solution import Task

from .lesson import Lesson, Section
from .needs import needs

SLOT = 20  # minutes of exercises in a session, at the least
BREAK = 5  # within a long session
LATE = 10
DAY = ((90, 15), (90, 60), (90, 15), (90, 0))  # a session, and the break after it


@dataclass
class Item:
    """A line of the plan. section: of a lesson, where it is one."""

    at: int
    minutes: int
    what: str
    section: Section | None = None
    lesson: Lesson | None = None


@dataclass
class Session:
    """What is done without a long break. start: in minutes after midnight.

    late: what to leave out. tasks: of the slot.
    """

    start: int
    minutes: int
    items: list[Item] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    late: str = ""


@dataclass
class Plan:
    """Sessions, and what no session has room for.

    after: the break after each session, 0 where the next is on another day.
    """

    sessions: list[Session]
    after: list[int]
    left: list[tuple[Lesson, Section]]
    home: list[Task]

    @property
    def minutes(self) -> int:
        return sum(session.minutes for session in self.sessions)


def sizes(shape: str) -> list[tuple[int, int]]:
    """(minutes, the break after it) for each session of `3x90` or `day`."""
    if shape == "day":
        return list(DAY)
    found = re.fullmatch(r"(\d{1,2})\s*[x×]\s*(\d{2,3})", shape)
    if not found or not 1 <= int(found[1]) <= 60 or not 45 <= int(found[2]) <= 300:
        raise CourseError(
            N_(
                "--plan {shape}: write `day`, or sessions and minutes such as "
                "`3x90`, with 45 to 300 minutes",
                shape=shape,
            )
        )
    return [(int(found[2]), 0)] * int(found[1])


def clock(text: str) -> int:
    """Minutes after midnight of `9:00`."""
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not found:
        raise CourseError(N_("--at {text}: write a time such as `9:00`", text=text))
    return int(found[1]) * 60 + int(found[2])


def plan(parts: list[tuple[Lesson, list[Task]]], shape: str, at: str = "9:00") -> Plan:
    """Share out lessons, with their exercises' tasks, over sessions."""
    wanted = [line for lesson, _its in parts for line in _lines(lesson)]
    start, made, after, done = clock(at), [], [], []
    tasks = [(lesson, task) for lesson, its in parts for task in its]
    for minutes, pause in sizes(shape):
        session = Session(start, minutes)
        taken = _fill(session, wanted, 0 if pause or minutes < 90 else BREAK)
        done, wanted = done + wanted[:taken], wanted[taken:]
        tasks = _slot(session, tasks, done)
        session.late = _late(session)
        made.append(session)
        after.append(pause)
        start = start + minutes + pause if pause else clock(at)
    left = [(lesson, section) for lesson, _what, _long, section in wanted if section]
    return Plan(made, after, left, [task for _of, task in tasks])


def _lines(lesson: Lesson) -> list[tuple]:
    """(lesson, what, minutes, section) of a lesson, from its opening on."""
    first = [(lesson, N_("Opening"), lesson.opening, None)] if lesson.opening else []
    rest = [(lesson, s.title, s.minutes or 0, s) for s in lesson.sections]
    return first + rest


def _fill(session: Session, wanted: list[tuple], pause: int) -> int:
    """Put what fits into a session, with a break in its middle; returns how many."""
    room, used, taken = session.minutes - SLOT - pause, 0, 0
    at, rested = session.start, not pause
    for lesson, what, minutes, section in wanted:
        first = 0 if section else lesson.sections[0].minutes or 0  # after an opening
        if used + minutes + first > room:
            break
        session.items.append(Item(at, minutes, what, section, lesson))
        at, used, taken = at + minutes, used + minutes, taken + 1
        if not rested and section and 2 * (used + 5) >= room:
            session.items.append(Item(at, pause, N_("Break")))
            at, rested = at + pause, True
    if wanted and not taken:
        title = next(what for _of, what, _long, section in wanted if section)
        raise CourseError(
            N_(
                "a session of {minutes} minutes has no room for {title!r} and "
                "{slot} minutes of exercises: take longer ones",
                minutes=session.minutes,
                title=title,
                slot=SLOT,
            )
        )
    left = session.start + session.minutes - at
    session.items.append(Item(at, left, N_("Exercise")))
    return taken


def _slot(session: Session, tasks: list[tuple], done: list[tuple]) -> list[tuple]:
    """Name the tasks of the slot, of sections that were taught; returns the others.

    A task that is too long is named where no other is: it is begun in class.
    """
    taught = {
        (of.stem, slug) for of, title, *_ in done for slug in needs(of.stem, title)
    }
    ready = [pair for pair in tasks if (pair[0].stem, pair[1].slug) in taught]
    room = session.items[-1].minutes
    for _of, task in ready:
        if task.minutes <= room:
            session.tasks.append(task)
            room -= task.minutes
    session.tasks = session.tasks or [task for _of, task in ready[:1]]
    return [pair for pair in tasks if pair[1] not in session.tasks]


def _late(session: Session) -> str:
    """What to leave out ten minutes late: a late section that no task is about.

    Never what a lesson begins with, its warm-up and first section.
    """
    slot = {task.slug for task in session.tasks}
    found = []
    for item in session.items:
        if item.section and item.section not in item.lesson.sections[:2]:
            tasks = slot.intersection(needs(item.lesson.stem, item.what))
            found.append((len(tasks), item.minutes < LATE - 2, -item.at, item, tasks))
    if not found:
        return _("Shorten the exercise; its last task is for home.")
    item, tasks = min(found, key=lambda one: one[:3])[3:]
    short = LATE - item.minutes
    told = _("Leave out {what} ({minutes} min): {why}.")
    if short == 1:
        told = _(
            "Leave out {what} ({minutes} min) and 1 minute of the exercise: {why}."
        )
    elif short > 1:
        told = _(
            "Leave out {what} ({minutes} min) and {short} minutes of the exercise: "
            "{why}."
        )
    why = _("no task needs it today")
    if tasks:
        why = _("{tasks} with it").format(tasks=", ".join(sorted(tasks)))
    facts = {"what": item.what, "minutes": item.minutes, "short": short}
    return told.format(**facts, why=why)
