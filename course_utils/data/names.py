"""Names of places in many languages: text of varying length.

`places.tsv` holds them as the Unicode CLDR 47 has them, a row a place. `course build`
does not make it: the names change from one release to the next, and what a lesson
prints must not.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

LANGUAGES = {
    "cs": "Czech",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hu": "Hungarian",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "tr": "Turkish",
}
PLACES = Path(__file__).with_name("places.tsv")


class PlaceName(NamedTuple):
    """A country's or city's name, the language it is in, and a key of the place."""

    name: str
    language: str
    place: str


def place_names(
    languages: Iterable[str] = LANGUAGES, shared: bool = False
) -> list[PlaceName]:
    """Names of countries and cities, sorted by language and name.

    languages: codes, such as `"de"`; the samples carry the language's English name.
    shared: keep also the names that several of these languages write alike.
    Two places that have a name in common count as one (Luxembourg, the city and the
    country), so that a split by place never has a name on both sides.
    Source: the Unicode CLDR 47.
    """
    found = []
    for code in languages:
        language = LANGUAGES[code]
        found += [
            PlaceName(row[code], language, row["place"]) for row in _rows() if row[code]
        ]
    same = _linked((p.name, p.place) for p in found)
    found = {PlaceName(p.name, p.language, same[p.place]) for p in found}
    users = defaultdict(set)
    for name, language, _ in found:
        users[name].add(language)
    kept = (p for p in found if shared or len(users[p.name]) == 1)
    return sorted(kept, key=lambda p: (p.language, p.name, p.place))


@cache
def _rows() -> list[dict[str, str]]:
    """A row a place: its key, and its name by language; empty where there is none."""
    with open(PLACES, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _linked(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Place → the first of all places that share a name with it, or are linked so."""
    parent: dict[str, str] = {}

    def root(place: str) -> str:
        while parent.setdefault(place, place) != place:
            place = parent[place]
        return place

    first: dict[str, str] = {}
    for name, place in pairs:
        a, b = root(first.setdefault(name, place)), root(place)
        parent[max(a, b)] = min(a, b)
    return {place: root(place) for place in parent}


def split_by_place(
    names: list[PlaceName], test: float = 0.2, seed: int = 0
) -> tuple[list[PlaceName], list[PlaceName]]:
    """Names to learn from and names to test with; no place is on both sides."""
    places = sorted({p.place for p in names})
    order = np.random.RandomState(seed).permutation(len(places))
    held = {places[i] for i in order[: round(test * len(places))]}
    return (
        [p for p in names if p.place not in held],
        [p for p in names if p.place in held],
    )
