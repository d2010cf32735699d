"""Judge what the kernels recorded, here, outside them."""

from __future__ import annotations

import re
from dataclasses import asdict

from course_utils.errors import CourseError
from course_utils.judging import card, words
from course_utils.judging.compare import Verdict, compare
from course_utils.judging.state import State
from course_utils.tools.authoring.solution import Task, Variant

from .compose import Reference, Step
from .job import CRASHED, OUT_OF_MEMORY, TAMPERED

NO_MEMORY = re.compile(r"not enough memory|can(no|')t allocate memory", re.IGNORECASE)


def reference_steps(ref: Reference) -> list[Step]:
    """The reference's answers and known mistakes, each before its task's check."""
    steps = []
    for task in ref.tasks:
        answers = {task.slug: task.answer}
        answers |= {f"{task.slug}#{n}": m.code for n, m in enumerate(task.mistakes)}
        for key, code in answers.items():
            steps += [Step(code, [key]), Step(task.check, [key], check=key)]
        steps.append(Step(task.answer))
    return steps


def expected(ref: Reference, result: dict) -> dict[str, dict]:
    """What right answers and known mistakes show in this batch, by slug.

    Raises `CourseError` where the reference itself does not get full marks.
    """
    found = {}
    for task in ref.tasks:
        told = result["checks"].get(task.slug) or {}
        record = told.get("record")
        if not record or compare(record, record).state != "passed":
            why = told.get("note") or (record or {}).get("error") or "no record"
            raise CourseError(
                f"solutions/{ref.stem}.ipynb, {task.slug}: its own answer does not "
                f"pass ({str(why)[:200]}); run `course build {ref.stem} --seeds 20`"
            )
        mistakes = []
        for number, mistake in enumerate(task.mistakes):
            told = result["checks"].get(f"{task.slug}#{number}") or {}
            if told.get("record"):
                mistakes.append(_mistake(mistake, told["record"], record))
        found[task.slug] = {"reference": record, "mistakes": mistakes}
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


def stored(task: Task, verdict: Verdict) -> dict:
    """A verdict as it is stored, with its card as HTML and as plain text."""
    cards = {"html": card.as_html(verdict), "text": card.as_text(verdict)}
    mistake = words.mistake(verdict)
    message = mistake[1] if mistake else None
    note = words.note(verdict)
    facts = {**asdict(verdict), "mistake": message, "note": note}
    return {"title": task.title, **facts, **cards}


def judge(task: Task, shown: dict | None, expect: dict) -> Verdict:
    """The verdict on one task: by its record, or by what ended it.

    The record comes from the learner's process, so one that is not well formed is
    judged `tampered`, and no error here can come of it.
    """
    shown = shown or {"state": CRASHED, "note": "it could not be marked"}
    if shown["state"]:
        return Verdict(task.slug, shown["state"], 0, task.points, note=shown["note"])
    record, reference = shown["record"], expect["reference"]
    try:
        if (record["task"], record["stem"]) != (task.slug, reference["stem"]):
            raise ValueError("another task's record")
        names = [fact["name"] for fact in record["observations"]]
        wanted = [fact["name"] for fact in reference["observations"]]
        if len(names) != len(set(names)) or not set(names) <= set(wanted):
            raise ValueError("observations that the check does not make")
        verdict = _named(compare(record, reference, expect["mistakes"]))
        raised = shown.get("raised", "")
        if (
            verdict.state == State.NOT_ATTEMPTED
            and raised[:19] != "NotImplementedError"
        ):
            if raised:
                verdict.why = None
                verdict.state, verdict.note = (
                    State.FAILED,
                    f"the answer cell raised {raised}",
                )
        stored(task, verdict)
        return verdict
    except Exception as error:
        note = f"the check's record is not well formed ({type(error).__name__})"
        return Verdict(task.slug, TAMPERED, 0, task.points, note=note)


def _named(verdict: Verdict) -> Verdict:
    """Errors that have a state of their own get it; the criteria's points stay."""
    error = verdict.error
    if error and verdict.state in (State.FAILED, State.PARTLY):
        if error["type"] == "MemoryError" or NO_MEMORY.search(error["message"]):
            verdict.state = OUT_OF_MEMORY
        elif error["type"] == "SystemExit":
            verdict.state = CRASHED
    return verdict
