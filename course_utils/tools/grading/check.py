"""A learner's own mark: the grader's engine, here, with the inputs of the key."""

from __future__ import annotations

from pathlib import Path

from course_utils.errors import CourseError
from course_utils.judging import keys
from course_utils.judging.compare import Verdict
from course_utils.tools.places import ROOT, stems

from . import score
from .collect import Unreadable, read
from .compose import compose, identify, reference
from .job import Job
from .run import mark


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
    return found


def check(path: Path) -> tuple[list[Verdict], list[str]]:
    """Run one exercise notebook and judge it: a verdict a task, and remarks in words.

    Raises `Unreadable` where it is no notebook or belongs to no exercise.
    """
    names = stems()
    submission = read(path, names)
    references = {s: reference(ROOT / "solutions" / f"{s}.ipynb") for s in names}
    stem = identify(submission, references)
    if not stem:
        told = ", ".join(names)
        why = submission.reason or f"belongs to no exercise; there are {told}"
        raise Unreadable(f"{path}: {why}")
    ref = references[stem]
    composed = compose(submission, ref)
    job = Job(stem, ref.setup, composed.steps, seed=0, isolated=False)
    told = mark(job)
    expected = {task["task"]: task for task in keys.load(stem)["tasks"]}
    verdicts = [
        score.judge(task, told["checks"].get(task.slug), expected[task.slug])
        for task in ref.tasks
    ]
    return verdicts, [*composed.repairs, *told["notes"]]
