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
    """Replace each marked region by its stub: what its `### GAP: x = ...` lines give.

    Without such lines the stub raises NotImplementedError; outside of any function it
    is a comment, so that a cell which is not yet written runs without an error.
    Raises `CourseError`, naming the line, where markers are nested, unclosed or
    misspelt, and where there is none at all.
    """
    kept, opened, gaps, marked = [], 0, [], False
    for number, line in enumerate(source.splitlines(), 1):
        place = f"{where}, line {number}"
        mark = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        if mark == BEGIN:
            if opened:
                raise CourseError(f"{place}: {BEGIN} inside the one of line {opened}")
            opened, gaps, marked = number, [], True
        elif mark == END:
            if not opened:
                raise CourseError(f"{place}: {END} without {BEGIN}")
            stub = f'raise NotImplementedError("{slug}")' if indent else HERE
            kept += [indent + text for text in gaps or [stub]]
            opened = 0
        elif mark.startswith(GAP):
            gaps.append(mark.removeprefix(GAP))
        elif NEAR.search(mark):
            raise CourseError(f"{place}: write the marker as {BEGIN} or {END}: {mark}")
        elif not opened:
            kept.append(line)
    if opened:
        raise CourseError(f"{where}, line {opened}: {BEGIN} is never closed")
    if not marked:
        raise CourseError(f"{where}: no {BEGIN} in this answer cell")
    return "\n".join(kept)
