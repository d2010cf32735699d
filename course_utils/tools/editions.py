"""The notebooks of an edition: where they stand, and their headings."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.locale import ENGLISH, _, language, languages
from course_utils.locale.again import N_

from .authoring.solution import Task
from .notebook import read
from .places import EXERCISES, LESSONS, MARK, ROOT

HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def known(name: str) -> str:
    """A language that the course speaks; raises CourseError for another."""
    spoken = [ENGLISH, *languages()]
    if name not in spoken:
        raise CourseError(
            N_(
                "no language {name!r}; there are {names}",
                name=name,
                names=", ".join(spoken),
            )
        )
    return name


def laid_in() -> str:
    """The language of the folder in which one works, as `course start` noted it."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        try:
            note = json.loads((folder / MARK).read_text(encoding="utf-8"))
            return known(note.get("language", ENGLISH))
        except (OSError, ValueError, AttributeError, CourseError):
            continue
    return ENGLISH


def room(name: str, edition: str) -> str:
    """A room's folder in an edition: `notebooks`, `notebooks/ko`."""
    return name if edition == ENGLISH else f"{name}/{edition}"


def page(name: str, stem: str, edition: str) -> Path:
    """A notebook of the course: of a room, a stem and an edition."""
    return ROOT / room(name, edition) / f"{stem}.ipynb"


def title(stem: str, task: Task) -> str:
    """A task's or a turn's title in the language that is spoken."""
    return headings(EXERCISES, stem, language()).get(task.title) or _(task.title)


def section(named: str) -> str:
    """What a warm-up repeats, "STEM, section", in the language that is spoken."""
    stem, comma, heading = named.partition(", ")
    told = headings(LESSONS, stem, language()).get(heading, heading)
    return f"{stem}{comma}{told}"


@cache
def headings(name: str, stem: str, edition: str) -> dict[str, str]:
    """The headings of a notebook in an edition, by the English ones."""
    paths = [page(name, stem, each) for each in (ENGLISH, edition)]
    if edition == ENGLISH or not all(path.exists() for path in paths):
        return {}
    ours, theirs = ({c.id: c.source for c in _prose(path)} for path in paths)
    found: dict[str, str] = {}
    for key in ours.keys() & theirs.keys():
        pair = HEADING.findall(ours[key]), HEADING.findall(theirs[key])
        found |= zip(*pair, strict=False)
    return found


def _prose(path: Path) -> list:
    return [cell for cell in read(path).cells if cell.cell_type == "markdown"]
