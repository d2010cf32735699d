"""The states of a task, the same words everywhere."""

from __future__ import annotations

from enum import Enum


class State(str, Enum):
    """What became of one task; the last five are the grader's."""

    PASSED = "passed"
    PARTLY = "partly"
    FAILED = "failed"
    NOT_ATTEMPTED = "not attempted"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    TOO_MUCH_OUTPUT = "too much output"
    TAMPERED = "tampered"

    def __str__(self) -> str:  # Python 3.10 would say State.PASSED
        return self.value
