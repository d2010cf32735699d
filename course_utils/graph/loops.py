"""Find the passes of a loop in the order of what ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

PERIODS = 8  # lengths of a pass that are tried, the most frequent first
LEAST = 5  # passes, from which it counts as a loop


def passes(signs: Sequence[Hashable]) -> list[range]:
    """The passes of the longest loop: positions in `signs` that repeat each other.

    signs: what ran, and where it stands in the code, in the order of running.
    """
    best: tuple[int, int, int] = (0, 0, 0)  # covered, start, period
    for period in _periods(signs):
        start, length = _longest(signs, period)
        if length // period >= LEAST and length > best[0]:
            best = (length, start, period)
    length, start, period = best
    if not period:
        return []
    return [
        range(start + i * period, start + (i + 1) * period)
        for i in range(length // period)
    ]


def _periods(signs: Sequence[Hashable]) -> list[int]:
    """Distances at which the same sign comes again, the most frequent first."""
    last: dict[Hashable, int] = {}
    distances: Counter[int] = Counter()
    for i, sign in enumerate(signs):
        if sign in last:
            distances[i - last[sign]] += 1
        last[sign] = i
    return [distance for distance, _ in distances.most_common(PERIODS)]


def _longest(signs: Sequence[Hashable], period: int) -> tuple[int, int]:
    """Where the longest stretch with this period begins, and its length."""
    best_start = best_length = run = 0
    for i in range(period, len(signs)):
        run = run + 1 if signs[i] == signs[i - period] else 0
        if run and run + period > best_length:
            best_start, best_length = i - run - period + 1, run + period
    return best_start, best_length
