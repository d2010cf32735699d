"""Where the course's parts stand: as it came, its rooms, where one works on it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import course_utils
from course_utils.errors import CourseError
from course_utils.locale import _

PACKAGE = Path(course_utils.__file__).parent
PACKED = PACKAGE / "tools" / "course"  # in a wheel: the course without its solutions
ROOT = PACKED if PACKED.is_dir() else PACKAGE.parent  # the course as it came
MARK = ".course.json"  # in a folder that `course start` made: what was laid there
# Modules that say how a verdict looks, not what it is.
SAYING = (
    *("board.py", "card.py", "keys.py", "words.py"),
    *("alike.py", "batch.py", "check.py", "demo.py", "exports.py", "feedback.py"),
    *("grade.py", "gradebook.py", "page.py", "pool.py", "report.py", "store.py"),
    *("summary.py", "typed.py", "view.py"),
)
LESSONS, EXERCISES, SOLUTIONS = "notebooks", "exercises", "solutions"
SOURCES = EXERCISES if ROOT == PACKED else SOLUTIONS  # where the tasks are told


def stems(root: Path = ROOT, room: str = SOURCES) -> list[str]:
    """The stems of the notebooks in a room, in order; a learner's copies left out."""
    found = (root / room).glob("[0-9]*.ipynb")
    return sorted(path.stem for path in found if "." not in path.stem)


def here() -> Path:
    """The folder to work in: the one that `course start` made, from the current folder
    up, else the checkout. Raises CourseError where there is neither."""
    current = Path.cwd()
    for folder in (current, *current.parents):
        if (folder / MARK).exists():
            return folder
    if ROOT == PACKED:
        raise CourseError(
            _("no course in this folder: `course start FOLDER` makes one")
        )
    return ROOT


def checkout() -> Path:
    """The checkout; raises CourseError where this is not one."""
    if ROOT == PACKED:
        raise CourseError(
            "this needs the course's solutions, which are in a checkout only"
        )
    return ROOT


def judges(*rooms: str) -> str:
    """A hash of the code that decides verdicts; of its words and colors, nothing.

    rooms: folders of the package to look at beside `checking` and `judging`.
    """
    rooms = ("checking", "judging", *rooms)
    code = sorted(path for room in rooms for path in PACKAGE.glob(f"{room}/*.py"))
    parts = [path.read_bytes() for path in code if path.name not in SAYING]
    return hashlib.sha256(b"".join(parts)).hexdigest()
