"""The instructor's page: how the class did, and what to look at."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from urllib.parse import quote

from markupsafe import Markup

from course_utils.judging.state import State
from course_utils.pictures.palette import LINE, MODEL, PAPER, SOFT
from course_utils.pictures.svg import Picture
from course_utils.tools import pages

from . import alike, feedback
from .gradebook import Marked
from .reference import Reference
from .summary import Summary

BINS = 10
MISTAKES = 5  # of a task, the most frequent
LOW, OFTEN = 0.5, 0.2  # passed by fewer; one mistake made by more: talk about it
FEW = 3  # students at least who made it


@dataclass
class Link:
    """A student, or one task of theirs, on the page of feedback."""

    name: str
    href: str


@dataclass
class Mistake:
    """A known mistake: who made it, and one example without a name."""

    message: str
    students: list[Link]
    code: str
    card: Markup


@dataclass
class TaskRow:
    """How a class did at one task."""

    slug: str
    states: list[tuple[str, int]]
    passed: int
    of: int
    seconds: float
    mistakes: list[Mistake]

    @property
    def rate(self) -> float:
        return self.passed / self.of

    @property
    def often(self) -> Mistake | None:
        """The mistake that many of the class made."""
        first = self.mistakes[0] if self.mistakes else None
        least = max(FEW, OFTEN * self.of)
        return first if first and len(first.students) >= least else None


@dataclass
class Exercise:
    """How a class did at one exercise."""

    stem: str
    picture: Markup
    tasks: list[TaskRow]
    groups: list[alike.Group] = field(default_factory=list)

    @property
    def talk(self) -> list[TaskRow]:
        """Tasks to talk about, the hardest first."""
        chosen = [task for task in self.tasks if task.rate < LOW or task.often]
        return sorted(chosen, key=lambda task: task.rate)[:5]


@dataclass
class Student:
    """One row of the class: the share of all points, and each notebook."""

    name: str
    share: float
    notebooks: list[Marked]


def page(
    summary: Summary, references: dict[str, Reference], anonymous: bool = False
) -> str:
    """The report on a class. anonymous: without names, and without links to them."""
    stems = sorted({m.stem for m in summary.marked if m.counts and m.stem})
    made = [_exercise(stem, summary.marked, references.get(stem)) for stem in stems]
    return pages.render(
        "report.html",
        summary=summary,
        anonymous=anonymous,
        students=_students(summary.marked),
        exercises=[exercise for exercise in made if exercise],
        tampered=[found for mark in summary.marked for found in _tampered(mark)],
        href=href,
        now=f"{datetime.now():%d %B %Y, %H:%M}",
    )


def _tampered(mark: Marked) -> list[tuple[Marked, str, str]]:
    """The tasks of a notebook that were tampered with, and what was found; where it was
    none of them, the cells."""
    tasks = [v for v in mark.verdicts if v["state"] == State.TAMPERED]
    cells = [note for note in mark.notes if f": {State.TAMPERED.value}, " in note]
    found = [(mark, verdict["slug"], verdict["note"]) for verdict in tasks]
    return found or [(mark, "", note) for note in cells]


def href(mark: Marked, slug: str = "") -> str:
    """The address of a page of feedback, from the report's folder on."""
    return f"feedback/{quote(mark.path)}" + (f"#{quote(slug)}" if slug else "")


def _exercise(
    stem: str, marked: list[Marked], ref: Reference | None
) -> Exercise | None:
    counted = [m for m in marked if m.stem == stem and m.counts and not m.reason]
    if not counted:
        return None
    tasks: dict[str, list[tuple[Marked, dict]]] = defaultdict(list)
    for mark in counted:
        for verdict in mark.verdicts:
            tasks[verdict["slug"]].append((mark, verdict))
    rows = [_task(slug, pairs) for slug, pairs in tasks.items()]
    picture = pages.html(distribution(counted).svg())
    same = alike.groups(stem, counted, ref) if ref else []
    return Exercise(stem, picture, rows, same)


def _task(slug: str, pairs: list[tuple[Marked, dict]]) -> TaskRow:
    states = Counter(verdict["state"] for _, verdict in pairs)
    made: dict[str, list[tuple[Marked, dict]]] = defaultdict(list)
    for mark, verdict in pairs:
        if verdict["mistake"]:
            made[verdict["mistake"]].append((mark, verdict))
    ranked = sorted(made, key=lambda message: -len(made[message]))[:MISTAKES]
    return TaskRow(
        slug,
        states.most_common(),
        states[State.PASSED],
        len(pairs),
        median(mark.seconds.get(slug, 0) for mark, _ in pairs),
        [_mistake(message, slug, made[message]) for message in ranked],
    )


def _mistake(message: str, slug: str, pairs: list[tuple[Marked, dict]]) -> Mistake:
    links = [Link(mark.student, href(mark, slug)) for mark, _ in pairs]
    links.sort(key=lambda link: link.name.casefold())
    nameless = [(o, v) for o, v in pairs if not names_someone(o, o.code.get(slug, ""))]
    mark, verdict = min(
        nameless or pairs[:1], key=lambda pair: len(pair[0].code.get(slug, ""))
    )
    code = mark.code.get(slug, "").strip("\n") if nameless else ""
    return Mistake(message, links, code, feedback.card(verdict))


def names_someone(mark: Marked, code: str) -> bool:
    """Whether a student's code, or the comments in it, may tell who wrote it."""
    who = mark.person
    known = " ".join(
        [mark.student, who.name, who.id, who.login, who.email.split("@")[0]]
    )
    words = {word.casefold() for word in re.findall(r"\w{3,}", known)}
    return bool(words & {word.casefold() for word in re.findall(r"[^\W_]+|\w+", code)})


def _students(marked: list[Marked]) -> list[Student]:
    """The class, by name."""
    theirs: dict[str, list[Marked]] = defaultdict(list)
    for mark in marked:
        theirs[mark.student].append(mark)
    students = []
    for name in sorted(theirs, key=str.casefold):
        counted = [mark for mark in theirs[name] if mark.counts]
        points = sum(mark.points for mark in counted)
        total = sum(mark.max_points for mark in counted)
        books = sorted(theirs[name], key=lambda mark: mark.label)
        students.append(Student(name, points / total if total else 0, books))
    return students


def distribution(marked: list[Marked]) -> Picture:
    """How many students earned what share of the points, as ten bars."""
    shares = [
        mark.points / mark.max_points if mark.max_points else 0 for mark in marked
    ]
    counts = [0] * BINS
    for share in shares:
        counts[min(BINS - 1, int(share * BINS))] += 1
    words = ", ".join(f"{i * 10} to {i * 10 + 10} %: {n}" for i, n in enumerate(counts))
    width, floor = 48, 130
    picture = Picture(BINS * width + 20, 165, f"Students by share of points. {words}")
    for i, n in enumerate(counts):
        x, height = 10 + i * width, 100 * n / max(counts)
        box = (x + 4, floor - 100, width - 8, 100)
        picture.rect(*box, fill=PAPER, stroke=LINE, radius=2, stroke_width=0.5)
        picture.rect(x + 4, floor - height, width - 8, height, fill=MODEL, radius=2)
        if n:
            picture.text(x + width / 2, floor - height - 5, n, 12, "middle")
        picture.text(x, floor + 16, f"{i * 10}", 11, "middle", fill=SOFT)
    picture.text(10 + BINS * width, floor + 16, "100", 11, "end", fill=SOFT)
    picture.line(10, floor, 10 + BINS * width, floor, stroke=LINE)
    picture.text(10, 160, "share of the points, in percent", 11, fill=SOFT)
    return picture
