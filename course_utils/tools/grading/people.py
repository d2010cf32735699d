"""Who a student is: what is known of a person, and their name in many spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

PAGES = ("utf-8", "cp437", "cp850", "cp1252", "cp866", "cp932", "mac_roman")


@dataclass
class Person:
    """A student, as far as known. also: other spellings, by which to find them.

    canvas, moodle: the systems' own numbers. folder: what Moodle calls their files.
    """

    name: str = ""
    id: str = ""
    email: str = ""
    login: str = ""
    canvas: str = ""
    moodle: str = ""
    section: str = ""
    folder: str = ""
    also: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """What tells them from another of the same name."""
        known = (self.id, self.email, self.login, self.canvas, self.moodle)
        return next(filter(None, known), "")


def squeezed(name: str) -> str:
    """A name's letters and digits, in lower case: what every system keeps of it."""
    return "".join(
        re.findall(r"[^\W_]", unicodedata.normalize("NFKC", name).casefold())
    )


def plain(name: str) -> str:
    """A name's letters without their accents."""
    parts = unicodedata.normalize("NFKD", squeezed(name))
    return "".join(c for c in parts if not unicodedata.combining(c))


def spellings(name: str) -> list[str]:
    """A name, and what it was before it was read in the wrong code page."""
    readings = [name]
    if not name.isascii():
        for wrong in ("cp437", "cp1252"):
            for right in PAGES:
                try:
                    readings.append(name.encode(wrong).decode(right))
                except UnicodeError:
                    continue
    return list(dict.fromkeys(readings))


def distinct(people: list[Person], others: Iterable[str] = ()) -> Iterator[Person]:
    """The same people, each with a name of their own, and none of `others`."""
    taken = set(others)
    names = [person.name for person in people] + list(taken)
    for person in people:
        name, count = person.name, 1
        if names.count(name) > 1 and person.number not in ("", name):
            name = f"{person.name} ({person.number})"
        while name in taken:
            count += 1
            name = f"{person.name} ({count})"
        taken.add(name)
        yield replace(person, name=name)
