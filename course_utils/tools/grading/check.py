"""A learner's own mark: the grader's engine, here, with the inputs of the key."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

from course_utils.errors import CourseError
from course_utils.judging.compare import Verdict
from course_utils.locale.again import N_, again
from course_utils.tools.authoring.shipped import source
from course_utils.tools.kernels import WARM
from course_utils.tools.places import stems

from .attempts import choose, place
from .collect import Submission, read
from .judge import expected_by_key, judge
from .lesson import TERMS, lesson_of
from .mark import mark
from .reference import Reference, reference_of


def notebooks(paths: list[str]) -> list[Path]:
    """The notebooks named, each once; of a folder, those in it.

    Raises CourseError where there is none.
    """
    unique: dict[Path, Path] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise CourseError(N_("{path}: there is no such file or folder", path=path))
        inside = [path]
        if path.is_dir():  # without kept and fresh copies
            within = (p for p in path.iterdir() if p.suffix == ".ipynb")
            inside = sorted(p for p in within if "." not in p.stem)
        if not inside:
            raise CourseError(N_("{path}: no notebook in this folder", path=path))
        for notebook in inside:
            unique.setdefault(notebook.resolve(), notebook)
    if len(unique) > 1:  # a kernel that is used once is ready sooner without a server
        os.environ.update(WARM)
    return list(unique.values())


class Found(NamedTuple):
    """Exercises and lessons among some notebooks, and the others."""

    exercises: list[Submission]
    lessons: list[Submission]
    others: list[Submission]


def find(paths: list[Path]) -> Found:
    """What some notebooks are, each exercise once.

    Of several files of one exercise one counts, as in the grader; an other's `reason`
    or `notes` say why it does not. Raises CourseError where there is nothing to check.
    """
    known, lessons = references(), []
    read_ones = [read(path) for path in paths]
    for one in read_ones:
        if stem := lesson_of(one, list(known)):
            one.stem = stem
            lessons.append(one)
    rest = [one for one in read_ones if one not in lessons]
    placed = [one for each in rest for one in place(each, known)]
    chosen = choose([one for one in placed if not one.reason], known)
    others = [one for one in placed if one.reason or not one.counts]
    if not chosen and not lessons:
        raise CourseError(f"{others[0].name}: {again(others[0].reason)}")
    counted = sorted((one for one in chosen if one.counts), key=_by_stem)
    return Found(counted, sorted(lessons, key=_by_stem), others)


def _by_stem(submission: Submission) -> str:
    return submission.stem


@cache
def references() -> dict[str, Reference]:
    """What marks each exercise, by stem."""
    solutions = map(source, stems())
    return {s.stem: reference_of(s, s.setup, s.tasks) for s in solutions}


def check(submission: Submission) -> tuple[list[Verdict], list[str]]:
    """Run one exercise and judge it: a verdict a task, and remarks in words."""
    ref = references()[submission.stem]
    marks = mark(submission, ref, TERMS)
    verdicts = judge(ref, marks.outcome, expected_by_key(ref.stem))
    return verdicts, [*submission.notes, *marks.repairs, *marks.outcome.notes]
