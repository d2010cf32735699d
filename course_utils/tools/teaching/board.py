"""The board of a class: who is at which task, who is stuck, what goes wrong most."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from course_utils.judging import keys
from course_utils.judging.state import State
from course_utils.tools.text import visible

SAME = 3  # times the same mistake, and somebody is stuck
TRYING = 8 * 60  # seconds at one task, likewise
PEOPLE = 500
LONG = 24  # letters of a nickname
STATES = {
    str(s) for s in (State.PASSED, State.PARTLY, State.FAILED, State.NOT_ATTEMPTED)
}


class Refused(Exception):
    """A message that is none of a check's."""


class Known(NamedTuple):
    """A task as the key tells it."""

    stem: str
    slug: str
    mistakes: list[str]


def known_tasks(stems: list[str]) -> dict[tuple[str, str], Known]:
    """All tasks and turns of some stems, in the order of the course."""
    found = {}
    for stem in stems:
        for task in (keys.load(stem) or {"tasks": []})["tasks"]:
            messages = [mistake["message"] for mistake in task["mistakes"]]
            found[stem, task["task"]] = Known(stem, task["task"], messages)
    return found


@dataclass
class Work:
    """One learner at one task. same: how often in a row the mistake was made."""

    state: str
    mistake: int
    began: float
    last: float
    same: int = 1
    tries: int = 1

    def stuck(self, now: float) -> bool:
        """The same mistake again and again, or long at it without passing."""
        if self.state == State.PASSED:
            return False
        again = self.mistake and self.same >= SAME
        return bool(again) or (now - self.began >= TRYING > now - self.last)


@dataclass
class Person:
    """A learner under a nickname. hand: when it was raised, None while it is down."""

    name: str
    work: dict[tuple[str, str], Work] = field(default_factory=dict)
    at: tuple[str, str] | None = None
    hand: float | None = None

    def stuck(self, now: float) -> bool:
        """Whether the task of now is too hard."""
        return self.at is not None and self.work[self.at].stuck(now)


class Board:
    """What the checks of a class have told."""

    def __init__(
        self, tasks: dict[tuple[str, str], Known], now: Callable[[], float] = time.time
    ):
        self.tasks, self.now = tasks, now
        self.people: dict[str, Person] = {}
        self.received = 0

    def person(self, name: object) -> Person:
        """The learner of a nickname, a new one where there is room."""
        if not isinstance(name, str) or not (short := " ".join(visible(name).split())):
            raise Refused("a nickname is missing")
        short = short[:LONG]
        if short not in self.people and len(self.people) >= PEOPLE:
            raise Refused("the board is full")
        return self.people.setdefault(short, Person(short))

    def tell(self, name, stem, task, state, mistake) -> None:
        """Note what a check found; raises Refused for what no check can say."""
        words = isinstance(stem, str) and isinstance(task, str)
        known = self.tasks.get((stem, task)) if words else None
        if known is None or not isinstance(state, str) or state not in STATES:
            raise Refused("no such task or state")
        if type(mistake) is not int or not 0 <= mistake <= len(known.mistakes):
            raise Refused("no such mistake")
        person, now, place = self.person(name), self.now(), (known.stem, known.slug)
        self.received += 1
        person.at, before = place, person.work.get(place)
        if before is None:
            person.work[place] = Work(state, mistake, now, now)
            return
        again = bool(mistake) and before.mistake == mistake
        before.same = before.same + 1 if again else 1
        before.state, before.mistake, before.last = state, mistake, now
        before.tries += 1

    def hand(self, name: object, up: bool) -> None:
        """Raise a learner's hand, or take it down; a hand that is up keeps its turn."""
        person = self.person(name)
        person.hand = (person.hand or self.now()) if up else None

    def columns(self) -> list[Known]:
        """The tasks that somebody has tried, in the order of the course."""
        tried = {place for person in self.people.values() for place in person.work}
        return [task for place, task in self.tasks.items() if place in tried]

    def frequent(self) -> list[tuple[int, Known, str]]:
        """(how many learners, task, message) of the mistakes they stand at now."""
        counted = Counter(
            (place, work.mistake)
            for person in self.people.values()
            for place, work in person.work.items()
            if work.mistake and work.state != State.PASSED
        )
        return [
            (number, self.tasks[place], self.tasks[place].mistakes[mistake - 1])
            for (place, mistake), number in counted.most_common(3)
        ]

    def hands(self) -> list[Person]:
        """Whose hand is up, who waits longest first."""
        raised = [p for p in self.people.values() if p.hand is not None]
        return sorted(raised, key=lambda person: person.hand)

    def rows(self) -> list[tuple[Person, bool]]:
        """Everybody, with whether they are stuck: hands first, then the stuck ones."""
        now = self.now()
        found = [(person, person.stuck(now)) for person in self.people.values()]
        return sorted(
            found,
            key=lambda row: (row[0].hand is None, not row[1], row[0].name.lower()),
        )

    def shares(self) -> list[tuple[Known, int, int, int]]:
        """(task, passed, tried, stuck) of each column: the view without names."""
        now, found = self.now(), []
        for task in self.columns():
            place = (task.stem, task.slug)
            at = [p.work[place] for p in self.people.values() if place in p.work]
            passed = sum(work.state == State.PASSED for work in at)
            found.append((task, passed, len(at), sum(work.stuck(now) for work in at)))
        return found
