"""Which answer cells stopped with an error when they were run last.

The names of such a cell are of an older run, or missing: a check must not judge them.
"""

from __future__ import annotations

import re

MARKER = re.compile(r"^# (?:answer|turn): (\w+)", re.MULTILINE)
tasks: set[str] = set()


def watch() -> None:
    """Notice each cell that IPython runs; once, however often a cell asks for it."""
    try:
        from IPython import get_ipython
    except ImportError:
        return
    if shell := get_ipython():
        if notice not in shell.events.callbacks["post_run_cell"]:
            shell.events.register("post_run_cell", notice)


def notice(result) -> None:
    """See how an answer cell ended."""
    for slug in MARKER.findall(getattr(result.info, "raw_cell", None) or ""):
        (tasks.discard if result.success else tasks.add)(slug)
