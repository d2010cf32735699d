"""Make calls in many processes: of this machine, or of a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from course_utils.errors import CourseError

TRIES = 3


@dataclass
class Failure:
    """A call that could not be made, however often it was tried."""

    why: str


class Pool:
    """Processes that stay from one `run` to the next; a context manager.

    workers: how many, on this machine. scheduler: the address of a Dask cluster to use
    in their place. begin: called once in each process of this machine.
    """

    def __init__(self, workers: int, scheduler: str | None, begin: Callable[[], None]):
        self.workers, self.scheduler, self.begin = workers, scheduler, begin
        self.executor: Executor | None = None
        self.open = ExitStack()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *error: object) -> None:
        self.executor = None
        self.open.__exit__(*error)

    def run(self, calls: dict[str, Callable]) -> Iterator[tuple[str, object]]:
        """Make all calls, in the order they end: each name, and what its call returns,
        or a `Failure`.

        A process that dies takes no call with it: those not made are made again.
        """
        tries = dict.fromkeys(calls, 0)
        while calls:
            lone = max(tries.values()) == TRIES - 1
            for name, result in self._round(calls, lone):
                if isinstance(result, Exception):
                    tries[name] += 1
                    if tries[name] < TRIES:
                        continue
                    result = Failure(f"{type(result).__name__}: {result}"[:500])
                calls = {key: call for key, call in calls.items() if key != name}
                tries.pop(name)
                yield name, result

    def _round(self, calls: dict[str, Callable], lone: bool) -> Iterator:
        """One try at all calls; one after the other where some call ends its process,
        so that the one that does it is known."""
        for group in [[name] for name in calls] if lone else [list(calls)]:
            futures: dict[Future, str] = {}
            broken = False
            try:
                for name in group:
                    futures[self._executor().submit(calls[name])] = name
            except BrokenProcessPool:
                broken = True
            for future in as_completed(futures):
                error = future.exception()
                broken |= isinstance(error, BrokenProcessPool)
                yield futures[future], error or future.result()
            if broken:
                self.executor = None
                self.open.close()
                return

    def _executor(self) -> Executor:
        if self.executor is None:
            made = cluster(self.scheduler) if self.scheduler else self._processes()
            self.executor = self.open.enter_context(made)
        return self.executor

    @contextmanager
    def _processes(self) -> Iterator[Executor]:
        """Processes of this machine, gone when they are no longer wanted."""
        context = multiprocessing.get_context("spawn")
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
            arguments = (scratch, self.begin)
            pool = ProcessPoolExecutor(self.workers, context, _begin, arguments)
            try:
                yield pool
                pool.shutdown()
            finally:
                processes = list((pool._processes or {}).values())
                pool.shutdown(wait=False, cancel_futures=True)
                for process in processes:
                    process.terminate()
                for process in processes:
                    process.join(5)


@contextmanager
def cluster(scheduler: str) -> Iterator[Executor]:
    """A Dask cluster, with the face of an executor."""
    try:
        from distributed import Client
    except ImportError as error:
        raise CourseError("--scheduler needs `pip install distributed`") from error
    if not re.search(r":\d+$", scheduler):
        raise CourseError(f"--scheduler {scheduler}: write it as HOST:PORT")
    try:
        client = Client(scheduler, timeout=10, set_as_default=False)
    except OSError as error:
        raise CourseError(f"no Dask scheduler answers at {scheduler}") from error
    with client:
        yield client.get_executor(retries=TRIES, pure=False)


def _begin(scratch: str, begin: Callable[[], None]) -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = scratch

    def watch() -> None:
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    begin()
