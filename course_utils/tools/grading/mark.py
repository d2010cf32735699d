"""Mark one notebook: compose and run it, in whichever process this is called."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import parent_process

from .collect import Submission
from .compose import compose
from .job import Outcome, Step, Terms
from .reference import Reference


@dataclass
class Marks:
    """What came of one submission: what its run showed, and how it was composed."""

    outcome: Outcome = field(default_factory=Outcome)
    code: dict[str, str] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)


def mark(submission: Submission, ref: Reference, terms: Terms) -> Marks:
    """Run a learner's answers with the reference's checks."""
    from .run import run

    with _limited(terms.limits.cell):
        composed = compose(submission, ref)
    outcome = run(ref.stem, ref.setup, composed.steps, terms)
    return Marks(outcome, composed.code, composed.repairs)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """End this process, if it is one of a pool's, where reading takes longer:
    nothing else stops Python's parser. The pool goes on without it."""
    main = threading.current_thread() is threading.main_thread()
    if parent_process() is None or not main or not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def run_steps(ref: Reference, steps: list[Step], terms: Terms) -> Outcome:
    """Run answers of the reference's own: right ones, or known mistakes."""
    from .run import run

    return run(ref.stem, ref.setup, steps, terms)


def prepare(terms: Terms) -> None:
    """Begin what this process's first notebook will need: the sandbox's imports."""
    if terms.isolated:
        from .kernel import sandbox

        sandbox(terms)
