"""`course grade`: mark a folder of submissions, and go on where a run was stopped."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import secrets
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from course_utils import __version__
from course_utils.grading import feedback, gradebook, report
from course_utils.grading.collect import Submission, collect
from course_utils.grading.compose import Reference, compose, identify, reference
from course_utils.grading.gradebook import GradeError, Marked
from course_utils.grading.run import Job, Limits, mark
from course_utils.kernels import protections
from course_utils.progress import progress

ROOT = Path(__file__).parents[2]
FORMATS = ("gradescope", "canvas")
TRIES = 3


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
            f"{len(self.marked)} notebooks of {students} students, {self.anew} marked "
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

    Raises `GradeError` where the class cannot be marked; a submission never raises.
    """
    start, out, limits = time.monotonic(), Path(out), limits or Limits()
    for name in set(formats) - set(FORMATS):
        raise GradeError(f"no format {name!r}; there are {', '.join(FORMATS)}")
    references = {p.stem: reference(p) for p in sorted(solutions.glob("*.ipynb"))}
    found = collect(Path(submissions), list(references))
    if not found:
        raise GradeError(f"no submission in {submissions}")
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
            raise GradeError(
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


class Batch:
    """One class, one seed, one folder: what is marked already, and how to mark."""

    def __init__(self, out: Path, seed: int, limits: Limits, isolated: bool,
                 references: dict[str, Reference]):  # fmt: skip
        self.out, self.seed, self.limits = out, seed, limits
        self.isolated, self.references = isolated, references
        self.results: dict[str, dict] = {}
        self.expected: dict[str, dict] = {}
        engine = Path(__file__).parents[1]
        code = [p.read_bytes() for r in ("checking", "grading") for p in
                sorted((engine / r).glob("*.py"))]  # fmt: skip
        self.engine = hashlib.sha256(b"".join(code)).hexdigest()

    def key(self, one: Submission) -> str:
        """What decides a submission's marks, and whose it is, as a hash."""
        ref = self.references.get(one.stem)
        whose = [one.student, one.name, one.label, one.content, one.reason]
        by = [self.seed, ref and ref.content, self.isolated, self.engine]
        told = json.dumps([whose, by, asdict(self.limits)])
        return hashlib.sha256(told.encode()).hexdigest()[:40]

    def path(self, key: str) -> Path:
        return self.out / "results" / f"{key}.json"

    def stored(self, key: str) -> bool:
        """Whether a whole result is there; it is kept to be used."""
        try:
            self.results[key] = json.loads(self.path(key).read_text(encoding="utf-8"))
            Marked(**self.results[key])
        except (OSError, ValueError, TypeError):
            return False
        return True

    def result(self, key: str, one: Submission) -> Marked:
        """The stored result, or the row of what cannot be read."""
        if one.stem:
            return Marked(**self.results[key])
        ref = self.references.get(one.label)
        stem, points = (ref.stem, ref.points) if ref else ("", 0)
        return Marked(
            key, one.student, one.name, stem, one.label, ref is not None, points,
            [], {}, [], list(one.notes), {}, {}, one.reason,
        )  # fmt: skip

    def sweep(self, keys: set[str]) -> None:
        """Forget results of submissions that changed or are gone."""
        for path in (self.out / "results").glob("*.json"):
            if path.stem not in keys:
                path.unlink(missing_ok=True)

    def job(self, stem: str, steps: list) -> Job:
        setup = self.references[stem].setup
        return Job(stem, setup, steps, self.seed, self.limits, self.isolated)

    def mark(
        self, todo: list, workers: int, scheduler: str | None
    ) -> dict[str, Marked]:
        """Mark what is to do, storing each result; returns what could not be marked."""
        if not todo:
            return {}
        stems = sorted({one.stem for _, one in todo})
        composed = {key: compose(one, self.references[one.stem]) for key, one in todo}
        from course_utils.grading import score  # imports torch: not in the workers

        def jobs() -> dict[str, Job]:
            refs = {
                stem: score.reference_steps(self.references[stem]) for stem in stems
            }
            wanted = {stem: self.job(stem, steps) for stem, steps in refs.items()}
            return wanted | {k: self.job(s.stem, composed[k].steps) for k, s in todo}

        failed: dict[str, Marked] = {}
        waiting: list[tuple[str, dict | str]] = []
        mine = dict(todo)
        with progress("Marking", len(todo) + len(stems)) as step:
            for name, told in run(jobs(), workers, scheduler):
                if name in self.references:
                    if isinstance(told, str):
                        raise GradeError(f"the reference of {name} did not run: {told}")
                    ref = self.references[name]
                    self.expected[name] = score.expected(ref, told)
                    step(name)
                else:
                    waiting.append((name, told))
                for key, told in [
                    w for w in waiting if mine[w[0]].stem in self.expected
                ]:
                    waiting.remove((key, told))
                    self._judge(key, mine[key], composed[key], told, failed)
                    step(gradebook.visible(mine[key].student)[:30].replace("[", "("))
        return failed

    def _judge(self, key, one: Submission, composed, told, failed: dict) -> None:
        from course_utils.grading import score

        ref, expect = self.references[one.stem], self.expected[one.stem]
        lost = isinstance(told, str)
        told = {"checks": {}, "notes": [told], "errors": {}} if lost else told
        verdicts = [
            score.stored(
                task, score.judge(task, _shown(told, task.slug), expect[task.slug])
            )
            for task in ref.tasks
        ]
        seconds = {k: c["seconds"] for k, c in told["checks"].items()}
        marked = Marked(
            key, one.student, one.name, one.stem, one.label, one.label == one.stem,
            ref.points, verdicts, seconds, composed.repairs,
            told["notes"], told["errors"], composed.code,
        )  # fmt: skip
        if lost:
            failed[key] = marked
            return
        text = json.dumps(asdict(marked))
        gradebook.write(self.path(key), text)
        self.results[key] = json.loads(text)


def _shown(told: dict, slug: str) -> dict | None:
    """What a task's check showed, with the error that its own cells raised."""
    shown = told["checks"].get(slug)
    return shown and {**shown, "raised": told["errors"].get(slug, "")}


# ------------------------------------------------------------------- in many processes


def run(jobs: dict[str, Job], workers: int, scheduler: str | None
        ) -> Iterator[tuple[str, dict | str]]:  # fmt: skip
    """Mark all jobs, in the order they end: their name, and the result or what failed.

    A process that dies takes no job with it: those that were not done are run again.
    """
    tries = dict.fromkeys(jobs, 0)
    while jobs:
        lone = max(tries.values()) == TRIES - 1
        with executor(1 if lone else workers, scheduler) as pool:
            for name, told in _round(pool, jobs, lone):
                if isinstance(told, Exception):
                    tries[name] += 1
                    if tries[name] < TRIES:
                        continue
                    told = f"could not be marked: {type(told).__name__}: {told}"[:500]
                jobs = {key: job for key, job in jobs.items() if key != name}
                tries.pop(name)
                yield name, told


def _round(pool: Executor, jobs: dict[str, Job], lone: bool):
    """One try at all jobs; one after the other where one of them ends its process."""
    for group in [[name] for name in jobs] if lone else [list(jobs)]:
        futures: dict[Future, str] = {}
        with suppress(BrokenProcessPool):
            for name in group:
                futures[pool.submit(mark, jobs[name])] = name
        for future in as_completed(futures):
            yield futures[future], future.exception() or future.result()
        if len(futures) < len(group):
            return


@contextmanager
def executor(workers: int, scheduler: str | None) -> Iterator[Executor]:
    """Processes of this machine, or a Dask cluster, behind the same face."""
    if scheduler:
        try:
            from distributed import Client
        except ImportError as error:
            raise GradeError("--scheduler needs `pip install distributed`") from error
        try:
            client = Client(scheduler, timeout=10, set_as_default=False)
        except OSError as error:
            raise GradeError(f"no Dask scheduler answers at {scheduler}") from error
        with client:
            yield client.get_executor(retries=TRIES, pure=False)
        return
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        pool = ProcessPoolExecutor(workers, context, _begin, (scratch,))
        try:
            yield pool
            pool.shutdown()
        finally:
            processes = list((pool._processes or {}).values())
            pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                process.terminate()
            for process in processes:
                process.join(5)


def _begin(scratch: str) -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = scratch

    def watch() -> None:
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


# ---------------------------------------------------------------------- what is written


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
