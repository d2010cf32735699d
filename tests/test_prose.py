"""The lessons as a learner reads them, from the first to the last."""

import re

import nbformat
import pytest

from course_utils.tools.places import ROOT, stems
from course_utils.tools.teaching.lesson import read

# Words that also stand where nothing but their everyday meaning is meant, and the
# methods whose names lesson 05 gathers as steps.
EVERYDAY = set(
    "error function index mode model positive sample strict version "
    "forward backward step".split()
) | {"in place"}
ASIDE = re.compile(
    r"```.*?```|<details>.*?</details>|`[^`]*`|\]\([^)]*\)|<[^>]+>", re.DOTALL
)
README = (ROOT / "README.md").read_text(encoding="utf-8")

each_lesson = pytest.mark.parametrize("stem", stems(room="notebooks"))


def prose(stem):
    """(section, text) of each cell in words, without code and teaching notes."""
    title = ""
    for cell in nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", 4).cells:
        if cell.cell_type == "markdown":
            heading = re.search(r"^## (.+)$", cell.source, re.MULTILINE)
            title = heading[1] if heading else title
            yield title, ASIDE.sub(" ", cell.source)


def sections():
    """(lesson, section, text, its terms) in the order of the course."""
    for stem in stems(room="notebooks"):
        for section in read(ROOT / "notebooks" / f"{stem}.ipynb").sections:
            text = " ".join(
                text for title, text in prose(stem) if title == section.title
            )
            yield stem, section.title, text, section.terms


def test_a_term_is_defined_no_later_than_it_is_used():
    read_so_far, early = "", []
    known = set(EVERYDAY)
    for stem, title, text, terms in sections():
        for term in (t.strip("`").lower() for t in terms):
            word = rf"(?<![\w-]){re.escape(term)}(?![\w-])"
            if term not in known and re.search(word, read_so_far):
                early.append(f"{term}: before {stem}, {title}")
            known.add(term)
        if title != "The map of the course":  # names what is to come
            read_so_far += text.lower()
    assert early == []


@each_lesson
def test_sentences_are_short(stem):
    long = []
    for _, text in prose(stem):
        text = re.sub(r"^\|.*$", " ", text, flags=re.MULTILINE)
        for sentence in re.split(r"[.!?:;](?=\s|\*|$)|\n\s*\n|\n\s*[-*>] ", text):
            if len(re.findall(r"[A-Za-z]+", sentence)) > 30:
                long.append(" ".join(sentence.split()))
    assert not long


@each_lesson
def test_the_minutes_told_are_those_of_the_sections(stem):
    path = ROOT / "notebooks" / f"{stem}.ipynb"
    first = nbformat.read(path, 4).cells[0].source
    row = next(line for line in README.splitlines() if f"/{stem}.ipynb) |" in line)
    told = {int(re.search(r"(\d+) minutes", first)[1]), int(row.split("|")[2])}
    assert len(told) == 1 and abs(told.pop() - read(path).minutes) <= 5
