"""`make bench`: one table of what is fast, with what is promised. Not a test.

Options go through make: make bench BENCH=--quick
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from itertools import chain

import click
import course
import psutil
from grading import grading
from measure import Row
from rich.console import Console
from rich.table import Table
from starts import starts


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="Tiny sizes: only to see that it runs.")
@click.option("--full", is_flag=True, help="A class of 256 and a new checkout, too.")
@click.option("--rounds", default=3, help="Runs of the graders, for medians.")
@click.option("--only", help="Parts to measure, with commas between their names.")
def main(quick: bool, full: bool, rounds: int, only: str | None) -> None:
    console, log, start = Console(), Console(stderr=True), time.monotonic()
    width = console.width if console.is_terminal else 120
    console = Console(width=width)

    def tell(what: str) -> None:
        log.print(f"{time.monotonic() - start:4.0f} s  {what}", highlight=False)

    sizes = [1, 2] if quick else [1, 8, 64, *([256] if full else [])]
    few, rounds, times = (2, 1, 2) if quick else (5, rounds, 7)
    parts: dict[str, Callable[[], Iterator[Row]]] = {
        "kernels": lambda: course.kernels(tell, times),
        "import": lambda: course.imports(tell, times),
        "starts": lambda: starts(tell, rounds),
        "checks": lambda: course.checks(tell),
        "build": lambda: course.build(tell),
        "graphs": lambda: course.graphs(tell),
        "lessons": lambda: course.notebooks(tell, course.some_stems(quick)),
        "browser": lambda: course.browser(tell),
        "size": lambda: course.size(tell),
        "setup": lambda: course.setup(tell) if full else iter(()),
        "grading": lambda: grading(sizes, rounds, few, tell),
    }
    wanted = only.split(",") if only else list(parts)
    load = os.getloadavg()[0]
    rows = list(chain.from_iterable(parts[name]() for name in wanted))
    console.print(table(rows, console.is_terminal))
    took = (time.monotonic() - start) / 60
    console.print(
        f"{psutil.cpu_count()} cores, load {load:.1f} before, {took:.0f} minutes. "
        "Medians; seconds are of the clock.",
        highlight=False,
    )


def table(rows: list[Row], color: bool) -> Table:
    """The rows, each promise beside its figure."""
    made = Table(box=None, padding=(0, 2, 0, 0))
    for title, side in (("what", "left"), ("figure", "right"), ("promise", "right")):
        made.add_column(title, justify=side, no_wrap=title != "what")
    made.add_column("")
    made.add_column("note")
    for row in rows:
        mark = {None: "", True: "✓", False: "✗"}[row.kept]
        style = "red" if color and row.kept is False else None
        limit = ""
        if row.limit is not None:
            limit = f"{'≥' if row.at_least else '≤'} {row.limit:g} {row.unit}"
        made.add_row(row.what, figure(row), limit, mark, row.note, style=style)
    return made


def figure(row: Row) -> str:
    """A value with three digits that count, and its unit."""
    digits = 0 if abs(row.value) >= 100 else 1 if abs(row.value) >= 10 else 2
    whole = row.unit in ("tasks", "MB") or row.value == 0
    return f"{row.value:,.{0 if whole else digits}f} {row.unit}"


if __name__ == "__main__":
    main()
