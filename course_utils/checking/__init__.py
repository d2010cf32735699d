"""What a check cell uses: observe, compare with the key, show a card."""

from __future__ import annotations

import ast
import linecache
import os
import sys
import types

from course_utils import locale
from course_utils.errors import CourseError
from course_utils.judging import keys
from course_utils.judging.card import as_html, as_text
from course_utils.judging.compare import Verdict, compare
from course_utils.locale.again import N_

from . import board, stopped
from .observe import Check, raises

__all__ = ["MIME", "bundle", "exercise", "judge", "raises", "setup_names"]

MIME = "application/vnd.course-observations+json"


def exercise(stem: str, language: str = locale.ENGLISH) -> Check:
    """The `check` of an exercise, for its check cells; call it in the first cell.

    language: of cards and demos from here on.
    Every check starts from the seed in the environment variable `COURSE_SEED`, 0 where
    there is none. Raises CourseError for a language that the course does not speak.
    """
    known = [locale.ENGLISH, *locale.languages()]
    if language not in known:
        raise CourseError(
            N_(
                "no language {language!r}; there are {names}",
                language=language,
                names=", ".join(known),
            )
        )
    locale.use(language, stem)
    frame = sys._getframe(1)
    stopped.watch()
    seed = int(os.environ.get("COURSE_SEED", "0"))
    return Check(stem, seed, _display, setup_names(frame), frame.f_globals)


def setup_names(frame: types.FrameType) -> dict[str, object]:
    """What the cell that a frame runs has defined so far: imports, mostly.

    Read from the cell's source, so that a cell which is run again does not take a
    learner's names for its own.
    """
    source = "".join(linecache.getlines(frame.f_code.co_filename))
    bound = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {(a.asname or a.name).split(".")[0] for a in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Assign):
            targets = [part for target in node.targets for part in ast.walk(target)]
            bound |= {part.id for part in targets if isinstance(part, ast.Name)}
    names = frame.f_globals
    return {name: names[name] for name in bound if name in names}


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
    elif record["task"] in stopped.tasks:
        record = {**record, "stub": "stopped"}
    data = bundle(record, task)
    if task is not None:
        for kind, more in board.tell(task, record["stem"], judge(record, task)).items():
            data[kind] += f"\n{more}" if more else ""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        get_ipython = lambda: None  # noqa: E731
    if get_ipython() is None:
        print(data["text/plain"])
    else:
        display(data, raw=True)
