"""Hostile submissions of a class: code of the fault corpus after a right answer."""

from __future__ import annotations

import json
import re
from pathlib import Path

from measure import ROOT

from course_utils.tools.authoring.solution import read
from course_utils.tools.grading.demo import plain, submission

FAULTS = ROOT / "tests" / "tools" / "grading" / "faults"
KINDS = "bombs forgeries hooks liars magics patches searches stops".split()


def codes(count: int) -> list[str]:
    """So many of the corpus, of every kind as many as it has of it."""
    texts = [
        path.read_text(encoding="utf-8")
        for kind in KINDS
        for path in sorted((FAULTS / kind).glob("*.py"))
    ]
    texts = [text for text in texts if "# submission: code after" in text]
    chosen = [texts[i * len(texts) // count] for i in range(count)]
    made = [text.split("\n\n", 1)[1] for text in chosen]
    made = [re.sub(r"\bSquares\b", "SquaresDataset", code) for code in made]
    return [code.replace("PORT", "9").replace("PATHS", "[]") for code in made]


def write(folder: Path, stem: str, count: int) -> None:
    """Write so many students into a class, each hostile in the first task's answer."""
    solution = read(ROOT / "solutions" / f"{stem}.ipynb")
    right = {task.slug: plain(task) for task in solution.tasks}
    first = solution.tasks[0].slug
    for number, code in enumerate(codes(count)):
        answers = {**right, first: f"{right[first]}\n{code}"}
        path = folder / f"hostile {number}" / f"{stem}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(submission(solution, answers)), encoding="utf-8")
