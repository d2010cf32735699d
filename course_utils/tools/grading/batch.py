"""One class that is marked: references first, then every submission as it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.tools.progress import progress
from course_utils.tools.text import visible

from .collect import Submission
from .job import Outcome, Terms
from .judge import Expected, expected_by_run, judge
from .mark import Marks, mark, mark_reference, prepare
from .pool import Failure, Pool
from .reference import Reference
from .store import Result, Store


class Batch:
    """Marks submissions: run in a pool's processes, judged and stored in this one."""

    def __init__(self, store: Store, terms: Terms, references: dict[str, Reference]):
        self.store, self.terms, self.references = store, terms, references

    def key(self, submission: Submission) -> str:
        """The name of a submission's result."""
        return self.store.key(submission, self.references[submission.stem], self.terms)

    def mark(
        self, todo: dict[str, Submission], workers: int, scheduler: str | None
    ) -> dict[str, Result]:
        """The result of each submission, by its key."""
        if not todo:
            return {}
        stems = sorted({submission.stem for submission in todo.values()})
        modules = set().union(*(self.references[stem].modules for stem in stems))
        terms = replace(self.terms, modules=tuple(sorted(modules)))
        calls = {
            key: partial(mark, submission, self.references[submission.stem], terms)
            for key, submission in todo.items()
        }
        results = {}
        with (
            progress("Marking", len(stems) + len(todo)) as step,
            Pool(workers, scheduler, partial(prepare, terms)) as pool,
        ):
            expected = self._expected(stems, terms, pool, step)
            for key, marks in pool.run(calls):
                submission = todo[key]
                results[key] = self._result(key, submission, marks, expected)
                step(visible(submission.student)[:30].replace("[", "("))
        return results

    def _expected(
        self, stems: list[str], terms: Terms, pool: Pool, step: Callable[[str], None]
    ) -> dict[str, dict[str, Expected]]:
        """What right answers show in this batch, by stem and slug."""
        expected = {}
        calls = {s: partial(mark_reference, self.references[s], terms) for s in stems}
        for stem, outcome in pool.run(calls):
            if isinstance(outcome, Failure):
                raise CourseError(f"the reference of {stem} did not run: {outcome.why}")
            expected[stem] = expected_by_run(self.references[stem], outcome)
            step(stem)
        return expected

    def _result(
        self,
        key: str,
        submission: Submission,
        marks: Marks | Failure,
        expected: dict[str, dict[str, Expected]],
    ) -> Result:
        """Judge what came of a submission, and store it unless the grader failed."""
        lost = isinstance(marks, Failure)
        if lost:
            marks = Marks(
                Outcome(notes=[N_("could not be marked: {why}", why=marks.why)])
            )
        shown, stem = marks.outcome.checks, submission.stem
        result = Result(
            key,
            submission.student,
            submission.name,
            stem,
            judge(self.references[stem], marks.outcome, expected[stem]),
            {slug: check.seconds for slug, check in shown.items()},
            marks.repairs,
            marks.outcome.notes,
            {s: str(check.raised) for s, check in shown.items() if check.raised},
            marks.code,
        )
        return result if lost else self.store.save(result)
