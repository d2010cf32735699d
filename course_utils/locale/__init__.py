"""The languages of the course: catalogs beside this file, read as they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
ENGLISH = "en"
spoken = {"language": ENGLISH, "stem": ""}


def use(language: str, stem: str = "") -> None:
    """Speak a language from here on, a stem's words first."""
    spoken.update(language=language, stem=stem)


@contextmanager
def speaking(language: str, stem: str = "") -> Iterator[None]:
    """Speak a language for one piece of work."""
    before = dict(spoken)
    use(language, stem)
    try:
        yield
    finally:
        spoken.update(before)


def language() -> str:
    """The language that is spoken."""
    return spoken["language"]


def languages() -> list[str]:
    """The languages beside English in which the running course says something."""
    names = sorted(path.parent.name for path in FOLDER.glob("*/course.po"))
    return [name for name in names if words(name, "course")]


def _(text: str) -> str:
    """A text in the language that is spoken; in English where it has none there."""
    if language() == ENGLISH or not text:
        return text
    stem = spoken["stem"]
    said = words(language(), stem).get(text) if stem else None
    return said or words(language(), "course").get(text) or text


@cache
def words(language: str, name: str) -> dict[str, str]:
    """What a catalog says, by the English text; nothing of what is fuzzy or empty."""
    from babel.messages.pofile import read_po

    path = FOLDER / language / f"{name}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    return {m.id: m.string for m in catalog if m.id and m.string and not m.fuzzy}
