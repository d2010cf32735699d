"""Say in the language that is spoken what was made in English, of a template's words.

A batch on disk is in one language, as its gradebook is; its pages speak each learner's.
"""

from __future__ import annotations

import re
from functools import cache

from . import ENGLISH, language, words

OWN = 7  # letters that a template needs, to know its sentences
INNER = ("note", "reason", "repair", "state", "why")  # gaps that hold words of ours
GAP = re.compile(r"\{(\w+)[^}]*\}")


def N_(template: str, **facts: object) -> str:
    """Fill a template that translators shall see, in English: `again` says it in the
    language of who reads it."""
    return template.format(**facts) if facts else template


def again(text: str) -> str:
    """An English sentence of the course's in the language that is spoken; what no
    template of the catalog has made stays as it is."""
    if language() == ENGLISH or not text:
        return text
    said = words(language(), "course")
    if text in said:
        return said[text]
    for shape, translation in shapes(language()):
        if found := shape.fullmatch(text):
            facts = found.groupdict()
            told = {n: again(v) if n in INNER else v for n, v in facts.items()}
            return GAP.sub(lambda gap, told=told: told.get(gap[1], gap[0]), translation)
    return text


@cache
def shapes(language: str) -> list[tuple[re.Pattern, str]]:
    """The templates as patterns, those with most words of their own first."""
    said = words(language, "course").items()
    own = [(len(GAP.sub("", text)), text, their) for text, their in said]
    ordered = sorted(own, key=lambda entry: -entry[0])
    known = [entry[1:] for entry in ordered if entry[0] >= OWN]
    return [(_shape(text), their) for text, their in known if GAP.search(text)]


def _shape(template: str) -> re.Pattern:
    """A pattern that finds what stands in each gap of a template."""
    parts, seen = [], set()
    for at, part in enumerate(GAP.split(template)):
        if at % 2 == 0:
            parts.append(re.escape(part))
        else:
            parts.append(f"(?P={part})" if part in seen else f"(?P<{part}>.+?)")
            seen.add(part)
    return re.compile("".join(parts), re.DOTALL)
