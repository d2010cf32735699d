"""The tasks of a course that came without its solutions: what the exercise, the lesson
and the key tell of them. The right answers and their like are not there."""

from __future__ import annotations

from pathlib import Path

from course_utils.errors import CourseError
from course_utils.judging import keys
from course_utils.locale.again import N_
from course_utils.tools.notebook import read as read_notebook
from course_utils.tools.places import EXERCISES, LESSONS, ROOT, SOLUTIONS

from .solution import SLUG, Solution, Task, Variant, read, tags


def source(stem: str, root: Path = ROOT) -> Solution:
    """The solution of a stem, or as much of it as a learner has.

    Raises `CourseError` where there is neither.
    """
    path = root / SOLUTIONS / f"{stem}.ipynb"
    return read(path) if path.exists() else shipped(stem, root)


def shipped(stem: str, root: Path = ROOT) -> Solution:
    """A solution in which each answer is the stub, and mistakes have no code."""
    key = keys.load(stem)
    if key is None:
        raise CourseError(N_("{stem} has no key: get the course anew", stem=stem))
    path = root / EXERCISES / f"{stem}.ipynb"
    notebook, lesson = read_notebook(path), read_notebook(root / LESSONS / path.name)
    inside = {"task": notebook.cells, "turn": lesson.cells, "warm-up": lesson.cells}
    solution = Solution(path, notebook, _setup(notebook.cells))
    for told in key["tasks"]:
        task = _task(told, inside[told["kind"]])
        (solution.tasks if told["kind"] == "task" else solution.turns).append(task)
    made = [cell.source for cell in lesson.cells if "check = exercise(" in cell.source]
    solution.lesson_setup = "".join(made[:1])
    return solution


def _setup(cells: list) -> list[str]:
    """The code cells before the first answer."""
    first = next(at for at, cell in enumerate(cells) if "answer" in tags(cell))
    return [cell.source for cell in cells[:first] if cell.cell_type == "code"]


def _task(told: dict, cells: list) -> Task:
    """A task by its key; stub and check stand in the cells with its ids."""
    slug = told["task"]
    texts = {cell.get("id"): cell.source for cell in cells}
    stub = texts.get(f"{slug}-answer") or texts.get(f"{slug}-turn", "")
    check = next((text for text in texts.values() if SLUG.findall(text) == [slug]), "")
    names = "title", "difficulty", "points", "minutes", "kind", "repeats"
    facts = {name: told[name] for name in names}
    mistakes = [
        Variant(m["id"], m["message"], "", "", m.get("symptom", False))
        for m in told["mistakes"]
    ]
    return Task(slug, **facts, answer=stub, check=check, stub=stub, mistakes=mistakes)
