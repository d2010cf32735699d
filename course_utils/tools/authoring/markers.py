"""nbgrader's markers: what stands between them is the answer, and leaves."""

from __future__ import annotations

import re

from course_utils.errors import CourseError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
NEAR = re.compile(
    r"#+\s*(BEGIN|END|START|STOP)\W*(SOLUTIONS?|ANSWERS?)\b", re.IGNORECASE
)


def strip(source: str, slug: str, where: str = "") -> str:
    """Replace each marked region by a stub of its indentation.

    Raises `CourseError`, naming the line, where markers are nested, unclosed or
    misspelt, and where there is none at all.
    """
    kept, opened, indent = [], 0, ""
    for number, line in enumerate(source.splitlines(), 1):
        place = f"{where}, line {number}"
        mark = line.strip()
        if mark == BEGIN:
            if opened:
                raise CourseError(f"{place}: {BEGIN} inside the one of line {opened}")
            opened, indent = number, line[: len(line) - len(line.lstrip())]
            kept.append(f'{indent}raise NotImplementedError("{slug}")')
        elif mark == END:
            if not opened:
                raise CourseError(f"{place}: {END} without {BEGIN}")
            opened = 0
        elif NEAR.search(mark):
            raise CourseError(f"{place}: write the marker as {BEGIN} or {END}: {mark}")
        elif not opened:
            kept.append(line)
    if opened:
        raise CourseError(f"{where}, line {opened}: {BEGIN} is never closed")
    if not any("NotImplementedError" in line for line in kept):
        raise CourseError(f"{where}: no {BEGIN} in this answer cell")
    return "\n".join(kept)
