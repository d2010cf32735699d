"""A row of the table, and what several parts measure with."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

import psutil

ROOT = Path(__file__).parents[2]
VENV = ROOT / ".venv"
RIVALS = VENV / "bench"


@dataclass
class Row:
    """One figure: what it is of, and the promise it is held against, if any."""

    what: str
    value: float
    unit: str = "s"
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether the promise holds; `None` where nothing was promised."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass
class Run:
    """How long a command took, the most memory it held at once, and what it said."""

    seconds: float
    bytes: int
    output: str


def seconds(call: Callable[[], object], times: int = 5) -> float:
    """The median time of several calls."""
    return median(_once(call) for _ in range(times))


def _once(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def run(*command: str | Path, good: tuple[int, ...] = (0,), **options) -> Run:
    """Run a command to its end; raises RuntimeError with its output if it fails."""
    start = time.perf_counter()
    with TemporaryFile("w+") as output:
        process = subprocess.Popen(
            list(map(str, command)), stdout=output, stderr=output, **options
        )
        memory = _Memory(process.pid)
        memory.start()
        code = process.wait()
        took = time.perf_counter() - start
        memory.stop.set()
        memory.join()
        output.seek(0)
        said = output.read()
    if code not in good:
        raise RuntimeError(f"{command[0]} ended with {code}:\n{said[-2000:]}")
    return Run(took, memory.most, said)


class _Memory(threading.Thread):
    """Watches a process and all below it; shared pages count once."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.process, self.most, self.stop = psutil.Process(pid), 0, threading.Event()

    def run(self) -> None:
        while not self.stop.wait(0.5):
            with suppress(psutil.Error):
                below = self.process.children(recursive=True)
                self.most = max(self.most, sum(map(_held, [self.process, *below])))


def _held(process: psutil.Process) -> int:
    try:
        told = process.memory_full_info()
        return getattr(told, "pss", told.rss)
    except psutil.Error:
        return 0
