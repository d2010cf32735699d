"""Make calls in many processes: of this machine, or of a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from course_utils.errors import CourseError

TRIES = 3
CLUSTER = 256  # calls that a cluster has at once, whatever its size


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
        # One more than there are workers, so that none waits for the next.
        self.at_once = CLUSTER if scheduler else workers + 1

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def run(self, calls: dict[str, Callable]) -> Iterator[tuple[str, object]]:
        """Make all calls, the last of them first: each name, and what its call returns,
        or a `Failure`, in the order they end.

        Calls are taken out of `calls`; those that are put in meanwhile come next. A
        process that dies takes no call with it: those not made are made again, and
        one after the other where some call ends its process, so that it is known.
        """
        tries: dict[str, int] = {}
        flying: dict[Future, tuple[str, Callable]] = {}
        while calls or flying:
            lone = max(tries.values(), default=0) == TRIES - 1
            self._submit(calls, flying, 1 if lone else self.at_once)
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                name, call = flying.pop(future)
                error = future.exception()
                if error is None:
                    tries.pop(name, None)
                    yield name, future.result()
                    continue
                if isinstance(error, BrokenProcessPool):
                    self._close()
                tries[name] = tries.get(name, 0) + 1
                if tries[name] < TRIES:
                    calls[name] = call
                else:
                    del tries[name]
                    yield name, Failure(f"{type(error).__name__}: {error}"[:500])

    def _submit(self, calls: dict[str, Callable], flying: dict, most: int) -> None:
        """Have so many calls be made at once."""
        while calls and len(flying) < most:
            name, call = calls.popitem()
            try:
                flying[self._executor().submit(call)] = name, call
            except BrokenProcessPool:
                calls[name] = call
                self._close()

    def _close(self) -> None:
        self.executor = None
        self.open.close()

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
