"""Mark one notebook: compose and run it, in whichever process this is called."""

from __future__ import annotations

from dataclasses import dataclass, field

from .collect import Submission
from .compose import compose
from .job import Outcome, Terms
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

    composed = compose(submission, ref)
    outcome = run(ref.stem, ref.setup, composed.steps, terms)
    return Marks(outcome, composed.code, composed.repairs)


def mark_reference(ref: Reference, terms: Terms) -> Outcome:
    """Run the reference's own answers and known mistakes."""
    from .run import run

    return run(ref.stem, ref.setup, ref.steps(), terms)


def prepare(terms: Terms) -> None:
    """Begin what this process's first notebook will need: the sandbox's imports."""
    if terms.isolated:
        from .kernel import sandbox

        sandbox(terms)
