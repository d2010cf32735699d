"""The gradebook: one row a task, safe in spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

from course_utils.locale import ENGLISH
from course_utils.tools.text import visible

from .people import Person
from .writing import read

FORMULA = re.compile(r"^[\s'\"]*[=+\-@|%＝＋－＠]")
INNER = re.compile(
    r";(?=[\s'\"]*[=+\-@|%＝＋－＠])"
)  # where ; separates, a cell begins
UNREADABLE, MISSING = "unreadable", "not handed in"


@dataclass
class Row:
    """One task of one student; a file that cannot be read has one row in all."""

    student: str
    notebook: str
    task: str
    state: str
    points: float
    max_points: float
    seconds: float
    mistake: str
    late: str = ""
    id: str = ""
    email: str = ""
    login: str = ""


@dataclass
class Marked:
    """One submission with its verdicts, as it is stored in results/.

    What follows `reason` is not stored: it is the submission's as it is now. handed:
    words on what was handed in. path: of its page of feedback. language: of the
    notebook; theirs: what is in that language, not in English, by task.
    """

    key: str
    student: str
    name: str
    stem: str
    label: str
    counts: bool
    max_points: float
    verdicts: list[dict]
    seconds: dict[str, float]
    repairs: list[str]
    notes: list[str]
    errors: dict[str, str]
    code: dict[str, str]
    reason: str = ""
    late: bool = False
    person: Person = field(default_factory=Person)
    handed: list[str] = field(default_factory=list)
    path: str = ""
    language: str = ENGLISH
    theirs: dict[str, dict] = field(default_factory=dict)

    @property
    def points(self) -> float:
        return round(sum(verdict["points"] for verdict in self.verdicts), 2)

    def shown(self) -> list[dict]:
        """The verdicts as this learner reads them."""
        return [{**v, **self.theirs.get(v["slug"], {})} for v in self.verdicts]

    def rows(self) -> list[Row]:
        """The submission's rows of the gradebook."""
        who = self.person.id, self.person.email, self.person.login
        more = "LATE" if self.late else "", *who
        if self.reason:
            state = MISSING if self.reason == MISSING else UNREADABLE
            points = self.max_points if self.counts else 0
            shown = "" if state == MISSING else self.reason
            row = self.student, self.label, "", state, 0, points, 0.0, shown
            return [Row(*row, *more)]
        return [self._row(verdict, more) for verdict in self.verdicts]

    def _row(self, verdict: dict, more: tuple[str, ...]) -> Row:
        slug, state = verdict["slug"], verdict["state"]
        note = "" if state == "not attempted" else verdict["note"]
        return Row(
            self.student,
            self.label,
            slug,
            state,
            verdict["points"],
            verdict["max_points"],
            self.seconds.get(slug, 0.0),
            verdict["mistake"] or note,
            *more,
        )


def missing(person: Person, stem: str, points: float) -> Marked:
    """The row of who is on the roster and handed in nothing of an exercise."""
    facts = ("", person.name, "", stem, stem, True, points, [], {}, [], [], {}, {})
    return Marked(*facts, reason=MISSING, person=person)


def cell(value: object) -> object:
    """A value for a spreadsheet: never a formula, always one line."""
    if not isinstance(value, str):
        return value
    value = INNER.sub(";'", " ".join(visible(value).split()))
    return f"'{value}" if FORMULA.match(value) else value


def table(rows: list[list]) -> str:
    """Rows as CSV."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([list(map(cell, r)) for r in rows])
    return file.getvalue()


def gradebook(marked: list[Marked]) -> str:
    """grades.csv."""
    heads = [field.name for field in fields(Row)]
    return table(
        [heads, *(list(astuple(row)) for mark in marked for row in mark.rows())]
    )


def previous(path: Path) -> dict[tuple, tuple]:
    """What grades.csv said before: (student, notebook, task) → (state, points)."""
    try:
        rows = list(csv.DictReader(io.StringIO(read(path), newline="")))
        return {_place(row): (row["state"], float(row["points"])) for row in rows}
    except (OSError, KeyError, ValueError, TypeError, csv.Error):
        return {}


def _place(row: dict) -> tuple[str, str, str]:
    return row["student"], row["notebook"], row["task"]


def changes(before: dict[tuple, tuple], marked: list[Marked]) -> list[str]:
    """What differs from the run before, in words; nothing at the first run."""
    now = {}
    for row in (row for mark in marked for row in mark.rows()):
        place = tuple(map(cell, (row.student, row.notebook, row.task)))
        now[place] = row.state, row.points
    lines = []
    for key in sorted({*before, *now}) if before else []:
        if before.get(key) != now.get(key):
            old, new = _told(before.get(key)), _told(now.get(key))
            lines.append(f"{' · '.join(filter(None, key))}: {old} → {new}")
    return lines


def _told(verdict: tuple[str, float] | None) -> str:
    return f"{verdict[0]} ({verdict[1]:g})" if verdict else "not there"
