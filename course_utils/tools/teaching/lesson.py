"""Read a lesson: its sections, their minutes, demos, questions and terms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.tools import notebook

NOTES = re.compile(
    r"<details><summary>Teaching notes · (\d+) min</summary>(.*?)</details>", re.DOTALL
)
DEMO = re.compile(r"^from course_utils\.demos\.\w+ import (.+)$", re.MULTILINE)
TURN = re.compile(r"^# turn: (\w+)$", re.MULTILINE)
TERM = re.compile(r"(?<![\w*])\*\*([^*:\n]+?)\*\*(?![\w*])")
TRY = re.compile(r"\*Try:\*(.+?)(?:\n\n|\Z)", re.DOTALL)
LABELS = {
    "Predict",
    "Try",
    "Your turn.",
    "Keep this",
    "You will be able to",
    "Time",
    "Shift + Enter",
}


@dataclass
class Section:
    """One H2 section of a lesson."""

    title: str
    minutes: int | None = None
    notes: str = ""
    demos: list[str] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)
    text: str = ""


@dataclass
class Lesson:
    """A lesson as its notebook tells it."""

    stem: str
    title: str
    sections: list[Section]

    @property
    def minutes(self) -> int:
        return sum(section.minutes or 0 for section in self.sections)


def read(path: Path) -> Lesson:
    """Read a lesson's notebook; raises `CourseError` where it is none."""
    cells = notebook.read(path).cells
    demos = demo_names(cells)
    title, sections = path.stem, []
    for cell in cells:
        if cell.cell_type == "markdown":
            for heading in re.findall(r"^# (.+)$", cell.source, re.MULTILINE):
                title = heading
            for heading in re.findall(r"^## (.+)$", cell.source, re.MULTILINE):
                sections.append(Section(heading))
        if sections:
            _add(sections[-1], cell, demos)
    return Lesson(path.stem, title, [s for s in sections if s.title not in ENDS])


ENDS = ("Recap", "What next")


def demo_names(cells) -> set[str]:
    """The functions that a lesson imports from `course_utils.demos`."""
    code = "\n".join(c.source for c in cells if c.cell_type == "code")
    return {n.strip() for found in DEMO.findall(code) for n in found.split(",")}


def _add(section: Section, cell, demos: set[str]) -> None:
    if cell.cell_type == "code":
        called = re.findall(r"^(\w+)\(", cell.source, re.MULTILINE)
        section.demos += [name for name in called if name in demos]
        section.turns += TURN.findall(cell.source)
        section.text += cell.source + "\n"
        return
    for minutes, notes in NOTES.findall(cell.source):
        section.minutes = (section.minutes or 0) + int(minutes)
        section.notes = " ".join(f"{section.notes} {notes}".split())
    text = NOTES.sub("", cell.source)
    section.text += text + "\n"
    section.tries += [" ".join(t.split()) for t in TRY.findall(text)]
    section.terms += [
        term
        for term in TERM.findall(TRY.sub("", text))
        if term not in LABELS and term not in section.terms
    ]
