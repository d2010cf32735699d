"""`course grade`: mark a folder of submissions, and go on where a run was stopped."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.tools.kernels import WARM, Protection, protections
from course_utils.tools.places import ROOT, SOLUTIONS

from . import feedback, gradebook, report, view
from .batch import Batch
from .collect import Submission, collect
from .gradebook import Marked
from .identify import identify
from .job import Limits, Terms
from .reference import Reference, reference
from .store import Store

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
        return [marked for marked in self.marked if marked.reason]

    def __str__(self) -> str:
        students = len({marked.student for marked in self.marked})
        states = Counter(row.state for marked in self.marked for row in marked.rows())
        tasks = ", ".join(f"{count} {state}" for state, count in states.most_common())
        return (
            f"Notebooks: {len(self.marked)}, students: {students}; {self.anew} marked "
            f"now, in {self.seconds:.0f} s, with seed {self.seed}\nTasks: {tasks}\n"
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
    solutions: Path = ROOT / SOLUTIONS,
) -> Summary:
    """Mark every notebook below `submissions` and write the gradebook into `out`.

    seed: of the inputs; the one stored in `out`, or a new one, where it is `None`.
    workers: processes on this machine, one a core by default.
    scheduler: address of a Dask cluster to use in their place (extra `cluster`).
    unisolated: run submissions with all that this user may do.

    Raises `CourseError` where the class cannot be marked; a submission never raises.
    """
    start, submissions, out = time.monotonic(), Path(submissions), Path(out)
    _refuse(submissions, out, formats)
    references = {p.stem: reference(p) for p in sorted(solutions.glob("*.ipynb"))}
    found = collect(submissions, list(references))
    if not found:
        raise CourseError(f"no submission in {submissions}")
    held = _unprotected() if unisolated else _protected()
    _label(found, references)
    store = Store(out, seed)
    before = gradebook.previous(out / "grades.csv")
    batch = Batch(
        store, Terms(store.seed, limits or Limits(), not unisolated), references
    )
    marked, anew = _marked(found, batch, workers, scheduler)
    changes = gradebook.changes(before, marked)
    summary = Summary(out, store.seed, marked, anew, time.monotonic() - start, changes)
    _write(summary, store, references, held, set(formats))
    return summary


def _refuse(submissions: Path, out: Path, formats: Iterable[str]) -> None:
    """Raise `CourseError` for what cannot be done before anything is begun."""
    for name in set(formats) - set(FORMATS):
        raise CourseError(f"no format {name!r}; there are {', '.join(FORMATS)}")
    if submissions.resolve() in (out.resolve(), *out.resolve().parents):
        raise CourseError(f"{out} lies in the submissions: name a folder beside them")


def _protected() -> list[Protection]:
    """What keeps this machine safe. Raises `CourseError` where something does not."""
    held = protections()
    for name, on, remedy in held:
        if not on:
            raise CourseError(
                f"submissions cannot be isolated here ({name}): {remedy}; "
                "or trust them, and use --unisolated"
            )
    return held


def _unprotected() -> list[Protection]:
    """Nothing; the workers, which get this environment, start kernels that are warm."""
    os.environ.update(WARM)
    return []


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


def _marked(
    found: list[Submission], batch: Batch, workers: int | None, scheduler: str | None
) -> tuple[list[Marked], int]:
    """Every submission with its verdicts, and how many were not known from before."""
    readable = {batch.key(s): s for s in found if s.stem}
    results = {key: batch.store.load(key) for key in readable}
    todo = {key: s for key, s in readable.items() if not results[key]}
    processes = max(1, min(workers or os.cpu_count() or 1, len(todo)))
    results |= batch.mark(todo, processes, scheduler)
    batch.store.sweep(set(results))
    marked = []
    for submission in found:
        if submission.stem:
            ref, key = batch.references[submission.stem], batch.key(submission)
            marked.append(view.marked(submission, ref, results[key]))
        else:
            ref = batch.references.get(submission.label)
            marked.append(view.unreadable(submission, ref))
    return marked, len(todo)


def _write(
    summary: Summary,
    store: Store,
    references: dict[str, Reference],
    held: list[Protection],
    formats: set[str],
) -> None:
    marked, pages = summary.marked, set()
    for one in marked:
        student, label = gradebook.safe(one.student), gradebook.safe(one.label)
        page = store.write(f"feedback/{student}/{label}.html", feedback.page(one))
        pages.add(page)
        if "gradescope" in formats and one.counts:
            name = f"gradescope/{one.stem}/{student}/results.json"
            store.write(name, gradebook.gradescope(one))
    store.keep_only("feedback/*/*.html", pages)
    if "canvas" in formats:
        points = {stem: ref.points for stem, ref in references.items()}
        store.write("canvas.csv", gradebook.canvas(marked, points))
    store.write("report.html", report.page(summary, held))
    store.write("grades.csv", gradebook.gradebook(marked))
