"""Make the exercise of a solution, and fill in what its check cells show."""

from __future__ import annotations

import copy
import json

import nbformat

from course_utils.checking import bundle

from .solution import SLUG, Solution, in_lesson, tags

METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


def exercise(solution: Solution, key: dict) -> nbformat.NotebookNode:
    """The notebook for learners: stubs for answers, nothing of mistakes and
    alternatives, each check cell with the card of an answer not attempted."""
    notebook = copy.deepcopy(solution.notebook)
    notebook.cells = [
        c
        for c in notebook.cells[: in_lesson(notebook.cells)]
        if not {"mistake", "alternative", "equal"} & set(tags(c))
    ]
    stubs = {task.answer: task.stub for task in solution.tasks}
    for cell in notebook.cells:
        cell.source = stubs.get(cell.source, cell.source)
        if set(tags(cell)) & {"check"} or cell.cell_type == "markdown":
            cell.metadata["editable"] = False
            cell.metadata.pop("same_from_every_seed", None)
    return fill(notebook, key, "untouched")


def fill(notebook, key: dict, which: str) -> nbformat.NotebookNode:
    """The notebook as if run from top to bottom: the records named `which` in the key
    shown in its check cells, no output elsewhere."""
    shown = {task["task"]: bundle(task[which], task) for task in key["tasks"]}
    notebook = copy.deepcopy(notebook)
    notebook.metadata = nbformat.from_dict(METADATA)
    count = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count, cell.outputs = count, []
        for slug in SLUG.findall(cell.source) if "check" in tags(cell) else []:
            cell.outputs.append(
                nbformat.v4.new_output("display_data", data=shown[slug])
            )
    return notebook


def as_json(notebook) -> str:
    """A notebook's file, the same bytes for the same content."""
    nbformat.validate(notebook)
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    return text + "\n"
