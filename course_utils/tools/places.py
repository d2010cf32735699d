"""Where the course's parts stand: the checkout, its rooms, this package."""

from __future__ import annotations

import hashlib
from pathlib import Path

import course_utils

PACKAGE = Path(course_utils.__file__).parent
ROOT = PACKAGE.parent
# Modules that say how a verdict looks, not what it is.
SAYING = (
    *("card.py", "keys.py", "words.py"),
    *("alike.py", "batch.py", "check.py", "demo.py", "exports.py", "feedback.py"),
    *("grade.py", "gradebook.py", "page.py", "pool.py", "report.py", "store.py"),
    *("summary.py", "typed.py", "view.py"),
)
LESSONS, EXERCISES, SOLUTIONS = "notebooks", "exercises", "solutions"


def stems(root: Path = ROOT, room: str = SOLUTIONS) -> list[str]:
    """The stems of the notebooks in a room, in order; a learner's copies left out."""
    found = (root / room).glob("[0-9]*.ipynb")
    return sorted(path.stem for path in found if "." not in path.stem)


def judges(*rooms: str) -> str:
    """A hash of the code that decides verdicts; of its words and colors, nothing.

    rooms: folders of the package to look at beside `checking` and `judging`.
    """
    rooms = ("checking", "judging", *rooms)
    code = sorted(path for room in rooms for path in PACKAGE.glob(f"{room}/*.py"))
    parts = [path.read_bytes() for path in code if path.name not in SAYING]
    return hashlib.sha256(b"".join(parts)).hexdigest()
