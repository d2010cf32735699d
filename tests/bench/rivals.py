"""The same answers for nbgrader, otter-grader and plain nbval, each in its own form.

The tests are made from the exercise's check cells: `check` becomes `expect`, which
draws its inputs from a fixed seed and asserts what the reference showed.
"""

from __future__ import annotations

import copy
import json
import os
import re
import sqlite3
import zipfile
from pathlib import Path

import nbformat
import torch
from measure import RIVALS, ROOT, VENV, Run, run
from nbformat.v4 import new_code_cell

from course_utils.tools.authoring.solution import Solution, read

STEM = "01_dataset"
SEED = 1
CHECK = re.compile(r'check\("(\w+)", points=([\d.]+)\)')
EXPECT = '''
import copy
import random

import numpy as np
import torch


class See:
    """Asserts that every fact is the expected one."""

    def __init__(self, expected):
        self.expected, self.given = expected, []

    def __call__(self, name, value, **options):
        same(name, made(value), self.expected[name])

    def give(self, value):
        self.given.append((value, copy.deepcopy(value)))
        return value


def expect(seed, expected, see=See):
    def run(check):
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        seen = see(expected)
        check(seen)
        for value, before in seen.given:
            same("the inputs are left as they were", value, before)

    return run


def same(name, value, expected):
    assert type(value) is type(expected), name
    if isinstance(value, torch.Tensor):
        torch.testing.assert_close(value, expected, equal_nan=True, msg=name)
    elif isinstance(value, dict):
        assert value.keys() == expected.keys(), name
        for key in value:
            same(name, value[key], expected[key])
    elif isinstance(value, (list, tuple)):
        assert len(value) == len(expected), name
        for one, other in zip(value, expected):
            same(name, one, other)
    else:
        assert value == expected, name


def made(value):
    """A value, or what a function makes: an error is told by its name."""
    try:
        return value() if callable(value) else value
    except Exception as error:
        return type(error).__name__


def raises(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__
'''


def tests(solution: Solution) -> dict[str, str]:
    """The code that asserts a task's answer, by slug; it needs EXPECT before it."""
    made = {}
    for task in solution.tasks:
        names: dict = {"__name__": "__main__"}
        for source in [*_setup(solution), EXPECT, task.answer]:
            exec(source, names)

        class Record(names["See"]):
            made = staticmethod(names["made"])

            def __call__(self, name, value, **options):
                self.expected[name] = copy.deepcopy(self.made(value))

        facts: dict = {}
        names.update(Record=Record, facts=facts)
        exec(CHECK.sub(f"expect({SEED}, facts, Record)", task.check), names)
        # a function: the facts hold backslashes that are not the pattern's
        made[task.slug] = CHECK.sub(
            lambda _, facts=facts: f"expect({SEED}, {_source(facts)})", task.check
        )
        exec(made[task.slug], names)
    return made


def _setup(solution: Solution) -> list[str]:
    """The setup cells without the course's own check."""
    lines = "\n".join(solution.setup).splitlines()
    return ["\n".join(li for li in lines if "exercise" not in li)]


def _source(value) -> str:
    if isinstance(value, torch.Tensor):
        return f"torch.tensor({value.tolist()!r}, dtype={value.dtype})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_source(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        inner = "".join(f"{_source(one)}, " for one in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    return value.__name__ if isinstance(value, type) else repr(value)


class Class:
    """The notebooks of a class that `course grade --demo` made, for the others."""

    def __init__(self, submissions: Path, folder: Path):
        self.folder = folder
        self.solution = read(ROOT / "solutions" / f"{STEM}.ipynb")
        self.tests = tests(self.solution)
        self.students = sorted(p.name for p in submissions.iterdir())
        self.notebooks = {
            name: nbformat.read(submissions / name / f"{STEM}.ipynb", 4)
            for name in self.students
        }

    def _cells(self, notebook, check) -> list:
        """Setup and answers; the check cells are what `check(slug, cell)` makes."""
        cells = [new_code_cell(s, id="setup") for s in _setup(self.solution)]
        for cell in notebook.cells:
            slug, _, kind = cell.get("id", "").rpartition("-")
            if slug not in self.tests:  # of the lesson's, not of the exercise
                continue
            if kind == "answer":
                cells.append(copy.deepcopy(cell))
            elif kind == "check":
                cells += check(slug, cell)
        return cells

    def _write(self, path: Path, notebook, cells: list) -> Path:
        made = copy.deepcopy(notebook)
        made.cells = cells
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(made, path)
        return path

    # ---------------------------------------------------------------- nbgrader

    def _nbgrader_cells(self, notebook) -> list:
        points = {task.slug: task.points for task in self.solution.tasks}

        def test(slug: str, cell) -> list:
            made = new_code_cell(self.tests[slug], id=f"{slug}-check")
            made.metadata.nbgrader = _kind(f"{slug}-test", points[slug], grade=True)
            return [made]

        cells = self._cells(notebook, test)
        for cell in cells:
            if cell.id.endswith("-answer"):
                cell.metadata.nbgrader = _kind(cell.id, solution=True)
        helper = new_code_cell(EXPECT, id="expect")
        helper.metadata.nbgrader = _kind("expect")
        return [*cells[:1], helper, *cells[1:]]

    def nbgrader(self, count: int) -> Run:
        """`nbgrader autograde` of the first `count` students."""
        place = self.folder / f"nbgrader-{count}"
        if not place.exists():
            first = self.notebooks[self.students[0]]
            source = self._nbgrader_cells(self.solution.notebook)
            self._write(place / "source" / "ps" / f"{STEM}.ipynb", first, source)
            config = "c = get_config()\nc.CourseDirectory.course_id = 'bench'\n"
            (place / "nbgrader_config.py").write_text(config)
            for name in self.students[:count]:
                book = self.notebooks[name]
                path = place / "submitted" / name / "ps" / f"{STEM}.ipynb"
                self._write(path, book, self._nbgrader_cells(book))
            self._tool("nbgrader", "generate_assignment", "ps", "--create", cwd=place)
        return self._tool("nbgrader", "autograde", "ps", "--force", cwd=place)

    def nbgrader_passed(self, count: int) -> int:
        """Tasks that nbgrader gave full marks."""
        place = self.folder / f"nbgrader-{count}"
        with sqlite3.connect(place / "gradebook.db") as book:
            query = (
                "select count(*) from grade join grade_cells on grade.cell_id = "
                "grade_cells.id where grade.auto_score = grade_cells.max_score"
            )
            return book.execute(query).fetchone()[0]

    # ------------------------------------------------------------------- otter

    def otter(self, number: int) -> Run:
        """`otter run` of one student: it takes one notebook a call."""
        place = self.folder / "otter"
        archive = place / "autograder.zip"
        if not archive.exists():
            place.mkdir(parents=True)
            with zipfile.ZipFile(archive, "w") as made:
                made.writestr("otter_config.json", json.dumps({"pdf": False}))
                for task in self.solution.tasks:
                    made.writestr(f"tests/{task.slug}.py", self._otter_test(task))
        name = self.students[number]
        book = self.notebooks[name]
        cells = self._cells(book, lambda slug, cell: [])
        path = self._write(place / name / f"{STEM}.ipynb", book, cells)
        options = ["--no-logo", "-a", archive, "-o", path.parent]
        return self._tool("otter", "run", *options, path, cwd=path.parent)

    def _otter_test(self, task) -> str:
        body = f"exec({self.tests[task.slug]!r}, {{**env, **globals()}})"
        return (
            "from otter.test_files import test_case\n\nOK_FORMAT = False\n"
            f"name = {task.slug!r}\npoints = {task.points!r}\n{EXPECT}\n\n"
            f"@test_case(points=None, hidden=False)\ndef test(env):\n    {body}\n"
        )

    def otter_passed(self, count: int) -> int:
        """Tasks that otter gave full marks, of the first `count` students."""
        found = 0
        for name in self.students[:count]:
            told = json.loads(
                (self.folder / "otter" / name / "results.json").read_text()
            )
            parts = [one for one in told["tests"] if one.get("max_score")]
            found += sum(one["score"] == one["max_score"] for one in parts)
        return found

    # ------------------------------------------------------------------- nbval

    def nbval(self, count: int) -> Run:
        """Plain `pytest --nbval`: the check cells' outputs are the reference's."""
        place = self.folder / f"nbval-{count}"
        stored = {c.id: c for c in self.solution.notebook.cells}
        for name in self.students[:count]:
            book = self.notebooks[name]
            cells = self._cells(book, lambda slug, cell: [stored[cell.id]])
            cells[0].source = "\n".join(self.solution.setup)
            self._write(place / name / f"{STEM}.ipynb", book, cells)
        options = ["--nbval", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
        python = VENV / "bin" / "python"
        return run(
            python, "-m", "pytest", *options, f"--rootdir={place}", place,
            good=(0, 1), cwd=place,
        )  # fmt: skip

    def _tool(self, name: str, *arguments, cwd: Path) -> Run:
        path = f"{RIVALS / 'bin'}{os.pathsep}{os.environ['PATH']}"  # they call others
        env = {**os.environ, "PATH": path}
        return run(RIVALS / "bin" / name, *arguments, cwd=cwd, env=env)


def _kind(grade_id: str, points: float = 0, grade=False, solution=False) -> dict:
    told = {"grade_id": grade_id, "schema_version": 3, "task": False}
    told.update(grade=grade, solution=solution, locked=not solution)
    return told | ({"points": points} if grade else {})
