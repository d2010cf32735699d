"""Copies of the notebooks for a class: what answers a question waits for its cell."""

from __future__ import annotations

from pathlib import Path

import nbformat

from course_utils.locale import ENGLISH, languages
from course_utils.tools.editions import room
from course_utils.tools.notebook import read
from course_utils.tools.teaching.lesson import NOTES

from .copies import ROOMS


def staged(root: Path, folder: Path) -> dict[Path, list[str]]:
    """Copy lessons and exercises into `folder`; returns what each copy's cells say.

    A copy that is there already stays as it is, for a class that goes on.
    """
    found = {}
    editions = [ENGLISH, *languages()]
    rooms = [root / room(name, edition) for edition in editions for name in ROOMS]
    for page in sorted(page for folder in rooms for page in folder.glob("*.ipynb")):
        if "." in page.stem:  # a learner's own copy
            continue
        copy = folder / page.relative_to(root)
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(for_class(read(page)), copy)
        found[copy] = _said(copy)
    return found


def typed(before: dict[Path, list[str]]) -> list[Path]:
    """The copies in which something was written since."""
    return [path for path, said in before.items() if _said(path) != said]


def _said(path: Path) -> list[str]:
    return [cell.source for cell in read(path).cells] if path.exists() else []


def for_class(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook without outputs and teaching notes, its answers marked as such."""
    after, cells = None, []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            asked = cell.metadata.get("jupyter", {}).pop("outputs_hidden", False)
            after = cell.id if asked else None
        else:
            cell.source = NOTES.sub("", cell.source).strip()
            if cell.source.startswith("## "):
                after = None
            if after:
                cell.metadata["course"] = {"after": after}
        if cell.source or cell.cell_type == "code":
            cells.append(cell)
    notebook.cells = cells
    return notebook
