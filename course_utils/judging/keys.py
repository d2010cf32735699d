"""The keys: what right answers and known mistakes show, one JSON file a stem."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "keys"


@cache
def load(stem: str) -> dict | None:
    """The key of a stem, or `None` where it is not there to be read."""
    try:
        return json.loads((FOLDER / f"{stem}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):  # missing, or half of a merge
        return None


def task(stem: str, slug: str) -> dict | None:
    """What the key says of one task: its reference record and known mistakes."""
    key = load(stem)
    return key and next((t for t in key["tasks"] if t["task"] == slug), None)
