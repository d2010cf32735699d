"""`course grade`: mark a folder of submissions, and go on where a run was stopped."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.tools.kernels import WARM, Protection, protections
from course_utils.tools.places import ROOT, SOLUTIONS

from . import feedback, gradebook, report, view
from .attempts import choose, place
from .batch import Batch
from .collect import Submission, collect
from .exports import FORMATS, Files, publish
from .gradebook import Marked
from .job import Limits, Terms
from .reference import Reference, reference
from .roster import Roster, read_roster
from .store import Result, Store
from .summary import Summary, settle


def grade(
    submissions: str | Path,
    out: str | Path,
    *,
    seed: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    unisolated: bool = False,
    formats: Iterable[str] = (),
    columns: dict[str, str] | None = None,
    roster: str | Path | None = None,
    anonymous: bool = False,
    limits: Limits | None = None,
    solutions: Path = ROOT / SOLUTIONS,
) -> Summary:
    """Mark every notebook below `submissions` and write the gradebook into `out`.

    seed: of the inputs; the one stored in `out`, or a new one, where it is `None`.
    workers: processes on this machine, one a core by default.
    scheduler: address of a Dask cluster to use in their place (extra `cluster`).
    unisolated: run submissions with all that this user may do.
    formats: of exports, some of `FORMATS`; those not named are removed from `out`.
    columns: what an exercise's assignment is called in these, by stem.
    roster: a CSV file with a row for each student of the class.
    anonymous: write a report without names, too.

    Raises `CourseError` where the class cannot be marked; a submission never raises.
    """
    start, submissions, out = time.monotonic(), Path(submissions), Path(out)
    _refuse(submissions, out, formats)
    references = {p.stem: reference(p) for p in sorted(solutions.glob("*.ipynb"))}
    for stem in set(columns or ()) - set(references):
        raise CourseError(f"no exercise {stem!r}; there are {', '.join(references)}")
    people = read_roster(Path(roster)) if roster else None
    found = _handed_in(submissions, references, people)
    if not found:
        raise CourseError(f"no submission in {submissions}")
    held = _unprotected() if unisolated else _protected()
    store = Store(out, seed)
    before = gradebook.previous(out / "grades.csv")
    batch = Batch(
        store, Terms(store.seed, limits or Limits(), not unisolated), references
    )
    marked, anew = mark_all(found, batch, workers, scheduler)
    points = {stem: ref.points for stem, ref in references.items()}
    marked = settle(marked, people, points)
    changes = gradebook.changes(before, marked)
    seconds = time.monotonic() - start
    summary = Summary(out, store.seed, marked, anew, seconds, changes, held, people)
    publish(out, _files(summary, references, formats, columns or {}, anonymous))
    return summary


def _handed_in(
    folder: Path, references: dict[str, Reference], roster: Roster | None
) -> list[Submission]:
    """Every submission, with its exercise, and which of several counts."""
    collected = collect(folder, list(references), roster)
    placed: list[Submission] = []
    for submission in collected:
        placed += place(submission, references)
    return choose(placed, references)


def _refuse(submissions: Path, out: Path, formats: Iterable[str]) -> None:
    """Raise `CourseError` for what cannot be done before anything is begun."""
    for name in set(formats) - set(FORMATS):
        raise CourseError(f"no format {name!r}; there are {', '.join(FORMATS)}")
    if out.exists() and not out.is_dir():
        raise CourseError(f"{out} is a file: name a folder for --out")
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


def mark_all(
    found: list[Submission], batch: Batch, workers: int | None, scheduler: str | None
) -> tuple[list[Marked], int]:
    """Every submission with its verdicts, and how many were not known from before."""
    readable = {batch.key(s): s for s in found if s.stem}
    results = {key: _stored(key, s, batch) for key, s in readable.items()}
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


def _stored(key: str, submission: Submission, batch: Batch) -> Result | None:
    """What an earlier run found, where it is whole and can be shown."""
    result = batch.store.load(key)
    try:
        if result:
            view.marked(submission, batch.references[submission.stem], result)
    except Exception:  # well formed, but no verdicts on these tasks
        return None
    return result


def _files(
    summary: Summary,
    references: dict[str, Reference],
    formats: Iterable[str],
    columns: dict[str, str],
    anonymous: bool,
) -> Files:
    """All files that a run writes, from its folder on, and what is in them."""
    marked = summary.marked
    for one in summary.handed_in:
        yield Path("feedback", one.path), feedback.page(one)
    for name in dict.fromkeys(formats):
        yield from FORMATS[name](marked, columns, feedback.page)
    if anonymous:
        yield Path("report-anonymous.html"), report.page(summary, references, True)
    yield Path("report.html"), report.page(summary, references)
    yield Path("grades.csv"), gradebook.gradebook(marked)
