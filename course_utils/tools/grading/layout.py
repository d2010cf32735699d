"""How a class's files are laid out: where the students' stand, and whose they are."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from os.path import commonprefix
from pathlib import Path

import yaml

from .files import outline, peek
from .names import Owner, clean, moment, owner, system_owner
from .people import Person
from .zips import SKIPPED, Unreadable

METADATA = "submission_metadata.yml"
NBGRADER = {"source", "release", "autograded", "feedback", "nbgrader_config.py"}
WRAPPERS = 3  # folders around a class


@dataclass
class Layout:
    """How a class's files are laid out: where the students' stand, and by what name.

    root: the folder or zip. prefix: parts of the path down to the students' own.
    submitters: who handed in a folder of Gradescope's, and when. repository: how the
    names of GitHub Classroom's folders begin.
    """

    root: Path
    stems: list[str]
    prefix: tuple[str, ...] = ()
    submitters: dict[str, list[Owner]] = field(default_factory=dict)
    repository: str = ""

    def owners(self, area: str) -> list[Owner]:
        """Who handed in an entry of the class: several people where they did it
        together, nobody where it is not a submission."""
        if self.submitters.get(area):
            return self.submitters[area]
        if area == METADATA or area in NBGRADER:
            return []
        named = system_owner(area, self.stems)
        if named:
            return [named]
        name = unicodedata.normalize("NFC", area)
        if self.repository and area.startswith(self.repository):
            parts = area.split("-")
            also = tuple("-".join(parts[i:]) for i in range(1, len(parts)))
            login = name[len(self.repository) :]
            return [Owner(Person(login, login=login, also=also))]
        if name.lower().endswith((".ipynb", ".zip")):
            name = owner(name, self.stems)
        return [Owner(Person(name or area))]


def find_layout(root: Path, stems: list[str]) -> Layout:
    """How the files in a class's folder or zip are laid out, wherever they begin.

    Raises `Unreadable` where `root` is neither.
    """
    paths, prefix = outline(root), ()
    while True:
        names = _below(paths, prefix)
        layout = _known(root, stems, paths, prefix)
        if layout:
            return layout
        if len(names) != 1 or len(prefix) == WRAPPERS:
            break
        prefix = (*prefix, *names)
    if root.is_dir():
        only = [path for path in root.iterdir() if not SKIPPED.fullmatch(path.name)]
        if len(only) == 1 and only[0].suffix.lower() == ".zip" and only[0].is_file():
            inner = _known_zip(only[0], stems)
            return inner or Layout(root, stems)
    elif len(_below(paths, ())) == 1:  # a folder of folders that was zipped
        within = tuple(_below(paths, ()))
        below = [path[1:] for path in paths if len(path) > 1]
        folders = {p[0] for p in below if len(p) > 1 or p[0].lower().endswith(".zip")}
        if len(folders) > 1:
            return Layout(root, stems, within)
    return Layout(root, stems)


def _known_zip(path: Path, stems: list[str]) -> Layout | None:
    """The layout of a zip that stands alone in a folder, if a system wrote it."""
    try:
        layout = find_layout(path, stems)
        names = _below(outline(path), layout.prefix)
    except Unreadable:  # then it is one student's, and gets a row
        return None
    told = layout.submitters or layout.repository
    return layout if told or all(system_owner(n, stems) for n in names) else None


def _known(
    root: Path, stems: list[str], paths: list, prefix: tuple[str, ...]
) -> Layout | None:
    """The layout, where a system we know has written what stands below `prefix`."""
    names = _below(paths, prefix)
    if METADATA in names:
        return Layout(root, stems, prefix, _submitters(root, (*prefix, METADATA)))
    if "submitted" in names and (NBGRADER & names or len(names) == 1):
        return Layout(root, stems, (*prefix, "submitted"))
    above = prefix[-1] if prefix else root.stem
    depth = len(prefix)
    cloned = {
        p[depth] for p in paths if p[:depth] == prefix and ".git" in p[depth + 1 :]
    }
    repository = _repository(above, sorted(cloned))
    if repository:
        return Layout(root, stems, prefix, repository=repository)
    ours = [name for name in names if system_owner(name, stems)]
    # Further down, all must be the system's: a student may name a folder as they like.
    if ours and (not prefix or len(ours) == len(names) > 1):
        return Layout(root, stems, prefix)
    return None


def _below(paths: list, prefix: tuple[str, ...]) -> set[str]:
    depth = len(prefix)
    names = {p[depth] for p in paths if p[:depth] == prefix and len(p) > depth}
    return {name for name in names if not SKIPPED.fullmatch(name)}


def _repository(above: str, names: list[str]) -> str:
    """How the names of an assignment's repositories begin, before the login."""
    begin = above.removesuffix("submissions")
    if names and begin.endswith("-") and all(n.startswith(begin) for n in names):
        return begin
    common = commonprefix(names) if len(names) > 1 else ""
    return common[: common.rfind("-") + 1]


def _submitters(root: Path, parts: tuple[str, ...]) -> dict[str, list[Owner]]:
    """Who handed in each folder, of Gradescope's own table of them."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        table = yaml.load(peek(root, parts), loader)
    except (OSError, KeyError, yaml.YAMLError, ValueError, RecursionError):
        return {}
    found = {}
    for folder, facts in table.items() if isinstance(table, dict) else ():
        people = _get(facts, "submitters")
        when = moment(_get(facts, "created_at"))
        found[str(folder)] = [
            Owner(_submitter(person), time=when)
            for person in (people if isinstance(people, list) else ())
            if isinstance(person, dict)
        ]
    return found


def _submitter(facts: dict) -> Person:
    email, number = str(_get(facts, "email") or ""), str(_get(facts, "sid") or "")
    name = str(_get(facts, "name") or "") or email or number
    return Person(clean(name), id=number, email=email)


def _get(facts: object, key: str) -> object:
    """A value of a table that Ruby wrote, where keys begin with a colon."""
    if not isinstance(facts, dict):
        return None
    return facts.get(f":{key}", facts.get(key))
