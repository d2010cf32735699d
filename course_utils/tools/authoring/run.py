"""Run answers and their check cells, here, without a kernel."""

from __future__ import annotations

import contextlib
import io
import linecache
import traceback
import warnings

from course_utils.checking.observe import Check, See
from course_utils.errors import CourseError
from course_utils.judging import words
from course_utils.judging.compare import compare, evidence
from course_utils.judging.difference import normalized
from course_utils.judging.state import State

from .solution import Solution, Task


class Runner:
    """Runs one solution's tasks with any answer, each in names of its own."""

    def __init__(self, solution: Solution, seed: int = 0):
        self.solution, self.seed = solution, seed

    def namespace(self, task: Task) -> tuple[dict, dict]:
        """The set-up's names before an answer, and all names that it meets: for a turn,
        also those of its `given` cell."""
        names = {"__name__": "__main__"}
        setup = self.solution.setup
        if task.kind != "task":
            setup = [self.solution.lesson_setup]
        for number, source in enumerate(setup):
            execute(source, f"<{self.solution.stem}: setup {number}>", names)
        before = dict(names)
        execute(task.given, f"<{self.solution.stem}: given to {task.slug}>", names)
        return before, names

    def record(self, task: Task, answer: str, what: str, see: type[See] = See) -> dict:
        """What the task's check observes of an answer, with `see` as its eyes."""
        records: list[dict] = []
        setup, names = self.namespace(task)
        check = Check(self.solution.stem, self.seed, records.append, setup, names)
        check.see = see
        where = f"{self.solution.path.name}, {task.slug}, {what}"
        try:
            quiet = warnings.catch_warnings(record=True)  # a solution's run shows them
            with contextlib.redirect_stderr(io.StringIO()), quiet:
                execute(answer, f"<{where}>", names)
                execute(task.check, f"<{where}: check>", {"check": check})
        except Exception as error:
            line = traceback.format_exception_only(error)[-1].strip()
            raise CourseError(f"{where}: {line}") from error
        if len(records) != 1:
            raise CourseError(f"{where}: the check cell must hold one check")
        return records[0]


def execute(source: str, filename: str, names: dict) -> None:
    """Run a cell's source; tracebacks find its lines under `filename`."""
    lines = source.splitlines(keepends=True)
    linecache.cache[filename] = (len(source), None, lines, filename)
    exec(compile(source, filename, "exec"), names)


def run_task(runner: Runner, task: Task) -> dict:
    """Run the reference, the stub, alternatives and mistakes of a task.

    Returns the task's part of the key. Raises `CourseError` where the reference does
    not get full marks, the stub is not "not attempted", an alternative is refused, a
    mistake is accepted, or two mistakes cannot be told apart.
    """
    where = f"{runner.solution.path.name}, {task.slug}"
    reference = runner.record(task, task.answer, "reference")
    _check_reference(reference, where, task)
    untouched = runner.record(task, task.stub, "stub")
    if compare(untouched, reference).state != State.NOT_ATTEMPTED:
        raise CourseError(f"{where}: the untouched stub is not seen as not attempted")
    for variant in task.alternatives:
        verdict = compare(runner.record(task, variant.code, variant.id), reference)
        if verdict.state != State.PASSED:
            raise CourseError(
                f"{variant.where}: the alternative is refused: {_why(verdict)}"
            )
    mistakes = []
    for variant in task.mistakes:
        mistakes.append(_mistake(runner, task, variant, reference, mistakes))
    return {
        "task": task.slug,
        "title": task.title,
        "difficulty": task.difficulty,
        "minutes": task.minutes,
        "points": task.points,
        "kind": task.kind,
        "repeats": task.repeats,
        "reference": reference,
        "untouched": untouched,
        "mistakes": mistakes,
    }


def _check_reference(reference: dict, where: str, task: Task) -> None:
    if reference["error"]:
        error = reference["error"]
        raise CourseError(
            f"{where}: the reference fails: {error['type']}: {error['message']}"
        )
    for fact in reference["observations"]:
        if "trace" in fact["value"]:  # an error that nobody asked for with `raises`
            told = f"{fact['value']['type']}: {fact['value']['message']}"
            raise CourseError(
                f"{where}: the reference fails at “{fact['name']}”: {told}"
            )
    if reference["points"] != task.points:
        raise CourseError(
            f"{where}: {task.points} points in the text, "
            f"{reference['points']} in the check"
        )
    verdict = compare(reference, reference)
    if verdict.state != State.PASSED:
        raise CourseError(
            f"{where}: the reference does not get full marks: {_why(verdict)}"
        )


def _mistake(runner, task, variant, reference: dict, before: list[dict]) -> dict:
    where = variant.where
    record = runner.record(task, variant.code, variant.id)
    verdict = compare(record, reference)
    failing = [c.name for c in verdict.criteria if not c.passed]
    if verdict.state == State.PASSED:
        raise CourseError(f"{where}: the mistake is accepted")
    if verdict.state == State.NOT_ATTEMPTED:
        raise CourseError(f"{where}: the mistake is seen as not attempted")
    if variant.misses_the_point and verdict.points > task.points / 2:
        raise CourseError(
            f"{where}: misses the point, yet earns {verdict.points:g} of "
            f"{task.points:g} points: give what it fails a weight"
        )
    twins = [other for other in before if set(other["failing"]) == set(failing)]
    if twin := compare(record, reference, twins).mistake:
        raise CourseError(
            f"{where}: cannot be told apart from the mistake “{twin.message}”"
        )
    record = _without_addresses(record)
    facts = [fact for fact in record["observations"] if fact["name"] in failing]
    mistake = {
        "id": variant.id,
        "message": variant.message,
        "failing": failing,
        "observations": facts,
        "error": record["error"],
    }
    if variant.symptom:
        mistake["symptom"] = True
    elif not evidence(mistake):
        raise CourseError(
            f"{where}: nothing that fails ({', '.join(failing)}) is this mistake's "
            "alone: see a value that tells it from others, or word the message as a "
            "symptom with its possible causes and set `symptom` in the cell's metadata"
        )
    return mistake


def _without_addresses(told):
    """The same record, errors' messages without what differs from run to run."""
    if isinstance(told, list):
        return [_without_addresses(item) for item in told]
    if not isinstance(told, dict):
        return told
    told = {key: _without_addresses(value) for key, value in told.items()}
    if told.get("kind") == "error":
        told["message"] = normalized(told["message"])
    return told


def _why(verdict) -> str:
    told = [f"{c.name}: {words.says(c)}" for c in verdict.criteria if not c.passed]
    if verdict.error:
        told.append(f"{verdict.error['type']}: {verdict.error['message']}")
    return "; ".join(told)[:600]
