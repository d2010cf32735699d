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
from starts import starts


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="Tiny sizes: only to see that it runs.")
@click.option("--full", is_flag=True, help="A class of 256 and a new checkout, too.")
@click.option("--rounds", default=3, help="Runs of the graders, for medians.")
@click.option("--only", help="Parts to measure, with commas between their names.")
def main(quick: bool, full: bool, rounds: int, only: str | None) -> None:
    start = time.monotonic()

    def tell(what: str) -> None:
        click.echo(f"{time.monotonic() - start:4.0f} s  {what}", err=True)

    sizes = [1, 2] if quick else [1, 8, 64, *([256] if full else [])]
    mixed = (4, 1) if quick else (200, 25)
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
        "grading": lambda: grading(sizes, mixed, rounds, few, tell),
    }
    wanted = only.split(",") if only else list(parts)
    load = os.getloadavg()[0]
    rows = list(chain.from_iterable(parts[name]() for name in wanted))
    for line in table(rows):
        click.echo(line)
    took = (time.monotonic() - start) / 60
    click.echo(
        f"{psutil.cpu_count()} cores, load {load:.1f} before, {took:.0f} minutes. "
        "Medians; seconds are of the clock."
    )


def table(rows: list[Row]) -> Iterator[str]:
    """Lines of columns, each promise beside its figure; a broken one in red."""
    cells = [("what", "figure", "promise", "note"), *map(_cells, rows)]
    wide, figures, promises = (max(len(c[i]) for c in cells) for i in range(3))
    for row, (what, value, limit, note) in zip([None, *rows], cells, strict=True):
        line = f"{what:{wide}}  {value:>{figures}}  {limit:>{promises}}  {note}"
        kept = row is None or row.kept is not False
        yield line.rstrip() if kept else click.style(line.rstrip(), fg="red")


def _cells(row: Row) -> tuple[str, str, str, str]:
    mark = {None: "", True: "✓", False: "✗"}[row.kept]
    limit = ""
    if row.limit is not None:
        limit = f"{'≥' if row.at_least else '≤'} {row.limit:g} {row.unit} {mark}"
    return row.what, figure(row), limit, row.note


def figure(row: Row) -> str:
    """A value with three digits that count, and its unit."""
    digits = 0 if abs(row.value) >= 100 else 1 if abs(row.value) >= 10 else 2
    whole = row.unit in ("tasks", "MB") or row.value == 0
    return f"{row.value:,.{0 if whole else digits}f} {row.unit}"


if __name__ == "__main__":
    main()
