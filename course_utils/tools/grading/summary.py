"""What a run of the grader did, in numbers and in words for the terminal."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from course_utils.tools.text import visible

from .gradebook import MISSING, Marked, missing
from .roster import Roster
from .writing import paths


@dataclass
class Summary:
    """What a run did: the gradebook's submissions, and how many were marked anew.

    held: the protections that were on, none where submissions ran without them.
    """

    out: Path
    seed: int
    marked: list[Marked]
    anew: int
    seconds: float
    changes: list[str]
    held: list[tuple[str, bool, str]]
    roster: Roster | None = None

    @property
    def unreadable(self) -> list[Marked]:
        return [mark for mark in self.marked if mark.reason not in ("", MISSING)]

    @property
    def missing(self) -> list[Marked]:
        return [mark for mark in self.marked if mark.reason == MISSING]

    @property
    def handed_in(self) -> list[Marked]:
        return [mark for mark in self.marked if mark.reason != MISSING]

    @property
    def strangers(self) -> list[str]:
        """Students who handed in something and are not on the roster."""
        if not self.roster:
            return []
        known = {person.name for person in self.roster.people}
        return sorted({mark.student for mark in self.marked} - known)

    def __str__(self) -> str:
        students = len({mark.student for mark in self.handed_in})
        states = Counter(row.state for mark in self.marked for row in mark.rows())
        tasks = ", ".join(f"{count} {state}" for state, count in states.most_common())
        lines = [
            f"Notebooks: {len(self.handed_in)}, students: {students}; {self.anew} "
            f"marked now, in {self.seconds:.0f} s, with seed {self.seed}",
            f"Tasks: {tasks}",
        ]
        if self.strangers:
            names = visible(", ".join(self.strangers))
            lines.append(f"Not on the roster: {names}")
        lines.append(f"Gradebook: {self.out / 'grades.csv'}")
        lines.append(f"Report: {self.out / 'report.html'}")
        return "\n".join(lines)


def settle(
    marked: list[Marked], roster: Roster | None, points: dict[str, float]
) -> list[Marked]:
    """The gradebook's submissions, with who is missing and each with its page's path.

    points: of each exercise.
    """
    stems = sorted({mark.stem for mark in marked if mark.counts and mark.stem})
    there = {(mark.student, mark.stem) for mark in marked}
    for person in roster.people if roster else ():
        gone = [stem for stem in stems if (person.name, stem) not in there]
        marked = [*marked, *(missing(person, stem, points[stem]) for stem in gone)]
    theirs: dict[str, list[Marked]] = defaultdict(list)
    for mark in marked:
        theirs[mark.student].append(mark)
    for student, folder in paths(theirs).items():
        pages = paths(mark.label for mark in theirs[student])
        for mark in theirs[student]:
            mark.path = f"{folder}/{pages[mark.label]}.html"
    return marked
