"""`course build --mutants`: which changes of a right answer does no criterion notice?

The mutants of a task are judged in a process forked from this one, which is left to die
where a change makes it hang or take all memory. A mutant that passes is a hole in its
check, unless the solution lists it as equal, with the reason.
"""

from __future__ import annotations

import ast
import contextlib
import multiprocessing
import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection

from course_utils.checking.observe import See
from course_utils.errors import CourseError
from course_utils.judging.compare import compare, differs
from course_utils.judging.state import State

from .changes import Mutant, changes
from .run import Runner
from .solution import Solution, Task

SECONDS = 10  # a mutant that takes longer hangs, which a learner notices
MEMORY = 6 * 2**30  # bytes of address space that one process may add


@dataclass
class Result:
    """What became of one task's mutants."""

    stem: str
    slug: str
    made: int
    survivors: list[Mutant]
    equal: list[Mutant]
    unused: list[str]


def noticing(reference: dict) -> type[See]:
    """A `see` that ends the check at the first criterion that is not met: the mutant is
    noticed, the rest need not run."""
    expected = {fact["name"]: fact for fact in reference["observations"]}

    class Noticing(See):
        def __call__(self, name: str, *args, **options) -> None:
            super().__call__(name, *args, **options)
            seen, fact = self.observations[-1], expected.get(name)
            if fact is None or differs(seen, fact):
                raise RuntimeError("noticed")

    return Noticing


def passes(runner: Runner, task: Task, reference: dict, mutant: Mutant) -> bool:
    """Whether no criterion notices the mutant."""
    see = noticing(reference)
    try:
        with late(SECONDS):
            record = runner.record(task, mutant.source, "mutant", see)
    except (CourseError, TimeoutError):
        return False
    return compare(record, reference).state == State.PASSED


@contextlib.contextmanager
def late(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in a block that takes longer."""

    def stop(*_) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _judge_all(
    solution: Solution,
    task: Task,
    mutants: list[tuple[int, Mutant]],
    pipe: Connection,
    folder: str,
) -> None:
    """In a process of its own: send each mutant's number, and whether it passes.

    folder: what mutants write goes there.
    """
    import resource  # which Linux has

    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + MEMORY,) * 2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    os.chdir(tempfile.mkdtemp(dir=folder))
    runner = Runner(solution)
    reference = runner.record(task, task.answer, "reference")
    for number, mutant in mutants:
        pipe.send((number, passes(runner, task, reference, mutant)))
    pipe.close()
    os._exit(0)  # what mutants left behind need not be cleaned up


def _address_space() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def survivors(solution: Solution, task: Task, mutants: list[Mutant]) -> list[Mutant]:
    """The mutants that pass; one that ends its process, or hangs it, does not."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return list(_passing(solution, task, mutants, folder))


def _passing(
    solution: Solution, task: Task, mutants: list[Mutant], folder: str
) -> Iterator[Mutant]:
    context = multiprocessing.get_context("fork")
    todo = dict(enumerate(mutants))
    while todo:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(
            target=_judge_all,
            args=(solution, task, list(todo.items()), theirs, folder),
        )
        process.start()
        theirs.close()
        with contextlib.suppress(EOFError):
            while todo and ours.poll(3 * SECONDS):
                number, passed = ours.recv()
                mutant = todo.pop(number)
                if passed:
                    yield mutant
        process.kill()
        process.join()
        if todo:  # the next one has hung or ended the process
            todo.pop(min(todo))


def mutate(solution: Solution, task: Task, sample: int | None = None) -> Result:
    """Change the reference and each alternative of a task in every way, but for the
    lines that the stub gives.

    sample: judge that many mutants only, drawn with a fixed seed.
    """
    answers = [task.answer, *(variant.code for variant in task.alternatives)]
    given = {line.strip() for line in ast.unparse(ast.parse(task.stub)).splitlines()}
    mutants = (m for answer in answers for m in changes(answer))
    made = list({m.source: m for m in mutants if m.before not in given}.values())
    if sample is not None and len(made) > sample:
        made = random.Random(task.slug).sample(made, sample)
    passing = survivors(solution, task, made)
    equal = [mutant for mutant in passing if str(mutant) in task.equal]
    holes = [mutant for mutant in passing if str(mutant) not in task.equal]
    known = {str(mutant) for mutant in equal}
    unused = [line for line in task.equal if line not in known] if not sample else []
    return Result(solution.stem, task.slug, len(made), holes, equal, unused)


def mutate_all(
    solutions: Iterable[Solution], sample: int | None, tell: Callable[[str], None]
) -> list[Result]:
    """The results of every task, two tasks at a time; raises `CourseError` elsewhere
    than on Linux, whose limits it needs."""
    if sys.platform != "linux":
        raise CourseError("mutants can be judged on Linux only")
    jobs = [
        (solution, task)
        for solution in solutions
        for task in [*solution.tasks, *solution.turns]
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = [pool.submit(mutate, s, task, sample) for s, task in jobs]
        results = []
        for (_, task), future in zip(jobs, futures, strict=True):
            results.append(future.result())
            tell(task.slug)
    return results


def summary(results: list[Result]) -> str:
    """Made, noticed, equal and surviving mutants, a line a stem and one for all."""
    lines = []
    stems = list(dict.fromkeys(result.stem for result in results))
    for stem in [*stems, "all"]:
        some = [r for r in results if stem in (r.stem, "all")]
        made, equal = sum(r.made for r in some), sum(len(r.equal) for r in some)
        passing = sum(len(r.survivors) for r in some)
        lines.append(
            f"{stem}: {made} mutants, {made - equal - passing} noticed, "
            f"{equal} listed as equal, {passing} pass"
        )
    return "\n".join(lines)
