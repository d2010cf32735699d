"""What a check cell uses: observe, compare with the key, show a card."""

from __future__ import annotations

import os

from course_utils.judging import keys
from course_utils.judging.card import as_html, as_text
from course_utils.judging.compare import Verdict, compare

from .observe import Check, raises

__all__ = ["MIME", "bundle", "compare", "exercise", "judge", "raises"]

MIME = "application/vnd.course-observations+json"


def exercise(stem: str) -> Check:
    """The `check` of an exercise, for its check cells.

    Every block starts from the seed in the environment variable `COURSE_SEED`, 0 where
    there is none.
    """
    return Check(stem, int(os.environ.get("COURSE_SEED", "0")), _display)


def judge(record: dict, task: dict) -> Verdict:
    """Compare a block's record with what the key says of its task."""
    return compare(record, task["reference"], task["mistakes"])


def bundle(record: dict, task: dict | None) -> dict:
    """What a check cell displays: the card, and the observations beside it."""
    if task is None:
        text = f"{record['task']}: {len(record['observations'])} observations"
        return {MIME: record, "text/plain": text}
    verdict = judge(record, task)
    return {MIME: record, "text/html": as_html(verdict), "text/plain": as_text(verdict)}


def _display(record: dict) -> None:
    task = keys.task(record["stem"], record["task"])
    if "COURSE_SEED" in os.environ:
        task = None  # other inputs than the key's
    data = bundle(record, task)
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        get_ipython = lambda: None  # noqa: E731
    if get_ipython() is None:
        print(data["text/plain"])
    else:
        display(data, raw=True)
