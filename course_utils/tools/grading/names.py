"""Whose file it is: the names that learning systems give to what they hand out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .people import Person

MOODLE = re.compile(
    r"(?P<folder>(?P<name>[^_]*)_(?P<number>\d+)_assignsubmission_(file|onlinetext)_?)"
)
CANVAS = re.compile(
    r"(?P<name>.+?)(?P<late>_LATE)?_(?P<number>\d+)_"
    r"((?P<order>\d+)_(?P<file>.+)|(text|link)\.html)"
)
ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon_\w{5})_(?P<number>)(?P<order>\d+)_(?P<file>.+)"
)
INBOUND = re.compile(r"(?P<login>.+?)\+[^+]+\+(?P<time>\d{4}-\d\d-\d\d \d\d:[^+]*).*")
PADDING = " _-.·()[]"
COPY = re.compile(r"[ _-]*(?:\((\d+)\)|-(\d{1,2})|(?:- )?copy(?: \(?(\d+)\)?)?)", re.I)


@dataclass
class Owner:
    """Who handed in a file, and what its name tells of when.

    late: the system says so. order: larger for a newer file, where it counts them.
    time: of handing in, where it is told.
    """

    person: Person
    late: bool = False
    order: int = 0
    time: float = 0.0


def system_owner(name: str, stems: list[str]) -> Owner | None:
    """Who a system says handed in a file or folder of this name, if one does."""
    if match := MOODLE.match(name):
        number, folder = match["number"], match["folder"]
        return Owner(Person(clean(match["name"]), moodle=number, folder=folder))
    match = ANONYMOUS.fullmatch(name) or CANVAS.fullmatch(name)
    if match and _keeps_stem(name, match["file"] or name, stems):
        person = Person(clean(match["name"]), canvas=match["number"])
        return Owner(person, bool(match["late"]), int(match["order"] or 0))
    if match := INBOUND.fullmatch(name):
        login = match["login"]
        return Owner(Person(login, login=login), time=moment(match["time"]))
    return None


def _keeps_stem(name: str, file: str, stems: list[str]) -> bool:
    """Whether the numbers found are the system's, not those of `01_dataset`."""
    return all(stem in file for stem in stems if stem in name)


def clean(name: str) -> str:
    """A name without what only separates it, in one form."""
    return unicodedata.normalize("NFC", name.strip(PADDING) or name)


def owner(name: str, stems: list[str]) -> str:
    """The student in a file's own name: `anna_01_dataset.ipynb` → `anna`."""
    base = re.sub(r"\.(ipynb|zip)$", "", name, flags=re.IGNORECASE)
    for stem in stems:
        if stem in base and base != stem:
            left, right = base.split(stem, 1)
            right = "" if COPY.fullmatch(right) else right
            return left.strip(PADDING) or right.strip(PADDING) or base
    return base


def copy_number(name: str, stems: list[str]) -> int:
    """Which copy a file is: `01_dataset (2).ipynb` and `01_dataset-2.ipynb` → 2."""
    base = Path(name).stem
    for stem in stems:
        match = COPY.fullmatch(base.rpartition(stem)[2]) if stem in base else None
        if match:
            return int(next(filter(None, match.groups()), "1"))
    return 0


def moment(value: object) -> float:
    """A time as a number, 0 where it is none."""
    if isinstance(value, datetime):
        return value.timestamp()
    try:
        return datetime.strptime(
            str(value).strip()[:19], "%Y-%m-%d %H:%M:%S"
        ).timestamp()
    except (ValueError, OverflowError):
        return 0.0
