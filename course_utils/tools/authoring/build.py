"""`course build`: solutions to exercises and keys, only where something changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.judging import keys
from course_utils.tools.places import EXERCISES, LESSONS, ROOT, SOLUTIONS, judges

from . import lesson, seeds
from .exercise import as_json, exercise, fill
from .run import Runner, run_task
from .solution import LESSON_SETUP, Solution, read

VERSION = 2  # of a key's content


def fingerprint(solution: Solution) -> str:
    """A hash of what decides a key: the solution's cells and the engine's code."""
    digest = hashlib.sha256()
    for cell in solution.notebook.cells:
        digest.update(json.dumps([cell.cell_type, cell.source, cell.metadata]).encode())
    digest.update(judges().encode())
    return digest.hexdigest()[:16]


def make_key(solution: Solution, seed: int = 0) -> dict:
    """Run all answers of a solution; raises `CourseError` as `run_task` does."""
    runner = Runner(solution, seed)
    tasks = []
    for task in [*solution.tasks, *solution.turns]:
        made = run_task(runner, task)
        same = seeds.constant(runner, task, made["reference"])
        tasks.append({**made, "constant": same})
    return {
        "version": VERSION,
        "stem": solution.stem,
        "source": fingerprint(solution),
        "tasks": tasks,
    }


def files(stem: str, root: Path = ROOT, force: bool = False) -> dict[Path, str]:
    """What the files made from a solution must hold, by path.

    Answers are run only where the key's source differs from the solution's, or `force`.
    """
    solution = read(root / SOLUTIONS / f"{stem}.ipynb")
    page = root / LESSONS / f"{stem}.ipynb"
    if solution.turns:
        take_setup(solution, lesson.setup(page))
    keys.load.cache_clear()
    key = keys.load(stem)
    now = {"source": fingerprint(solution), "version": VERSION}
    if force or not key or {name: key.get(name) for name in now} != now:
        key = make_key(solution)
    text = json.dumps(key, ensure_ascii=False, sort_keys=True, indent=0) + "\n"
    made = {
        keys.FOLDER / f"{stem}.json": text,
        root / EXERCISES / f"{stem}.ipynb": as_json(exercise(solution, key)),
        solution.path: as_json(fill(solution.notebook, key, "reference")),
    }
    if page.exists():
        made[page] = as_json(lesson.complete(page, solution, key))
    return made


def take_setup(solution: Solution, source: str) -> None:
    """Copy the lesson's set-up cell into the solution, for its turns."""
    solution.lesson_setup = source
    for cell in solution.notebook.cells:
        if cell.get("id") == LESSON_SETUP:
            cell.source = source


def stale(wanted: dict[Path, str]) -> list[Path]:
    """The files that are missing or do not hold what they must."""
    return [
        path
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def build(names: Iterable[str], check: bool, tell: Callable[[str], None]) -> list[Path]:
    """Make what is stale (or, with `check`, only find it) and return those paths."""
    found = []
    for stem in names:
        tell(stem)
        found += settle(files(stem), check)
    return found


def settle(wanted: dict[Path, str], check: bool) -> list[Path]:
    """Write the files that are stale, or only find them; returns their paths."""
    found = stale(wanted)
    for path in [] if check else found:
        path.parent.mkdir(exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
    return found


def repeat(names: Iterable[str], seeds: int, tell: Callable[[str], None]) -> None:
    """Run all answers from `seeds` other seeds; raises `CourseError` at the first that
    is judged otherwise than it should be."""
    for stem in names:
        solution = read(ROOT / "solutions" / f"{stem}.ipynb")
        for seed in range(1, seeds + 1):
            tell(f"{stem}, seed {seed}")
            try:
                make_key(solution, seed)
            except CourseError as error:
                raise CourseError(f"seed {seed}: {error}") from error
