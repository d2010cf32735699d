"""The plan of a class as plain text, and the phrases of a timetable."""

from __future__ import annotations

from course_utils.locale import _
from course_utils.locale.again import again
from course_utils.tools.authoring.solution import Task

from .plan import Plan, Session
from .told import Tell


def plan_lines(plan: Plan, tell: Tell) -> list[str]:
    """The plan of a class: what begins when."""
    lines = [_("Plan") + f": {headline(plan)}"]
    for number, session in enumerate(plan.sessions, 1):
        end = clock(session.start + session.minutes)
        lines += ["", session_title(number, session), ""]
        lesson = None
        for item in session.items:
            if item.lesson not in (None, lesson):
                lesson = item.lesson
                lines.append(f"         {tell(lesson.title)}")
            told = f"{tell(again(item.what))} · {minutes(item.minutes)}"
            lines.append(f"  {clock(item.at):>5}  {told}")
        lines += [f"           {head(task, tell)}" for task in session.tasks]
        lines.append("  " + _("Ten minutes late?") + f" {again(session.late)}")
        if pause := plan.after[number - 1]:
            rest = _("Break")
            lines.append(f"  {end:>5}  {rest} · {minutes(pause)}")
    if plan.left:
        lines += ["", _("Not in this plan:")]
        lines += [
            f"  {tell(lesson.title)}: {tell(part.title)}" for lesson, part in plan.left
        ]
    if plan.home:
        names = ", ".join(task.slug for task in plan.home)
        lines += ["", _("Tasks for home:") + f" {names}"]
    return lines


def headline(plan: Plan) -> str:
    """How long the plan is; the minutes of its lines add up to it."""
    told = _("{count} sessions, {time} in all without long breaks")
    if len(plan.sessions) == 1:
        told = _("{count} session, {time} in all without long breaks")
    return told.format(count=len(plan.sessions), time=clock(plan.minutes))


def session_title(number: int, session: Session) -> str:
    """Which session it is, from when to when."""
    begin, end = clock(session.start), clock(session.start + session.minutes)
    told = _("Session {number} · {begin} to {end}")
    return told.format(number=number, begin=begin, end=end)


def minutes(number: int | None) -> str:
    """So many minutes, `?` where nobody has said."""
    return _("{minutes} min").format(minutes=number or "?")


def head(task: Task, tell: Tell) -> str:
    points = _("{points} points").format(points=task.points)
    return f"{task.difficulty} {tell(task.title)} · {points} · {minutes(task.minutes)}"


def clock(minutes: int) -> str:
    """Minutes as hours and minutes, `1:05`."""
    return f"{minutes // 60}:{minutes % 60:02}"
