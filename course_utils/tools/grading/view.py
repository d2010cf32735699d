"""What the pages show of a result: its facts, put into words and cards."""

from __future__ import annotations

from dataclasses import asdict, replace

from course_utils.judging import card, words
from course_utils.judging.compare import Verdict
from course_utils.locale import ENGLISH, speaking
from course_utils.tools.authoring.solution import Task
from course_utils.tools.editions import title

from .collect import Submission
from .gradebook import Marked
from .identify import language_of
from .reference import Reference
from .store import Result


def marked(submission: Submission, ref: Reference, result: Result) -> Marked:
    """One submission with its verdicts."""
    worded = [_newly_worded(verdict, ref.messages) for verdict in result.verdicts]
    pairs = list(zip(ref.tasks, worded, strict=True))
    return Marked(
        key=result.key,
        student=submission.student,
        name=submission.name,
        stem=ref.stem,
        label=submission.label,
        counts=submission.counts,
        max_points=ref.points,
        verdicts=[view(task, verdict) for task, verdict in pairs],
        theirs=_translated(ref.stem, pairs, language_of(submission)),
        seconds=result.seconds,
        repairs=result.repairs,
        notes=result.notes,
        errors=result.errors,
        code=result.code,
        **_handed(submission),
    )


def unreadable(submission: Submission, ref: Reference | None) -> Marked:
    """The row of a file that could not be marked; `ref` is the exercise it poses as."""
    return Marked(
        key="",
        student=submission.student,
        name=submission.name,
        stem=ref.stem if ref else "",
        label=submission.label,
        counts=submission.counts and ref is not None,
        max_points=ref.points if ref else 0,
        verdicts=[],
        seconds={},
        repairs=[],
        notes=[],
        errors={},
        code={},
        reason=submission.reason,
        **_handed(submission),
    )


def _handed(submission: Submission) -> dict:
    """What is known of how a file was handed in."""
    return {
        "late": submission.late,
        "person": submission.person,
        "handed": submission.notes,
        "language": language_of(submission),
    }


def view(task: Task, verdict: Verdict) -> dict:
    """A verdict with its task's title, and its card as HTML and as plain text."""
    mistake = words.mistake(verdict)
    said = {"mistake": mistake and mistake[1], "note": words.note(verdict)}
    return {"title": task.title, **asdict(verdict), **said, **_cards(verdict)}


def _cards(verdict: Verdict) -> dict[str, str]:
    return {"html": card.as_html(verdict), "text": card.as_text(verdict)}


def _translated(
    stem: str, pairs: list[tuple[Task, Verdict]], language: str
) -> dict[str, dict]:
    """Title and card of each task in a learner's language; nothing for English."""
    if language == ENGLISH:
        return {}
    with speaking(language, stem):
        return {
            task.slug: {"title": title(stem, task), **_cards(verdict)}
            for task, verdict in pairs
        }


def _newly_worded(verdict: Verdict, messages: dict[str, str]) -> Verdict:
    """The verdict with its known mistake's message as the solution has it today."""
    mistake = verdict.mistake
    if mistake and mistake.id in messages:
        mistake = replace(mistake, message=messages[mistake.id])
    return replace(verdict, mistake=mistake)
