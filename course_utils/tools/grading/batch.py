"""One class that is marked: references first, then every submission as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from course_utils.errors import CourseError
from course_utils.judging.state import State
from course_utils.locale.again import N_
from course_utils.tools.authoring.solution import Task
from course_utils.tools.progress import progress
from course_utils.tools.text import visible

from .collect import Submission
from .job import Outcome, Terms
from .judge import Expected, expected_by_run, judge, mistakes_by_run
from .mark import Marks, mark, prepare, run_steps
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
        results = {}
        with (
            progress("Marking", len(stems) + len(todo)) as step,
            Pool(workers, scheduler, partial(prepare, terms)) as pool,
        ):
            expected = self._expected(stems, terms, pool, step)
            for key, marks in self._run(todo, terms, expected, pool):
                submission = todo[key]
                results[key] = self._result(key, submission, marks, expected)
                step(visible(submission.student)[:30].replace("[", "("))
        return results

    def _run(
        self,
        todo: dict[str, Submission],
        terms: Terms,
        expected: dict[str, dict[str, Expected]],
        pool: Pool,
    ) -> Iterator[tuple[str, Marks | Failure]]:
        """What came of each submission, by its key.

        The known mistakes of a task are run when the first answer to it is wrong, once
        for all; what was marked meanwhile waits for them.
        """
        calls: dict[str, Callable] = {
            key: partial(mark, submission, self.references[submission.stem], terms)
            for key, submission in reversed(todo.items())
        }
        asked: dict[str, tuple[Task, Expected]] = {}
        waiting: dict[str, tuple[Marks | Failure, set[str]]] = {}
        known: set[str] = set()
        for name, outcome in pool.run(calls):
            if name in asked:
                task, of_task = asked[name]
                outcome = _made(name, outcome)
                of_task.mistakes = mistakes_by_run(task, outcome, of_task.reference)
                known.add(name)
            else:
                ref = self.references[todo[name].stem]
                needs = _unknown(ref, outcome, expected[ref.stem])
                waiting[name] = outcome, set(needs)
                for more, task in needs.items():
                    if more not in asked:
                        asked[more] = task, expected[ref.stem][task.slug]
                        steps = ref.mistake_steps(task.slug)
                        calls[more] = partial(run_steps, ref, steps, terms)
            for key, (marks, needs) in list(waiting.items()):
                if needs <= known:
                    del waiting[key]
                    yield key, marks

    def _expected(
        self, stems: list[str], terms: Terms, pool: Pool, step: Callable[[str], None]
    ) -> dict[str, dict[str, Expected]]:
        """What right answers show in this batch, by stem and slug."""
        expected = {}
        references = {stem: self.references[stem] for stem in stems}
        calls = {
            stem: partial(run_steps, ref, ref.right_steps(), terms)
            for stem, ref in references.items()
        }
        for stem, outcome in pool.run(calls):
            expected[stem] = expected_by_run(references[stem], _made(stem, outcome))
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


def _made(what: str, outcome: Outcome | Failure) -> Outcome:
    """What came of a call for the reference; raises `CourseError` for nothing."""
    if isinstance(outcome, Failure):
        raise CourseError(f"the reference of {what} did not run: {outcome.why}")
    return outcome


def _unknown(
    ref: Reference, marks: Marks | Failure, expected: dict[str, Expected]
) -> dict[str, Task]:
    """Tasks that were answered wrong and whose known mistakes were not run yet, each
    under a name for its call."""
    if isinstance(marks, Failure):
        return {}
    verdicts = judge(ref, marks.outcome, expected)
    return {
        f"{ref.stem}/{task.slug}": task
        for task, verdict in zip(ref.tasks, verdicts, strict=True)
        if verdict.state in (State.PARTLY, State.FAILED, State.OUT_OF_MEMORY)
        and expected[task.slug].mistakes is None
    }
