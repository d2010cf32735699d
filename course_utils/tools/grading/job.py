"""What is marked and within which limits, and how a cell can be stopped."""

from __future__ import annotations

from dataclasses import dataclass, field

from .compose import Step

CRASHED, TIMED_OUT, TAMPERED = "crashed", "timed out", "tampered"
OUT_OF_MEMORY, TOO_MUCH_OUTPUT = "out of memory", "too much output"


@dataclass(frozen=True)
class Limits:
    """What a notebook may use: seconds; bytes and messages a cell; bytes of memory."""

    cell: float = 60
    notebook: float = 300
    output: int = 20 * 2**20
    messages: int = 5_000
    memory: int = 4 * 2**30


@dataclass
class Job:
    """One notebook to mark, complete in itself: it may be marked on another machine."""

    stem: str
    setup: list[str]
    steps: list[Step]
    seed: int
    limits: Limits = field(default_factory=Limits)
    isolated: bool = True


class Stopped(Exception):
    """What ended a cell before its time: a state, and a note in words."""

    def __init__(self, state: str, note: str):
        super().__init__(note)
        self.state, self.note = state, note
