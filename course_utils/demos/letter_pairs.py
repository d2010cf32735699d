"""A tiny model that only counts: naive Bayes over letters and pairs of letters."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from course_utils.data import PlaceName


class LetterPairs:
    """Counts, for each language, its letters, pairs and triples of neighbors.

    Nothing is trained and nothing is drawn at random, so answers are the same on every
    machine. Every language is taken to be equally likely before the name is read.
    Source: multinomial naive Bayes with additive smoothing; the scores are softened
    by `SOFTER`, as neighbors that overlap are far from independent.
    """

    LONGEST, SMOOTHING, SOFTER = 3, 0.3, 0.33

    def __init__(self, names: Iterable[PlaceName]):
        self.counts: dict[str, Counter] = defaultdict(Counter)
        for name, language, _ in names:
            self.counts[language].update(self.parts(name))
        self.languages = sorted(self.counts)
        self.total = {
            language: self.counts[language].total() for language in self.counts
        }
        self.known = len({part for own in self.counts.values() for part in own})

    def parts(self, name: str) -> list[str]:
        """The runs of 1 to 3 neighbors in a name; `^` and `$` are its two ends."""
        text = f"^{name.lower()}$"
        return [
            text[i : i + length]
            for length in range(1, self.LONGEST + 1)
            for i in range(len(text) - length + 1)
        ]

    def chances(self, name: str) -> list[float]:
        """The probability of each language, in the order of `languages`."""
        scores = []
        for language in self.languages:
            own, whole = self.counts[language], self.total[language]
            below = whole + self.SMOOTHING * self.known
            parts = self.parts(name)
            score = sum(math.log((own[p] + self.SMOOTHING) / below) for p in parts)
            scores.append(self.SOFTER * score)
        top = max(scores)
        odds = [math.exp(score - top) for score in scores]
        return [each / sum(odds) for each in odds]
