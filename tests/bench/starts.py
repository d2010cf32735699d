"""How soon the two commands answer, against the import of torch that both need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measure import ROOT, VENV, Row, run

from course_utils.tools.grading.demo import demo_class

STEM = "01_dataset"
IMPORT = "import torch, torchvision"


def starts(tell: Callable, rounds: int) -> Iterator[Row]:
    """One notebook through `course check` and `course grade`."""
    took: dict[str, list[float]] = defaultdict(list)
    exercise = ROOT / "exercises" / f"{STEM}.ipynb"
    with TemporaryDirectory(prefix="bench-") as name:
        demo_class(Path(name, "class"), 1, 0, [STEM])
        for number in range(rounds + 1):  # the first is for the disk's cache
            tell(f"starts of commands, round {number}")
            out = Path(name, f"out-{number}")
            runs = {
                "import": run(VENV / "bin" / "python", "-c", IMPORT),
                "check": run(VENV / "bin" / "course", "check", exercise, good=(1,)),
                "grade": run(
                    VENV / "bin" / "course", "grade", f"{name}/class", "--out", out
                ),
            }
            for what, made in runs.items():
                took[what].append(made.seconds)
    whole = {what: median(seconds[1:]) for what, seconds in took.items()}
    yield Row(IMPORT, whole["import"])
    for what, limit in (("check", 1.4), ("grade", 1.9)):
        note = f"{whole[what]:.2f} s"
        title = f"course {what} of one notebook, against that import"
        yield Row(title, whole[what] / whole["import"], "times", limit, note=note)
