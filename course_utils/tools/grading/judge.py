"""Judge what the kernels recorded, here, outside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from course_utils.errors import CourseError
from course_utils.judging import card, keys
from course_utils.judging.compare import Verdict, compare
from course_utils.judging.state import State
from course_utils.locale.again import N_
from course_utils.tools.authoring.solution import Task, Variant

from .job import Outcome, Raised, Shown
from .reference import Reference, mistake_key
from .typed import dump, load

# PyTorch has no type of its own for this error: RuntimeError, and these words.
NO_MEMORY = re.compile(r"not enough memory|can(no|')t allocate memory", re.IGNORECASE)


@dataclass
class Expected:
    """What a task's check shows of the right answer, and of known mistakes.

    mistakes: `None` while nobody has asked for them.
    """

    reference: dict
    mistakes: list[dict] | None = None


def expected_by_key(stem: str) -> dict[str, Expected]:
    """What the key says, by slug: right where checks draw their inputs from seed 0.

    Raises `CourseError` where there is no key.
    """
    key = keys.load(stem)
    if key is None:
        raise CourseError(f"{stem} has no key: run `course build {stem}`")
    return {t["task"]: Expected(t["reference"], t["mistakes"]) for t in key["tasks"]}


def expected_by_run(ref: Reference, outcome: Outcome) -> dict[str, Expected]:
    """What right answers showed in this batch, by slug.

    Raises `CourseError` where the reference itself does not get full marks.
    """
    expected = {}
    for task in ref.tasks:
        shown = outcome.checks.get(task.slug, Shown())
        record = shown.record
        if not record or compare(record, record).state != State.PASSED:
            why = shown.note or (record or {}).get("error") or N_("no record")
            raise CourseError(
                f"solutions/{ref.stem}.ipynb, {task.slug}: its own answer does not "
                f"pass ({str(why)[:200]}); run `course build {ref.stem} --seeds 20`"
            )
        expected[task.slug] = Expected(record, None if task.mistakes else [])
    return expected


def mistakes_by_run(task: Task, outcome: Outcome, reference: dict) -> list[dict]:
    """What a task's known mistakes showed in this batch, as a key has them."""
    found = []
    for number, mistake in enumerate(task.mistakes):
        shown = outcome.checks.get(mistake_key(task, number), Shown())
        if shown.record:
            found.append(_mistake(mistake, shown.record, reference))
    return found


def _mistake(mistake: Variant, record: dict, reference: dict) -> dict:
    verdict = compare(record, reference)
    failing = [c.name for c in verdict.criteria if not c.passed]
    facts = [fact for fact in record["observations"] if fact["name"] in failing]
    return {
        "id": mistake.id,
        "message": mistake.message,
        "symptom": mistake.symptom,
        "failing": failing,
        "observations": facts,
        "error": record["error"],
    }


def judge(
    ref: Reference, outcome: Outcome, expected: dict[str, Expected]
) -> list[Verdict]:
    """A verdict on each task of a reference."""
    lost = Shown(state=State.CRASHED, note=N_("it could not be marked"))
    return [
        judge_task(task, outcome.checks.get(task.slug, lost), expected[task.slug])
        for task in ref.tasks
    ]


def judge_task(task: Task, shown: Shown, expected: Expected) -> Verdict:
    """The verdict on one task: by its record, or by what ended it.

    The record comes from the learner's process, so one that is not well formed is
    judged `tampered`, and no error here can come of it.
    """
    if shown.state:
        return Verdict(task.slug, shown.state, 0, task.points, note=shown.note)
    try:
        _look(task, shown.record, expected.reference)
        verdict = compare(shown.record, expected.reference, expected.mistakes or ())
        _name_error(verdict)
        _tell_attempt(verdict, shown.raised)
        load(Verdict, dump(verdict))  # what cannot be stored or shown is not
        card.as_html(verdict)  # well formed, either
        return verdict
    except Exception as error:
        note = N_(
            "the check's record is not well formed ({name})", name=type(error).__name__
        )
        return Verdict(task.slug, State.TAMPERED, 0, task.points, note=note)


def _look(task: Task, record: dict, reference: dict) -> None:
    """Raise ValueError for a record that this task's check cannot have made."""
    if (record["task"], record["stem"]) != (task.slug, reference["stem"]):
        raise ValueError("another task's record")
    names = [fact["name"] for fact in record["observations"]]
    wanted = [fact["name"] for fact in reference["observations"]]
    if len(names) != len(set(names)) or not set(names) <= set(wanted):
        raise ValueError("observations that the check does not make")


def _name_error(verdict: Verdict) -> None:
    """Errors that have a state of their own get it; the criteria's points stay."""
    error = verdict.error
    if error and verdict.state in (State.FAILED, State.PARTLY):
        if error["type"] == "MemoryError" or NO_MEMORY.search(error["message"]):
            verdict.state = State.OUT_OF_MEMORY
        elif error["type"] == "SystemExit":
            verdict.state = State.CRASHED


def _tell_attempt(verdict: Verdict, raised: Raised | None) -> None:
    """An answer whose own cell failed was attempted, though nothing came of it."""
    stub = raised is None or raised.type == NotImplementedError.__name__
    if verdict.state == State.NOT_ATTEMPTED and not stub:
        verdict.state, verdict.why = State.FAILED, None
        verdict.note = N_("the answer cell raised {raised}", raised=raised)
