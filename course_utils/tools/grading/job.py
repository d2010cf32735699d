"""What is run, within which limits, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from course_utils.judging.state import State


@dataclass(frozen=True)
class Limits:
    """What a notebook may use: seconds; bytes and messages a cell; bytes of memory."""

    cell: float = 60
    notebook: float = 300
    output: int = 20 * 2**20
    messages: int = 5_000
    memory: int = 4 * 2**30

    @classmethod
    def given(
        cls, cell: float | None, notebook: float | None, megabytes: int | None
    ) -> Limits:
        """The usual limits, but for those that are given."""
        memory = megabytes and megabytes * 2**20
        changed = {"cell": cell, "notebook": notebook, "memory": memory}
        return cls(**{name: limit for name, limit in changed.items() if limit})


@dataclass(frozen=True)
class Terms:
    """How a batch is run: alike for all its notebooks.

    seed: of the inputs that checks draw. isolated: whether learners' code runs in a
    sandbox. modules: what a sandbox imports once, before the kernels it forks.
    """

    seed: int
    limits: Limits = Limits()
    isolated: bool = True
    modules: tuple[str, ...] = ()


@dataclass
class Step:
    """A cell to run: the learner's own, of some tasks, or the check of one answer.

    tasks: the keys of what is lost when this cell cannot be run. check: the key under
    which the check's record is kept, empty for a learner's cell. cell: its number in
    the learner's notebook, 0 where it is not theirs.
    """

    source: str
    tasks: list[str] = field(default_factory=list)
    check: str = ""
    cell: int = 0


class Stopped(Exception):
    """What ended a cell before its time: a state, and a note in words."""

    def __init__(self, state: State, note: str):
        super().__init__(note)
        self.state, self.note = state, note


@dataclass
class Raised:
    """The error that a learner's own cell ended with."""

    type: str
    message: str

    def __str__(self) -> str:
        return f"{self.type}: {self.message}"[:300]


@dataclass
class Shown:
    """What one check showed: its record, or the state and note of what ended it.

    raised: the error of the answer's own cell, if it ended with one.
    """

    record: dict | None = None
    state: State | None = None
    note: str = ""
    seconds: float = 0.0
    raised: Raised | None = None


@dataclass
class Outcome:
    """What the run of a notebook showed: each check by its key, remarks in words."""

    checks: dict[str, Shown] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
