"""A learner's own mark: the grader's engine, here, with the inputs of the key."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.judging.compare import Verdict
from course_utils.tools.kernels import WARM
from course_utils.tools.places import ROOT, SOLUTIONS, stems

from .attempts import choose, place
from .collect import Submission, read
from .job import Terms
from .judge import expected_by_key, judge
from .mark import mark
from .reference import Reference, reference

TERMS = Terms(seed=0, isolated=False)


def notebooks(paths: list[str]) -> list[Path]:
    """The notebooks named, each once; of a folder, those in it.

    Raises CourseError where there is none.
    """
    unique: dict[Path, Path] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise CourseError(f"{path}: there is no such file or folder")
        inside = [path]
        if path.is_dir():  # without kept and fresh copies
            inside = sorted(p for p in path.glob("*.ipynb") if "." not in p.stem)
        if not inside:
            raise CourseError(f"{path}: no notebook in this folder")
        for notebook in inside:
            unique.setdefault(notebook.resolve(), notebook)
    if len(unique) > 1:  # a kernel that is used once is ready sooner without a server
        os.environ.update(WARM)
    return list(unique.values())


def exercises(paths: list[Path]) -> tuple[list[Submission], list[Submission]]:
    """The exercises in some notebooks, each once, and the other notebooks.

    Of several files of one exercise one counts, as in the grader; an other's `reason`
    or `notes` say why it does not. Raises CourseError where there is no exercise.
    """
    known = references()
    placed: list[Submission] = []
    for path in paths:
        placed += place(read(path), known)
    chosen = choose([s for s in placed if not s.reason], known)
    others = [s for s in placed if s.reason or not s.counts]
    if not chosen:
        raise CourseError(f"{others[0].name}: {others[0].reason}")
    return sorted((s for s in chosen if s.counts), key=_by_stem), others


def _by_stem(submission: Submission) -> str:
    return submission.stem


@cache
def references() -> dict[str, Reference]:
    """What marks each exercise, by stem."""
    return {stem: reference(ROOT / SOLUTIONS / f"{stem}.ipynb") for stem in stems()}


def check(submission: Submission) -> tuple[list[Verdict], list[str]]:
    """Run one exercise and judge it: a verdict a task, and remarks in words."""
    ref = references()[submission.stem]
    marks = mark(submission, ref, TERMS)
    verdicts = judge(ref, marks.outcome, expected_by_key(ref.stem))
    return verdicts, [*submission.notes, *marks.repairs, *marks.outcome.notes]
