"""Which exercise a notebook answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from course_utils import locale
from course_utils.locale.again import N_
from course_utils.tools.authoring.solution import SLUG
from course_utils.tools.places import LESSONS, ROOT

from .cells import MARKER
from .collect import Submission
from .reference import Reference

STEM = re.compile(
    r"""exercise\(\s*["']([^"'\n]+)["']\s*(?:,\s*language\s*=\s*["']\w+["']\s*)?\)"""
)
LANGUAGE = re.compile(
    r"""exercise\(\s*["'][^"'\n]+["']\s*,\s*language\s*=\s*["'](\w+)["']"""
)


def language_of(submission: Submission) -> str:
    """The language of a notebook: what its own `exercise(…, language="ko")` says."""
    sources = (cell["source"] for cell in submission.cells if cell["kind"] == "code")
    named = LANGUAGE.findall("\n".join(sources))
    return named[0] if named and named[0] in locale.languages() else locale.ENGLISH


class Evidence(NamedTuple):
    """What speaks for an exercise, the strongest first."""

    tasks: int
    called: bool
    named: bool


def identify(
    submission: Submission,
    references: dict[str, Reference],
    lessons: Path = ROOT / LESSONS,
) -> str:
    """The stem a notebook answers, by what is in it, else by its name; else empty.

    A lesson in an exercise's place becomes the submission's `reason`; a name that says
    otherwise than what is in the file, one of its `notes`.
    """
    named = [stem for stem in references if stem in submission.name]
    sources = [cell["source"] for cell in submission.cells if cell["kind"] == "code"]
    ids = {cell["id"] for cell in submission.cells}
    text = "\n".join(sources)
    slugs = {*MARKER.findall(text), *SLUG.findall(text)}
    called = set(STEM.findall(text))

    def evidence(stem: str) -> Evidence:
        tasks = references[stem].tasks
        inside = [t for t in tasks if t.slug in slugs or f"{t.slug}-answer" in ids]
        return Evidence(len(inside), stem in called, stem in named)

    best = max(references, key=evidence, default="")
    if not best or not any(evidence(best)):
        return ""
    if not evidence(best).tasks and is_lesson(sources, lessons / f"{best}.ipynb"):
        submission.reason = N_(
            "this is the lesson; hand in exercises/{best}.ipynb", best=best
        )
        return ""
    if named and best not in named:
        submission.notes.append(
            N_("The file is named {named} but holds {best}.", named=named[0], best=best)
        )
    return best


def is_lesson(sources: list[str], lesson: Path) -> bool:
    """Whether most code cells of a lesson are here."""
    try:
        cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, LookupError):  # missing, or half of a merge
        return False
    code = {"".join(c["source"]).strip() for c in cells if c["cell_type"] == "code"}
    return 2 * len(code & {source.strip() for source in sources}) > len(code)
