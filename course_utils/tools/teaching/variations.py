"""The folds "What if?" of a lesson: one line changed, and what is seen then."""

from __future__ import annotations

import re
from dataclasses import dataclass

FOLD = re.compile(r"<details><summary>What if\?</summary>(.*?)</details>", re.DOTALL)
LINE = re.compile(r"^- `(.+?)` becomes `(.+?)`: (.+)$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")


@dataclass
class Variation:
    """One line of a lesson, what it becomes, and what its section then shows.

    cells: the code that is run: the cell with the line, and those below it in its
    section. before: the same as the lesson has it.
    """

    section: str
    old: str
    new: str
    shows: str
    cells: list[str]
    before: list[str]


def variations(cells) -> list[list[Variation]]:
    """Those of each section of a lesson; ValueError for a line that is nowhere."""
    title, code, found = "", [], []
    for cell in cells:
        if cell.cell_type == "code":
            code.append(cell.source)
            continue
        for heading in re.findall(r"^## (.+)$", cell.source, re.MULTILINE):
            title, code = heading, []
        for fold in FOLD.findall(cell.source):
            found.append([_read(title, code, *line) for line in LINE.findall(fold)])
    return found


def _read(title: str, code: list[str], old: str, new: str, says: str) -> Variation:
    """A line of a fold: the last code in what it says is what is seen."""
    shows = CODE.findall(says)
    if not shows:
        raise ValueError(f"{title}: say what `{new}` shows, as code")
    for position, source in enumerate(code):
        lines = source.split("\n")
        bare = [line.strip() for line in lines]
        if old in bare:
            at = bare.index(old)
            lines[at] = lines[at].replace(old, new)
            after = code[position + 1 :]
            changed = ["\n".join(lines), *after]
            return Variation(title, old, new, shows[-1], changed, code[position:])
    raise ValueError(f"{title}: no cell has the line `{old}`")
