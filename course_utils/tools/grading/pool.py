"""Mark notebooks in many processes: of this machine, or of a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress

from course_utils.errors import CourseError

from .job import Job
from .run import mark

TRIES = 3


def run(jobs: dict[str, Job], workers: int, scheduler: str | None
        ) -> Iterator[tuple[str, dict | str]]:  # fmt: skip
    """Mark all jobs, in the order they end: their name, and the result or what failed.

    A process that dies takes no job with it: those that were not done are run again.
    """
    tries = dict.fromkeys(jobs, 0)
    while jobs:
        lone = max(tries.values()) == TRIES - 1
        with executor(1 if lone else workers, scheduler) as pool:
            for name, told in _round(pool, jobs, lone):
                if isinstance(told, Exception):
                    tries[name] += 1
                    if tries[name] < TRIES:
                        continue
                    told = f"could not be marked: {type(told).__name__}: {told}"[:500]
                jobs = {key: job for key, job in jobs.items() if key != name}
                tries.pop(name)
                yield name, told


def _round(pool: Executor, jobs: dict[str, Job], lone: bool):
    """One try at all jobs; one after the other where one of them ends its process."""
    for group in [[name] for name in jobs] if lone else [list(jobs)]:
        futures: dict[Future, str] = {}
        with suppress(BrokenProcessPool):
            for name in group:
                futures[pool.submit(mark, jobs[name])] = name
        for future in as_completed(futures):
            yield futures[future], future.exception() or future.result()
        if len(futures) < len(group):
            return


@contextmanager
def executor(workers: int, scheduler: str | None) -> Iterator[Executor]:
    """Processes of this machine, or a Dask cluster, behind the same face."""
    if scheduler:
        try:
            from distributed import Client
        except ImportError as error:
            raise CourseError("--scheduler needs `pip install distributed`") from error
        try:
            client = Client(scheduler, timeout=10, set_as_default=False)
        except OSError as error:
            raise CourseError(f"no Dask scheduler answers at {scheduler}") from error
        with client:
            yield client.get_executor(retries=TRIES, pure=False)
        return
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        pool = ProcessPoolExecutor(workers, context, _begin, (scratch,))
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


def _begin(scratch: str) -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = scratch

    def watch() -> None:
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
