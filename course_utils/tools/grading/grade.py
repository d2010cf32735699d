"""`course grade`: mark a folder of submissions, and go on where a run was stopped."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from course_utils import __version__
from course_utils.errors import CourseError
from course_utils.tools.kernels import protections
from course_utils.tools.places import ROOT

from . import feedback, gradebook, report
from .batch import Batch
from .collect import Submission, collect
from .compose import Reference, identify, reference
from .gradebook import Marked
from .job import Limits

FORMATS = ("gradescope", "canvas")


@dataclass
class Summary:
    """What a run did: the gradebook's submissions, and how many were marked anew."""

    out: Path
    seed: int
    marked: list[Marked]
    anew: int
    seconds: float
    changes: list[str]

    @property
    def unreadable(self) -> list[Marked]:
        return [one for one in self.marked if one.reason]

    def __str__(self) -> str:
        students = len({one.student for one in self.marked})
        states = Counter(row.state for one in self.marked for row in one.rows())
        told = ", ".join(f"{count} {state}" for state, count in states.most_common())
        return (
            f"Notebooks: {len(self.marked)}, students: {students}; {self.anew} marked "
            f"now, in {self.seconds:.0f} s, with seed {self.seed}\nTasks: {told}\n"
            f"Gradebook: {self.out / 'grades.csv'}\nReport: {self.out / 'report.html'}"
        )


def grade(
    submissions: str | Path,
    out: str | Path,
    *,
    seed: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    unisolated: bool = False,
    formats: Iterable[str] = (),
    limits: Limits | None = None,
    solutions: Path = ROOT / "solutions",
) -> Summary:
    """Mark every notebook below `submissions` and write the gradebook into `out`.

    seed: of the inputs; the one stored in `out`, or a new one, where it is `None`.
    workers: processes on this machine, one a core by default.
    scheduler: address of a Dask cluster to use in their place (extra `cluster`).
    unisolated: run submissions with all that this user may do.

    Raises `CourseError` where the class cannot be marked; a submission never raises.
    """
    start, out, limits = time.monotonic(), Path(out), limits or Limits()
    for name in set(formats) - set(FORMATS):
        raise CourseError(f"no format {name!r}; there are {', '.join(FORMATS)}")
    folder = Path(submissions).resolve()
    if folder in (out.resolve(), *out.resolve().parents):
        raise CourseError(f"{out} lies in the submissions: name a folder beside them")
    references = {p.stem: reference(p) for p in sorted(solutions.glob("*.ipynb"))}
    found = collect(Path(submissions), list(references))
    if not found:
        raise CourseError(f"no submission in {submissions}")
    held = [] if unisolated else _isolation()
    _label(found, references)
    batch = Batch(out, _seed(out, seed), limits, not unisolated, references)
    before = gradebook.previous(out / "grades.csv")
    plan = [(batch.key(one), one) for one in found]
    todo = [(key, one) for key, one in plan if one.stem and not batch.stored(key)]
    failed = batch.mark(todo, _workers(workers, len(todo)), scheduler)
    marked = [failed.get(key) or batch.result(key, one) for key, one in plan]
    batch.sweep({key for key, _ in plan})
    changed = gradebook.changes(before, marked)
    summary = Summary(out, batch.seed, marked, len(todo), 0.0, changed)
    summary.seconds = time.monotonic() - start
    _write(summary, references, held, set(formats))
    return summary


def _workers(wanted: int | None, jobs: int) -> int:
    return max(1, min(wanted or os.cpu_count() or 1, jobs))


def _isolation() -> list[tuple[str, bool, str]]:
    held = protections()
    for name, on, remedy in held:
        if not on:
            raise CourseError(
                f"submissions cannot be isolated here ({name}): {remedy}; "
                "or trust them, and use --unisolated"
            )
    return held


def _seed(out: Path, wanted: int | None) -> int:
    """The batch's seed, stored so that a run that was stopped goes on with it."""
    path = out / "batch.json"
    if wanted is None:
        try:
            wanted = int(json.loads(path.read_text())["seed"])
        except (OSError, ValueError, KeyError, TypeError):
            wanted = secrets.randbelow(2**31)
    gradebook.write(path, json.dumps({"seed": wanted, "version": __version__}))
    return wanted


def _label(found: list[Submission], references: dict[str, Reference]) -> None:
    """Say which exercise each notebook holds, and which of several counts."""
    taken: dict[tuple[str, str], Submission] = {}
    for one in sorted(found, key=lambda s: Path(s.name).stem not in references):
        one.stem = "" if one.reason else identify(one, references)
        if not one.reason and not one.stem:
            one.reason = "no exercise of this course is in it"
        named = [stem for stem in references if stem in one.name]
        one.label = one.stem or (named[0] if named else one.name)
        first = taken.setdefault((one.student, one.label), one)
        if first is not one:
            one.label = f"{one.label} ({one.name})"
            one.notes.append(f"A second file of this exercise: {first.name} counts.")


def _write(summary: Summary, references: dict[str, Reference], held: list,
           formats: set[str]) -> None:  # fmt: skip
    out, marked = summary.out, summary.marked
    wanted = set()
    for one in marked:
        path = Path(gradebook.safe(one.student), gradebook.safe(one.label) + ".html")
        wanted.add(out / "feedback" / path)
        gradebook.write(out / "feedback" / path, feedback.page(one))
        if "gradescope" in formats and one.counts:
            name = Path(one.stem, gradebook.safe(one.student), "results.json")
            gradebook.write(out / "gradescope" / name, gradebook.gradescope(one))
    for path in (out / "feedback").glob("*/*.html"):
        if path not in wanted:
            path.unlink()
    if "canvas" in formats:
        points = {stem: ref.points for stem, ref in references.items()}
        gradebook.write(out / "canvas.csv", gradebook.canvas(marked, points))
    gradebook.write(out / "report.html", report.page(summary, held))
    gradebook.write(out / "grades.csv", gradebook.gradebook(marked))
