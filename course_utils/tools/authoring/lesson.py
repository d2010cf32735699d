"""What `course build` writes into a lesson: its turns, and what is hidden until run."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from course_utils.checking import bundle
from course_utils.errors import CourseError
from course_utils.tools.notebook import read

from . import plots
from .solution import SLUG, Solution, Task

MARKER = re.compile(r"^# turn: (\w+)$", re.MULTILINE)
PREDICT = "**Predict"
CHOICES = "predict("
BLANK = " \n"
SEVERAL = re.compile(r"\b(two|three) cells\b")
NUMBERS = {"two": 2, "three": 3}


def setup(page: Path) -> str:
    """The source of the lesson's cell that makes its `check`.

    Raises `CourseError` where there is none.
    """
    for cell in read(page).cells:
        if cell.cell_type == "code" and "check = exercise(" in cell.source:
            return cell.source
    raise CourseError(f"{page.name}: no `check = exercise(…)` in its cell of imports")


def complete(page: Path, solution: Solution, key: dict) -> nbformat.NotebookNode:
    """The lesson with stubs and checks of its turns from the solution, and with the
    answers to its predictions hidden.

    Raises `CourseError` where a turn has no place in the lesson, or a place no turn,
    and where a figure has no title.
    """
    notebook = read(page)
    turns = {turn.slug: turn for turn in solution.turns}
    cards = {task["task"]: task for task in key["tasks"]}
    missing = dict(turns)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if marker := MARKER.search(cell.source):
            turn = _turn_of(turns, marker[1], page)
            cell.source, cell.id, cell.outputs = turn.stub, f"{turn.slug}-turn", []
        elif slugs := SLUG.findall(cell.source):
            turn = _turn_of(turns, slugs[0], page)
            missing.pop(turn.slug, None)
            _write_check(cell, turn, cards[turn.slug])
    if missing:
        raise CourseError(
            f"{page.name}: no check cell of {', '.join(missing)}: below it, add a "
            f'cell that begins with `@check("{next(iter(missing))}")`'
        )
    _count(notebook)
    plots.finish(notebook.cells)
    hide_answers(notebook)
    return notebook


def _turn_of(turns: dict[str, Task], slug: str, page: Path) -> Task:
    if slug not in turns:
        raise CourseError(f"{page.name}: no turn {slug!r} in solutions/{page.name}")
    return turns[slug]


def _write_check(cell, turn: Task, task: dict) -> None:
    cell.source, cell.id = turn.check, f"{turn.slug}-check"
    cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), "check"})
    shown = bundle(task["untouched"], task)
    cell.outputs = [nbformat.v4.new_output("display_data", data=shown)]


def _count(notebook) -> None:
    """Number the code cells as a run from top to bottom does."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        cell.execution_count = number
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number


def hide_answers(notebook) -> None:
    """Hide the outputs that answer a prediction until their cell is run: of the next
    code cell, or of as many as the text says ("two cells"). Also hide the source of a
    cell with choices, since it holds what they mean.
    """
    hidden = {id(cell) for cell in answers(notebook.cells)}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        jupyter = cell.metadata.pop("jupyter", {})
        for key, hide in {
            "outputs_hidden": id(cell) in hidden,
            "source_hidden": cell.source.startswith(CHOICES),
        }.items():
            jupyter.pop(key, None)
            if hide:
                jupyter[key] = True
        if jupyter:
            cell.metadata["jupyter"] = jupyter
        veil(cell.outputs, id(cell) in hidden)


def veil(outputs: list, hide: bool = False) -> list:
    """Put a blank line before the text of outputs, or take it away again.

    In the place of a hidden output, Lab shows the first line of its text: the answer.
    """
    for number, output in enumerate(outputs):
        holder, key = output.get("data", output), "text/plain"
        if "data" not in output:
            key = "text"
        if key in holder:
            text = "".join(holder[key]).removeprefix(BLANK)
            holder[key] = BLANK + text if hide and number == 0 else text
    return outputs


def answers(cells) -> list:
    """The code cells that answer a *Predict* or a choice, in order."""
    found, waiting = [], 0
    for cell in cells:
        if cell.cell_type == "markdown" and PREDICT in cell.source:
            several = SEVERAL.search(cell.source.split(PREDICT)[-1])
            waiting = NUMBERS[several[1]] if several else 1
        elif cell.source.startswith(CHOICES):
            waiting = 1
        elif cell.cell_type == "code" and waiting:
            found.append(cell)
            waiting -= 1
    return found
