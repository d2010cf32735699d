"""Names of places in many languages, as Babel ships them: text of varying length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

LANGUAGES = "cs de en es fi fr hu it nl pl pt tr".split()
NOT_A_PLACE = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ", "Etc/Unknown"}


class PlaceName(NamedTuple):
    """A country's or city's name, the language it is in, and a key of the place."""

    name: str
    language: str
    place: str


def place_names(
    languages: Iterable[str] = LANGUAGES, shared: bool = False
) -> list[PlaceName]:
    """Names of countries and cities, sorted by language and name.

    languages: Babel's codes, such as `"de"`; the samples carry the English name.
    shared: keep also the names that several of these languages write alike.
    Two places that have a name in common count as one (Luxembourg, the city and the
    country), so that a split by place never has a name on both sides.
    Source: the Unicode CLDR, as Babel ships it.
    """
    found = []
    for code in languages:
        language, names = _names_in(code)
        found += [PlaceName(name, language, key) for key, name in names.items()]
    same = _linked((p.name, p.place) for p in found)
    found = {PlaceName(p.name, p.language, same[p.place]) for p in found}
    users = defaultdict(set)
    for name, language, _ in found:
        users[name].add(language)
    kept = (p for p in found if shared or len(users[p.name]) == 1)
    return sorted(kept, key=lambda p: (p.language, p.name, p.place))


def _names_in(code: str) -> tuple[str, dict[str, str]]:
    """A language's English name, and its names of countries and cities by key."""
    from babel import Locale

    locale = Locale.parse(code)
    names = {k: n for k, n in locale.territories.items() if len(k) == 2}
    zones = locale._data["time_zones"]  # Babel has no public way to cities
    names |= {k: zone["city"] for k, zone in zones.items() if "city" in zone}
    return locale.english_name, {k: n for k, n in names.items() if k not in NOT_A_PLACE}


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
