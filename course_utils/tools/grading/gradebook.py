"""The gradebook: one row a task, safe in spreadsheets, written all or nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import unicodedata
from dataclasses import astuple, dataclass, fields
from pathlib import Path

PASSED = "passed"
KEPT = "\n\t\u200c\u200d"  # the last two stand within words of some scripts, and emoji
FORMULA = re.compile(r"^[\s'\"]*[=+\-@|%＝＋－＠]")


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


@dataclass
class Marked:
    """One submission with its verdicts, as it is stored in results/."""

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

    @property
    def points(self) -> float:
        return round(sum(verdict["points"] for verdict in self.verdicts), 2)

    def rows(self) -> list[Row]:
        """The submission's rows of the gradebook."""
        if self.reason:
            points = self.max_points if self.counts else 0
            return [Row(self.student, self.label, "", "unreadable", 0, points, 0.0,
                        self.reason)]  # fmt: skip
        return [
            Row(self.student, self.label, v["slug"], v["state"], v["points"],
                v["max_points"], self.seconds.get(v["slug"], 0.0),
                v["mistake"] or ("" if v["state"] == "not attempted" else v["note"]))
            for v in self.verdicts
        ]  # fmt: skip


def write(path: Path, text: str) -> None:
    """Write a file so that it is, at every moment, the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name[:40]}.{os.getpid()}.part")
    with open(beside, "wb") as file:
        file.write(text.encode("utf-8", "replace"))
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def visible(text: str) -> str:
    """Text without control characters, terminal escapes and changes of direction."""
    hidden = ("Cc", "Cf", "Cs")
    return "".join(
        c if c in KEPT or unicodedata.category(c) not in hidden else "�" for c in text
    )


def cell(value: object) -> object:
    """A value for a spreadsheet: never a formula, always one line."""
    if not isinstance(value, str):
        return value
    value = " ".join(visible(value).split())
    return f"'{value}" if FORMULA.match(value) else value


def table(rows: list[list]) -> str:
    """Rows as CSV."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([list(map(cell, r)) for r in rows])
    return file.getvalue()


def safe(name: str) -> str:
    """A name as one part of a path; two different names never share one."""
    kept = re.sub(r'[\t\n/\\:*?"<>|%#�]+', "_", visible(name)).strip("._- ")
    short = kept.encode()[:100].decode(errors="ignore")
    if short == name:
        return name
    return f"{short or 'student'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def gradebook(marked: list[Marked]) -> str:
    """grades.csv."""
    heads = [field.name for field in fields(Row)]
    return table([heads, *(list(astuple(row)) for one in marked for row in one.rows())])


def previous(path: Path) -> dict[tuple, tuple]:
    """What grades.csv said before: (student, notebook, task) → (state, points)."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return {
                (r["student"], r["notebook"], r["task"]): (
                    r["state"],
                    float(r["points"]),
                )
                for r in csv.DictReader(file)
            }
    except (OSError, KeyError, ValueError, TypeError, csv.Error):
        return {}


def changes(before: dict[tuple, tuple], marked: list[Marked]) -> list[str]:
    """What differs from the run before, in words; nothing at the first run."""
    rows = [row for one in marked for row in one.rows()]
    now = {tuple(map(cell, (r.student, r.notebook, r.task))): (r.state, r.points)
           for r in rows}  # fmt: skip
    told = []
    for key in sorted({*before, *now}) if before else []:
        if before.get(key) != now.get(key):
            old, new = (
                f"{told[0]} ({told[1]:g})" if told else "not there"
                for told in (before.get(key), now.get(key))
            )
            told.append(f"{' · '.join(filter(None, key))}: {old} → {new}")
    return told


def canvas(marked: list[Marked], points: dict[str, float]) -> str:
    """Canvas's gradebook to import: a row a student, a column an exercise."""
    stems = sorted({one.stem for one in marked if one.counts and one.stem})
    heads = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    rows = [
        [*heads, *stems],
        ["Points Possible", *[""] * 4, *(points[s] for s in stems)],
    ]
    totals = {(one.student, one.stem): one.points for one in marked if one.counts}
    for student in sorted({one.student for one in marked}):
        scores = [totals.get((student, stem), "") for stem in stems]
        rows.append([student, "", "", student, "", *scores])
    return table(rows)


def gradescope(one: Marked) -> str:
    """Gradescope's results.json of one submission."""
    tests = [
        {"name": v["slug"], "score": v["points"], "max_score": v["max_points"],
         "status": "passed" if v["state"] == PASSED else "failed",
         "output_format": "text", "output": visible(v["text"])}
        for v in one.verdicts
    ]  # fmt: skip
    said = "\n".join([one.reason, *one.repairs, *one.notes]).strip()
    told = {"score": one.points, "output_format": "text", "output": visible(said),
            "tests": tests}  # fmt: skip
    return json.dumps(told, indent=1)
