"""A progress bar, quiet where the output is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(title: str, total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar of `total` steps; call what it gives with the name of each step.

    A step is done when the next one begins, the last when all is.
    """
    bar = click.progressbar(
        length=total,
        label=title,
        show_pos=True,
        update_min_steps=0,  # shows the first name, too
        item_show_func=lambda name: name,
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    )
    with bar:
        begun = False

        def step(name: str) -> None:
            nonlocal begun
            bar.update(int(begun), name)
            begun = True

        yield step
        bar.update(int(begun))
