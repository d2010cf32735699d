"""Read a lesson: its sections, their minutes, demos, questions and terms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.tools import notebook

from .predictions import Prediction, predictions

# "Teaching notes · 5 min", in any language.
NOTES = re.compile(
    r"<details><summary>[^<·]+ · (\d+) ?\w+</summary>(.*?)</details>", re.DOTALL
)
DEMO = re.compile(r"^from course_utils\.demos\.\w+ import (.+)$", re.MULTILINE)
TURN = re.compile(r"^# turn: (\w+)$", re.MULTILINE)
TERM = re.compile(r"(?<![\w*])\*\*([^*:\n]+?)\*\*(?![\w*])")
TIME = re.compile(r"^\*\*Time:\*\* (\d+) minutes", re.MULTILINE)
# Sentences of the teaching notes that say what a class gets wrong, or what to draw.
WHO = r"(most|many|nearly all|nobody|some|they will|learners often|half the class)"
DOES = (
    r"(say|answer|expect|think|believe|forget|guess|give|hope|take|trust|count|name|"
    r"try|mix|propose|build|fear|get|leave|double|pad|share|suffer|use|look|write|line|let|"
    "return)"
)
WRONG = re.compile(
    rf"\b{WHO}\b[^.;]*\b{DOES}(s|es)?\b|"
    r"\busual (wrong|slip|guess)|wrong idea|^expect\b|; expect\b",
    re.IGNORECASE,
)
BOARD = re.compile(r"\b(draw|sketch|board|on paper)\b", re.IGNORECASE)
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


def sentences(text: str) -> list[str]:
    """The sentences of a text, each in one line."""
    return re.findall(r"\S.*?[.?!](?=\s|$)", " ".join(text.split()))


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
    predictions: list[Prediction] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)  # demo → its PNG, as base64
    text: str = ""

    @property
    def said(self) -> list[str]:
        """The sentences of the teaching notes."""
        return sentences(self.notes)

    @property
    def wrong(self) -> list[str]:
        """What a class gets wrong, in the notes' words."""
        return [text for text in self.said if WRONG.search(text)]

    @property
    def board(self) -> list[str]:
        """What to draw, in the notes' words."""
        return [text for text in self.said if BOARD.search(text)]


@dataclass
class Lesson:
    """A lesson as its notebook tells it."""

    stem: str
    title: str
    sections: list[Section]
    told: int = 0  # the minutes in its header

    @property
    def opening(self) -> int:
        """Minutes before the first section and after the last one."""
        return max(
            0, self.told - sum(section.minutes or 0 for section in self.sections)
        )

    @property
    def minutes(self) -> int:
        return self.opening + sum(section.minutes or 0 for section in self.sections)


def read(path: Path) -> Lesson:
    """Read a lesson's notebook; raises `CourseError` where it is none."""
    cells = notebook.read(path).cells
    demos = demo_names(cells)
    asked = predictions(cells)
    title, sections, told = path.stem, [], 0
    for cell in cells:
        if cell.cell_type == "markdown":
            for heading in re.findall(r"^# (.+)$", cell.source, re.MULTILINE):
                title = heading
            told = told or int((TIME.findall(cell.source) or [0])[0])
            for heading in re.findall(r"^## (.+)$", cell.source, re.MULTILINE):
                sections.append(Section(heading))
        if sections:
            _add(sections[-1], cell, demos)
            sections[-1].predictions += asked.get(cell.id, [])
    sections = [s for s in sections if s.title not in ENDS]
    return Lesson(path.stem, title, sections, told)


ENDS = ("Recap", "What next")


def demo_names(cells) -> set[str]:
    """The functions that a lesson imports from `course_utils.demos`."""
    code = "\n".join(c.source for c in cells if c.cell_type == "code")
    return {n.strip() for found in DEMO.findall(code) for n in found.split(",")}


def _add(section: Section, cell, demos: set[str]) -> None:
    if cell.cell_type == "code":
        called = re.findall(r"^(\w+)\(", cell.source, re.MULTILINE)
        shown = [name for name in called if name in demos and name != "predict"]
        section.demos += shown
        for output in cell.outputs if shown else ():
            if png := output.get("data", {}).get("image/png"):
                section.pictures.setdefault(shown[-1], png.replace("\n", ""))
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
