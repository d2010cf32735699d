"""How fast a class is marked, here and by the others, on the same answers."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from statistics import median

import hostile
import nbformat
from measure import VENV, Row, Run, run, seconds
from rivals import STEM, Class

from course_utils.checking.observe import Check
from course_utils.tools.grading.demo import demo_class

MB = 2**20


def grading(
    sizes: list[int], mixed: tuple[int, int], rounds: int, few: int, tell: Callable
) -> Iterator[Row]:
    """The rows on grading.

    sizes: of the classes for `course grade`; the last is compared with the others.
    mixed: the size of one more class, and how many in it are hostile.
    rounds: medians are taken over so many runs of all but the largest classes.
    few: submissions that nbgrader and nbval get; they are linear in them.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        place = Path(name)
        bench = Grading(place, max(*sizes, mixed[0], few))
        for number in range(rounds):
            bench.round([n for n in sizes if n <= 8 or not number], few, tell)
        yield from bench.rows(sizes, few)
        yield bench.hostile(*mixed, tell)


class Grading:
    """The runs of all graders, by what was run on how many submissions."""

    def __init__(self, place: Path, most: int):
        self.place = place
        demo_class(place / "class", most, 0, [STEM])
        self.others = Class(place / "class", place / "others")
        self.runs: dict[tuple[str, int], list[Run]] = defaultdict(list)
        self.passed: Counter[str] = Counter()

    def round(self, sizes: list[int], few: int, tell: Callable) -> None:
        """One run of each, one beside the other: what disturbs one disturbs all."""
        others = self.others
        for count in sizes:
            for workers in (1, 2):
                tell(f"course grade, {count} submissions, {workers} workers")
                self._keep(f"course {workers}", count, self.course(count, workers))
        for name, call in (("nbgrader", others.nbgrader), ("nbval", others.nbval)):
            for count in (1, few):
                tell(f"{name}, {count} submissions")
                self._keep(name, count, call(count))
        tell("otter run")
        self._keep("otter", 1, others.otter(0))

    def hostile(self, count: int, among: int, tell: Callable) -> Row:
        """A class with hostile submissions in it, against the same one without them."""
        took = {}
        for extra in (0, among):
            tell(f"course grade, {count} submissions, {extra} hostile ones in them")
            some = self._class(count - among)
            hostile.write(some, STEM, extra)
            took[extra] = self._grade(some, 2).seconds
        note = f"{took[among]:.0f} s against {took[0]:.0f} s"
        what = f"{count} submissions, {among} hostile, against none of them"
        return Row(what, took[among] / took[0], "times", 3, note=note)

    def _keep(self, name: str, count: int, told: Run) -> None:
        self.runs[name, count].append(told)

    def course(self, count: int, workers: int) -> Run:
        """`course grade` of the first `count` students."""
        return self._grade(self._class(count), workers)

    def _class(self, count: int) -> Path:
        """A folder with the first `count` students."""
        some = self.place / f"class-{count}"
        for student in self.others.students[:count] if not some.exists() else ():
            shutil.copytree(self.place / "class" / student, some / student)
        return some

    def _grade(self, some: Path, workers: int) -> Run:
        out = tempfile.mkdtemp(dir=self.place, prefix=f"out-{some.name}-")
        options = ["--out", out, "--workers", workers, "--seed", 1]
        told = run(VENV / "bin" / "course", "grade", some, *options)
        self.passed |= _passed(Path(out, "grades.csv"))
        return told

    def time(self, name: str, count: int) -> float:
        """The median time of the runs on `count` submissions."""
        return median(told.seconds for told in self.runs[name, count])

    def estimate(self, name: str, few: int, count: int) -> float:
        """nbgrader's and nbval's time for `count`, from one and from `few`."""
        first = self.time(name, 1)
        return first + (count - 1) * (self.time(name, few) - first) / (few - 1)

    def rows(self, sizes: list[int], few: int) -> Iterator[Row]:
        """What the runs say."""
        largest = sizes[-1]
        for workers in (1, 2):
            for count in sizes:
                took = self.time(f"course {workers}", count)
                what = f"course grade, {count} submissions, {workers} worker"
                yield Row(what + "s" * (workers > 1), took, note=_each(took, count))
        yield from self._further(sizes)
        for name in ("nbgrader", "nbval"):
            took = self.time(name, few)
            note = _each(took, few)
            title = {"nbgrader": "nbgrader autograde", "nbval": "pytest --nbval"}[name]
            yield Row(f"{title}, {few} submissions", took, note=note)
        each = self.time("otter", 1)
        yield Row("otter run, 1 submission", each, note="a call for each submission")
        for workers in (1, 2):
            mine = self.time(f"course {workers}", largest)
            title = f"{largest} submissions, course ×{workers} against "
            note = f"their time worked out from 1 and {few} submissions"
            theirs = self.estimate("nbgrader", few, largest)
            yield Row(title + "nbgrader", theirs / mine, "times", 12, True, note)
            yield Row(title + "otter", largest * each / mine, "times", 40, True)
            theirs = self.estimate("nbval", few, largest)
            yield Row(title + "nbval", theirs / mine, "times", note=note)
        yield from self._memory(sizes, few)
        yield from self._agreement(sizes, few)

    def _further(self, sizes: list[int]) -> Iterator[Row]:
        if len(sizes) > 1:
            few, many = sizes[-2:]
            more = self.time("course 1", many) - self.time("course 1", few)
            own = cells(self.place / "class", self.others.students[:8])
            rest = more / (many - few) - own
            note = f"the cells themselves take {own:.2f} s"
            yield Row("a further submission, but its cells", rest, "s", 0.3, note=note)

    def _memory(self, sizes: list[int], few: int) -> Iterator[Row]:
        def most(name: str, count: int) -> float:
            return max(told.bytes for told in self.runs[name, count]) / MB

        for workers in (1, 2):
            peaks = [most(f"course {workers}", count) for count in sizes]
            told = ", ".join(f"{p:.0f}" for p in peaks[:-1])
            note = f"before: {told} MB" if told else ""
            what = f"peak memory, course ×{workers}, {sizes[-1]} submissions"
            yield Row(what, peaks[-1], "MB", 2048 if workers == 2 else None, note=note)
            if len(peaks) > 1:
                growth = peaks[-1] / peaks[-2]
                yield Row(f"… against {sizes[-2]} submissions", growth, "times", 1.2)
        for name, count in (("nbgrader", few), ("nbval", few), ("otter", 1)):
            yield Row(f"peak memory, {name}", most(name, count), "MB")

    def _agreement(self, sizes: list[int], few: int) -> Iterator[Row]:
        """Whether the others were asked for the same: tasks with full marks."""
        for name, count, theirs in (
            ("nbgrader", few, self.others.nbgrader_passed(few)),
            ("otter", 1, self.others.otter_passed(1)),
        ):
            mine = sum(self.passed[one] for one in self.others.students[:count])
            note = f"tasks with full marks: {theirs}, course {mine}"
            yield Row(
                f"{name}'s marks differ in", abs(theirs - mine), "tasks", 0, note=note
            )


def _each(took: float, count: int) -> str:
    return f"{took / count:.2f} s each, {60 * count / took:.0f} a minute"


def _passed(path: Path) -> Counter[str]:
    """Tasks with full marks, by student."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return Counter(row["student"] for row in rows if row["state"] == "passed")


def cells(submissions: Path, students: list[str]) -> float:
    """The time that a submission's own cells take, with its checks, in this process."""
    books = [nbformat.read(submissions / s / f"{STEM}.ipynb", 4) for s in students]

    def go(book) -> None:
        names: dict = {"__name__": "__main__"}
        for cell in book.cells:
            if cell.cell_type == "code":
                with suppress(Exception):
                    exec(cell.source, names)
                if cell.id == "setup":
                    given = dict(names)
                    names["check"] = Check(STEM, 1, lambda record: None, given, names)

    here = os.getcwd()
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        for book in books:  # what is slow only once
            go(book)
        took = [seconds(lambda book=book: go(book), 3) for book in books]
    os.chdir(here)
    return sum(took) / len(took)
