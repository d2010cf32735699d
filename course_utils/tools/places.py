"""Where the course's parts stand: the checkout, its rooms, this package."""

from __future__ import annotations

from pathlib import Path

import course_utils

PACKAGE = Path(course_utils.__file__).parent
ROOT = PACKAGE.parent
LESSONS, EXERCISES, SOLUTIONS = "notebooks", "exercises", "solutions"


def stems(root: Path = ROOT, room: str = SOLUTIONS) -> list[str]:
    """The stems of the notebooks in a room, in order; a learner's copies left out."""
    found = (root / room).glob("[0-9]*.ipynb")
    return sorted(path.stem for path in found if "." not in path.stem)
