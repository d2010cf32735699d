"""A class to try: students whose marks are known before they are marked."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterable
from pathlib import Path

import nbformat

from course_utils.tools.authoring.markers import BEGIN, END
from course_utils.tools.authoring.solution import Solution, Task, in_lesson, read
from course_utils.tools.places import ROOT, SOLUTIONS

from .writing import write

KINDS = ("right", "right", "alternative", "mistaken", "mistaken", "blank", "broken")
NAMES = (
    "Ada Amira Anselm Ayo Bao Bilal Birgit Carla Chidi Dana Dimitri Elif Emeka Esra "
    "Farid Femi Greta Hana Hugo Ines Ivan Jamal Jun Kaja Keiko Lale Leon Lucía Mei "
    "Mira Nadia Noor Olu Omar Paula Pedro Priya Quentin Rafa Rosa Sami Sofia Tariq "
    "Tomas Uma Vera Viktor Wanja Xin Yara Yusuf Zoe"
).split()


def demo_class(
    folder: str | Path,
    students: int = 60,
    seed: int = 0,
    stems: Iterable[str] = (),
    solutions: Path = ROOT / SOLUTIONS,
) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Write a class into `folder`; returns what its gradebook must say.

    Each answer is one of the solutions' own cells: (student, stem, slug) →
    (state, known mistake). A state of `"not passed"` stands for a mistaken answer,
    which is failed or partly right; a broken one is failed. A student has every
    exercise in `stems`, the first one where none is named.
    """
    draw, expected = random.Random(seed), {}
    names = list(stems) or [min(path.stem for path in solutions.glob("*.ipynb"))]
    for number in range(students):
        rounds = number // len(NAMES)
        student = NAMES[number % len(NAMES)] + (f" {rounds + 1}" if rounds else "")
        for stem in names:
            solution = read(solutions / f"{stem}.ipynb")
            answers = {task.slug: _answer(task, draw) for task in solution.tasks}
            codes = {slug: code for slug, (code, _, _) in answers.items()}
            text = json.dumps(submission(solution, codes), indent=1)
            write(Path(folder, student, f"{stem}.ipynb"), text)
            for slug, (_, state, mistake) in answers.items():
                expected[student, stem, slug] = (state, mistake)
    return expected


def _answer(task: Task, draw: random.Random) -> tuple[str, str, str]:
    """An answer's source, and the state and known mistake that it must get."""
    kind = draw.choice(KINDS)
    if kind == "alternative" and task.alternatives:
        return draw.choice(task.alternatives).code, "passed", ""
    if kind == "mistaken" and task.mistakes:
        mistake = draw.choice(task.mistakes)
        return mistake.code, "not passed", mistake.message
    if kind == "blank":
        return task.stub, "not attempted", ""
    if kind == "broken":
        return plain(task).replace(":\n", "\n", 1), "failed", ""
    return plain(task), "passed", ""


def plain(task: Task) -> str:
    """The reference's answer without its markers."""
    lines = task.answer.splitlines()
    return "\n".join(line for line in lines if line.strip() not in (BEGIN, END)) + "\n"


def submission(solution: Solution, answers: dict[str, str]) -> dict:
    """The notebook of a learner who answered each task, by slug, with this code."""
    notebook = copy.deepcopy(solution.notebook)
    mine = {task.answer: answers[task.slug] for task in solution.tasks}
    cells = []
    for cell in notebook.cells[: in_lesson(notebook.cells)]:
        if {"mistake", "alternative", "equal"} & set(cell.metadata.get("tags", [])):
            continue
        if cell.cell_type == "code":
            cell.source = mine.get(cell.source, cell.source)
            cell.outputs, cell.execution_count = [], None
        cells.append(cell)
    notebook.cells = cells
    nbformat.validate(notebook)
    return notebook
