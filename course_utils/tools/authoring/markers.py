"""nbgrader's markers: what stands between them is the answer, and leaves."""

from __future__ import annotations

import re

from course_utils.errors import CourseError

BEGIN, END, GAP = "### BEGIN SOLUTION", "### END SOLUTION", "### GAP: "
HERE = "# your lines here"
NEAR = re.compile(
    r"#+\s*(BEGIN|END|START|STOP)\W*(SOLUTIONS?|ANSWERS?)\b", re.IGNORECASE
)


def strip(source: str, slug: str, where: str = "") -> str:
    """Replace each marked region by a stub of its indentation.

    A line that ends in `### GAP: x = ...` becomes `x = ...`. A region outside of any
    function becomes a comment: a cell that is not yet written runs without an error.
    Raises `CourseError`, naming the line, where markers are nested, unclosed or
    misspelt, and where there is none at all.
    """
    kept, opened, marked = [], 0, False
    for number, line in enumerate(source.splitlines(), 1):
        place = f"{where}, line {number}"
        mark = line.strip()
        if mark == BEGIN:
            if opened:
                raise CourseError(f"{place}: {BEGIN} inside the one of line {opened}")
            opened, indent = number, line[: len(line) - len(line.lstrip())]
            stub = f'raise NotImplementedError("{slug}")' if indent else HERE
            kept.append(indent + stub)
            marked = True
        elif mark == END:
            if not opened:
                raise CourseError(f"{place}: {END} without {BEGIN}")
            opened = 0
        elif NEAR.search(mark):
            raise CourseError(f"{place}: write the marker as {BEGIN} or {END}: {mark}")
        elif GAP in line and not opened:
            indent = line[: len(line) - len(line.lstrip())]
            kept.append(indent + line.split(GAP)[1])
            marked = True
        elif not opened:
            kept.append(line)
    if opened:
        raise CourseError(f"{where}, line {opened}: {BEGIN} is never closed")
    if not marked:
        raise CourseError(f"{where}: no {BEGIN} in this answer cell")
    return "\n".join(kept)
