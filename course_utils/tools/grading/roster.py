"""The class, from a CSV file, and finding in it whom a system means."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from course_utils.errors import CourseError

from .people import Person, distinct, plain, spellings, squeezed

# The columns of a roster, and what the systems' own exports call them.
COLUMNS = {
    "name": "name fullname student studentname",
    "first": "firstname givenname",
    "last": "lastname surname familyname",
    "id": "id sid studentid idnumber sisuserid",
    "email": "email emailaddress mail",
    "login": "login username user userid sisloginid loginid githubusername github",
    "canvas": "canvas canvasid canvasuserid lmsuserid",
    "moodle": "moodle moodleid",
    "identifier": "identifier participant",
    "section": "section",
}
HEADS = {head: name for name, heads in COLUMNS.items() for head in heads.split()}
NUMBERS = ("canvas", "moodle", "email", "id", "login")  # what belongs to one alone
CUTS = (r"[\s,;()+]+", r"[\s,;()+_-]+")  # around words of a file's name
NUMBER = re.compile(r"@|\d{3}|[^\W\d_]+\d")  # such a word is an id, not a first name


class Roster:
    """The class, and how to find in it whom a system means."""

    def __init__(self, people: list[Person]):
        self.people = people
        kinds = (*NUMBERS, "any", "names", "plain")
        self.index = {kind: _index(people, kind) for kind in kinds}

    def match(self, given: list[Person]) -> list[Person | None]:
        """For each person that a system knows, the one of the roster; `None` where not
        sure, as where two with one name claim to be the same.

        What the systems know of those who are found goes into the roster.
        """
        matches = [self.find(person) for person in given]
        claims: dict[int, list[Person]] = defaultdict(list)
        for person, match in zip(given, matches, strict=True):
            claims[id(match)].append(person)
        for number, (person, match) in enumerate(zip(given, matches, strict=True)):
            if match and not _agree(claims[id(match)]) and not _shares(match, person):
                matches[number] = None
        for person, match in zip(given, matches, strict=True):
            for name in (*NUMBERS, "folder") if match else ():
                setattr(match, name, getattr(match, name) or getattr(person, name))
        return matches

    def find(self, person: Person) -> Person | None:
        """The one of the roster that a person must be, by the surest sign there is."""
        match = next(self._candidates(person), None)
        return match if match and _agree([match, person]) else None

    def _candidates(self, person: Person) -> Iterator[Person]:
        """The surest first, each the only one that fits."""
        for name in NUMBERS:
            yield from self._only(name, [getattr(person, name).casefold()])
        texts = [person.name, *person.also]
        spelled = [text for name in texts for text in spellings(name)]
        yield from self._only("any", [text.casefold() for text in spelled])
        yield from self._only("names", map(squeezed, spelled))
        yield from self._only("plain", map(plain, spelled))
        words = [w for t in texts for cut in CUTS for w in re.split(cut, t)]
        numbers = [word.casefold() for word in words if NUMBER.search(word)]
        yield from self._only("any", numbers)

    def _only(self, kind: str, keys: Iterable[str]) -> Iterator[Person]:
        index = self.index[kind]
        fitting = {id(p): p for key in keys if key for p in index.get(key, ())}
        if len(fitting) == 1:
            yield from fitting.values()


def _agree(people: list[Person]) -> bool:
    """Whether these may be one: no number differs."""
    known = [{getattr(p, name).casefold() for p in people} - {""} for name in NUMBERS]
    return all(len(values) <= 1 for values in known)


def _shares(person: Person, other: Person) -> bool:
    """Whether a number that belongs to one alone is the same."""
    pairs = [(getattr(person, name), getattr(other, name)) for name in NUMBERS]
    return any(number and number == theirs for number, theirs in pairs)


def _index(people: list[Person], kind: str) -> dict[str, list[Person]]:
    index = defaultdict(list)
    for person in people:
        for key in set(_keys(person, kind)):
            index[key].append(person)
    return index


def _keys(person: Person, kind: str) -> list[str]:
    if kind == "any":
        local = person.email.split("@")[0]
        known = (person.id, person.email, person.login, local)
        return [key.casefold() for key in known]
    if kind in ("names", "plain"):
        make = squeezed if kind == "names" else plain
        words = re.findall(r"\S+", person.name)
        turned = [words[i:] + words[:i] for i in range(len(words))]  # Doe, Jane
        return [make(" ".join(order)) for order in turned]
    return [getattr(person, kind).casefold()]


def read_roster(path: Path) -> Roster:
    """Read a roster in CSV; raises `CourseError` where no column names a student."""
    text = _text(path.read_bytes())
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    titles = [squeezed(title) for title in rows[0]] if rows else []
    heads = [HEADS.get(title, "") for title in titles]
    if {"student", "id", "section"} <= set(titles):  # Canvas's own export
        heads[titles.index("id")] = "canvas"
    if not {"name", "last", *NUMBERS} & set(heads):
        raise CourseError(
            f"{path}: no column names a student; write one of name, id, email, login"
        )
    people = [_person(heads, row) for row in rows[1:] if any(map(str.strip, row))]
    people = [p for p in people if p.name and "points possible" not in p.name.lower()]
    if not people:
        raise CourseError(f"{path}: nobody is in it; write a row for each student")
    return Roster(list(distinct(people)))


def _text(data: bytes) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # as Excel writes "Unicode text"
    for encoding in ("utf-16" if wide else "utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _person(heads: list[str], row: list[str]) -> Person:
    values: dict[str, str] = {}
    for head, value in zip(heads, row, strict=False):
        values[head] = values.get(head) or " ".join(value.split())
    values.pop("", None)
    parts = values.pop("first", ""), values.pop("last", "")
    identifier = values.pop("identifier", "")
    number = re.fullmatch(r"\D+\s(\d+)", identifier)
    if number:  # "Participant 1234", of Moodle's grading worksheet
        values["moodle"] = values.get("moodle") or number[1]
    else:  # of GitHub Classroom
        values["id"] = values.get("id") or identifier
    person = Person(**values)
    person.name = person.name or " ".join(filter(None, parts)) or person.number
    return replace(person, name=unicodedata.normalize("NFC", person.name))
