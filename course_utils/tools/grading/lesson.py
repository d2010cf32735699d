"""A learner's own lesson: run as a whole, its turns and warm-ups judged."""

from __future__ import annotations

import re

from course_utils.judging import words
from course_utils.judging.compare import Verdict
from course_utils.judging.state import State
from course_utils.locale import _
from course_utils.tools.authoring.shipped import source
from course_utils.tools.authoring.solution import SLUG, Task
from course_utils.tools.editions import section, title
from course_utils.tools.places import LESSONS, ROOT

from .collect import Submission
from .identify import STEM, is_lesson
from .job import Step, Terms
from .judge import expected_by_key, judge
from .reference import Reference, reference_of

TURN = re.compile(r"^[ \t]*#[ \t]*turn:[ \t]*(\w+)", re.MULTILINE)
TERMS = Terms(seed=0, isolated=False)


def lesson_of(submission: Submission, stems: list[str]) -> str:
    """The stem of the lesson that a notebook is, else empty."""
    sources = [cell["source"] for cell in submission.cells if cell["kind"] == "code"]
    for stem in dict.fromkeys(STEM.findall("\n".join(sources))):
        if stem in stems and is_lesson(sources, ROOT / LESSONS / f"{stem}.ipynb"):
            return stem
    return ""


def check_lesson(submission: Submission, stem: str) -> list[tuple[Task, Verdict]]:
    """Run a lesson from top to bottom: its turns and warm-ups, each with a verdict."""
    from .run import run

    solution = source(stem)
    ref = reference_of(solution, [solution.lesson_setup], solution.turns)
    outcome = run(stem, ref.setup, steps(submission, ref), TERMS)
    verdicts = judge(ref, outcome, expected_by_key(stem))
    return list(zip(ref.tasks, verdicts, strict=True))


def steps(submission: Submission, ref: Reference) -> list[Step]:
    """The lesson's cells in their order, our own checks in the place of theirs, those
    that are missing at the end."""
    made, checks = [], {task.slug: task.check for task in ref.tasks}
    for number, cell in enumerate(submission.cells, 1):
        if cell["kind"] != "code":
            continue
        inside = [slug for slug in SLUG.findall(cell["source"]) if slug in ref.defines]
        for slug in inside:
            if check := checks.pop(slug, None):
                made.append(Step(check, [slug], check=slug))
        if not inside:
            turns = [s for s in TURN.findall(cell["source"]) if s in ref.defines]
            made.append(Step(cell["source"], turns, cell=number))
    return [*made, *(Step(c, [slug], check=slug) for slug, c in checks.items())]


def as_text(stem: str, task: Task, verdict: Verdict) -> str:
    """One line on a turn, and for a warm-up that failed what to read again."""
    done = verdict.state == State.PASSED
    kind = _("warm-up") if task.kind == "warm-up" else _("turn")
    sign, state = "✓" if done else "·", words.state(verdict.state)
    line = f"  {sign} {title(stem, task)} ({kind}): {state}"
    tried = not done and verdict.state != State.NOT_ATTEMPTED
    if not (tried and task.repeats):
        return line
    return _("{line}; read again: {section}").format(
        line=line, section=section(task.repeats)
    )
