"""Find the submissions of a class; what cannot be read is named, never a crash."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.locale.again import N_

from .files import areas, read_tree
from .layout import find_layout
from .names import Owner, moment
from .people import Person, distinct
from .reading import parse
from .roster import Roster
from .zips import STAMP, File, Unreadable

LIKELY = (".ipynb.txt", ".py", ".7z", ".rar", ".gz", ".tar", ".html", ".pdf", ".txt")
SHOWN = 5  # names of files that were not looked at


@dataclass
class Submission:
    """One notebook of one student: its cells, or the reason it cannot be read.

    stem: the exercise that it answers; label: its name in the gradebook. counts:
    whether it is the one of the exercise's files that counts. order, time: when it was
    handed in, as far as that is told. late: the system it comes from says so.
    """

    student: str
    name: str
    cells: list[dict] = field(default_factory=list)
    kernelspec: str = "python3"
    content: str = ""
    reason: str = ""
    stem: str = ""
    label: str = ""
    notes: list[str] = field(default_factory=list)
    counts: bool = True
    late: bool = False
    order: int = 0
    time: float = 0.0
    person: Person = field(default_factory=Person)


def collect(
    folder: Path, stems: list[str], roster: Roster | None = None
) -> list[Submission]:
    """Every notebook of a class, sorted by student and name.

    folder: a folder or a zip, as a learning system hands it out, or with a folder, a
    zip or a notebook for each student. Raises `Unreadable` where it is neither.
    """
    layout = find_layout(folder, stems)
    pairs = [
        (owner, files)
        for area, files in areas(layout.root, layout.prefix)
        for owner in layout.owners(area)
    ]
    given = [owner.person for owner, _ in pairs]
    matched = roster.match(given) if roster else [None] * len(given)
    handed_in: dict[str, list[tuple[Owner, list[File]]]] = defaultdict(list)
    people: dict[str, Person] = {}
    strangers: dict[str, Person] = {}
    for pair, person, match in zip(pairs, given, matched, strict=True):
        key = _key(match or person, match is not None)
        (people if match else strangers).setdefault(key, match or person)
        handed_in[key].append(pair)
    taken = [person.name for person in roster.people] if roster else []
    people |= zip(strangers, distinct(list(strangers.values()), taken), strict=True)
    submissions: list[Submission] = []
    for key, theirs in handed_in.items():
        submissions += _student(people[key], theirs)
    return sorted(submissions, key=lambda s: (s.student, s.name))


def read(path: Path) -> Submission:
    """One notebook; its `reason` says why it cannot be read."""
    (file, *_) = read_tree(path, (path.name,))
    if file.data is None and not file.reason:
        file.reason = N_("not a notebook: its name does not end in .ipynb")
    submission = _parsed(Person(), file)
    submission.name, submission.time = str(path), file.time
    return submission


def hand_in(folder: Path, person: Person) -> list[Submission]:
    """All notebooks of one student, who handed in a folder; one row where none is."""
    return _student(person, [(Owner(person), list(read_tree(folder, (folder.name,))))])


def _key(person: Person, known: bool) -> str:
    """What is the same for all that one student handed in."""
    if known:
        return f"roster {person.name}"
    for system in ("canvas", "moodle", "email", "id"):
        if number := getattr(person, system):
            return f"{system} {number}"
    return f"name {person.name}"


def _student(person: Person, pairs: list[tuple[Owner, list[File]]]) -> list[Submission]:
    """All notebooks of one student, and one row in all where there is none."""
    submissions, others = [], []
    for owner, files in pairs:
        stamps = {f.parts[:-1]: _stamp(f) for f in files if f.parts[-1] == STAMP}
        for file in files:
            if file.parts[-1] == STAMP:
                continue
            if file.data is None and not file.reason:
                others.append("/".join(file.parts[1:] or file.parts))
                continue
            submission = _parsed(person, file)
            submission.late, submission.order = owner.late, owner.order
            submission.time = stamps.get(file.parts[:-1]) or owner.time or file.time
            submissions.append(submission)
    unseen = _listed(others)
    for submission in submissions:
        submission.notes += (
            [N_("Not looked at: {unseen}.", unseen=unseen)] if unseen else []
        )
    if not submissions:
        name = others[0] if others else ""
        reason = (
            N_("no notebook; not looked at: {unseen}", unseen=unseen)
            if unseen
            else N_("no notebook")
        )
        return [Submission(person.name, name, reason=reason, person=person)]
    return submissions


def _listed(names: list[str]) -> str:
    """Names of files that nobody looked at, the likeliest answers first."""
    names = sorted(names, key=lambda n: (not n.lower().endswith(LIKELY), n))
    shown = ", ".join(name[:80] for name in names[:SHOWN])
    more = len(names) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _stamp(file: File) -> float:
    return moment((file.data or b"").decode("utf-8", "replace"))


def _parsed(person: Person, file: File) -> Submission:
    name = "/".join(file.parts[1:] or file.parts)
    submission = Submission(person.name, name, reason=file.reason, person=person)
    if not file.reason:
        submission.content = hashlib.sha256(file.data).hexdigest()
        try:
            submission.cells, submission.kernelspec = parse(file.data)
        except Unreadable as error:
            submission.reason = str(error)
    return submission
