"""A learner's own mark: the grader's engine, here, with the inputs of the key."""

from __future__ import annotations

import os
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.judging.compare import Verdict
from course_utils.tools.kernels import WARM
from course_utils.tools.places import ROOT, SOLUTIONS, stems

from .collect import Unreadable, read
from .identify import identify
from .job import Terms
from .judge import expected_by_key, judge
from .mark import mark
from .reference import reference

TERMS = Terms(seed=0, isolated=False)


def notebooks(paths: list[str]) -> list[Path]:
    """The notebooks named; of a folder, those in it. Raises CourseError for none."""
    found: list[Path] = []
    for path in map(Path, paths):
        if not path.exists():
            raise CourseError(f"{path}: there is no such file or folder")
        inside = [path]
        if path.is_dir():  # without kept and fresh copies
            inside = sorted(p for p in path.glob("*.ipynb") if "." not in p.stem)
        if not inside:
            raise CourseError(f"{path}: no notebook in this folder")
        found += inside
    if len(found) > 1:  # a kernel that is used once is ready sooner without a server
        os.environ.update(WARM)
    return found


def check(path: Path) -> tuple[list[Verdict], list[str]]:
    """Run one exercise notebook and judge it: a verdict a task, and remarks in words.

    Raises `Unreadable` where it is no notebook or belongs to no exercise.
    """
    names = stems()
    submission = read(path, names)
    references = {s: reference(ROOT / SOLUTIONS / f"{s}.ipynb") for s in names}
    stem = identify(submission, references)
    if not stem:
        known = ", ".join(names)
        why = submission.reason or f"belongs to no exercise; there are {known}"
        raise Unreadable(f"{path}: {why}")
    marks = mark(submission, references[stem], TERMS)
    verdicts = judge(references[stem], marks.outcome, expected_by_key(stem))
    remarks = [*submission.notes, *marks.repairs, *marks.outcome.notes]
    return verdicts, remarks
