"""The questions that a lesson asks before a cell is run, and what they are answered."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

LONG = 90  # letters of an output that are told
ASKED = re.compile(r"\*\*Predict(?:\*\*|:\*\*)")
LABEL = re.compile(r".*\*\*[^*]+:\*\*")  # up to the last one, in any language
NOTHING = ("", "None")


@dataclass
class Prediction:
    """A question, its answer, and the wrong answers that it offers, with the reason."""

    question: str
    answer: str
    wrong: dict[str, str] = field(default_factory=dict)


def predictions(cells) -> dict[str, list[Prediction]]:
    """Of a lesson's cells, by the id of the cell that shows the answer."""
    found, question, offered = {}, "", {}
    for position, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            asked = [p for p in cell.source.split("\n\n") if ASKED.search(p)]
            if asked:
                question, offered = question_of(asked[-1]), {}
        elif cell.source.startswith("predict("):
            question, offered = choices_of(cell.source)
        elif question and cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            found[cell.id] = [_answered(question, offered, cells[position:])]
            question, offered = "", {}
    return found


def question_of(paragraph: str) -> str:
    """What a paragraph asks; all of it where *Predict* is a word of its sentence."""
    words = " ".join(paragraph.split())
    label = LABEL.search(words)
    words = words[label.end() :].strip() if label else words.strip()
    return words[:1].upper() + words[1:]


def choices_of(source: str) -> tuple[str, dict[str, str]]:
    """The question and the choices of a call of `predict`."""
    try:
        call = ast.parse(source).body[0].value
        return ast.literal_eval(call.args[0]), ast.literal_eval(call.args[1])
    except (SyntaxError, ValueError, AttributeError, IndexError):
        return "", {}


def _answered(question: str, offered: dict, cells: list) -> Prediction:
    """cells: those that may answer it, from the one that was asked about on."""
    right = [(c, why) for c, why in offered.items() if why.startswith("Right")]
    if right:
        choice, why = right[0]
        wrong = {c: w for c, w in offered.items() if c != choice}
        return Prediction(question, f"{choice}. {why}", wrong)
    for cell, after in zip(cells, [*cells[1:4], None], strict=False):
        shown = _shown(cell) if cell.cell_type == "code" else ""
        said = first_sentences(after)
        if shown or said:
            break
    return Prediction(question, " · ".join(text for text in (shown, said) if text))


def first_sentences(after) -> str:
    """The first words of the prose below a cell."""
    if after is None or after.cell_type != "markdown" or after.source[:1] in "#<>*|":
        return ""
    paragraph = after.source.strip().split("\n\n")[0]
    sentences = re.findall(r"\S.*?[.?!:](?=\s|$)", " ".join(paragraph.split()))
    return " ".join(s for s in sentences[:2] if not ASKED.search(s))


def _shown(cell) -> str:
    """What a cell shows, in one line: its text, the error, or that it is a picture."""
    lines = []
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            return "the picture"
        text = output.get("text") or data.get("text/plain") or output.get("evalue", "")
        lines += ["".join(text).strip()]
    rows = [" ".join(row.split()) for text in lines for row in text.splitlines()]
    told = " / ".join(row for row in rows if row).replace("`", "'")
    if told in NOTHING:
        return ""
    return f"`{told}`" if len(told) <= LONG else f"`{told[:LONG].rstrip()} …`"
