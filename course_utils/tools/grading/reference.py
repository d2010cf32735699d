"""What marks one exercise: its setup and tasks, read from its solution."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

from course_utils.tools.authoring.solution import Solution, Task, read

from .job import Step

DEFINITION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)


@dataclass
class Reference:
    """The reference of one exercise.

    defines: the names that each task's answer defines, by slug. modules: what the
    setup imports, for kernels to be forked with. content: a hash of all that decides a
    verdict; of words, nothing.
    """

    stem: str
    setup: list[str]
    tasks: list[Task]
    defines: dict[str, set[str]]
    modules: set[str]
    content: str

    @property
    def points(self) -> float:
        return sum(task.points for task in self.tasks)

    @property
    def messages(self) -> dict[str, str]:
        """The message of each known mistake, by its id."""
        return {m.id: m.message for task in self.tasks for m in task.mistakes}

    def right_steps(self) -> list[Step]:
        """The right answers, each before its task's check."""
        return [
            step
            for task in self.tasks
            for step in _checked(task, task.slug, task.answer)
        ]

    def mistake_steps(self, slug: str) -> list[Step]:
        """A task's known mistakes, each before its check, below the answers above."""
        steps = []
        for task in self.tasks:
            if task.slug == slug:
                for number, mistake in enumerate(task.mistakes):
                    steps += _checked(task, mistake_key(task, number), mistake.code)
                break
            steps.append(Step(task.answer))  # later tasks may build on it
        return steps


def _checked(task: Task, key: str, code: str) -> list[Step]:
    return [Step(code, [key]), Step(task.check, [key], check=key)]


def mistake_key(task: Task, number: int) -> str:
    """The key under which the record of a task's known mistake is kept."""
    return f"{task.slug}#{number}"


def reference(path: Path) -> Reference:
    """Read a solution notebook as the reference of its exercise."""
    solution = read(path)
    return reference_of(solution, solution.setup, solution.tasks)


def reference_of(solution: Solution, setup: list[str], tasks: list[Task]) -> Reference:
    """The reference of some of a solution's tasks, which begin with some cells."""
    facts = [[t.slug, t.points, t.answer, t.check] for t in tasks]
    mistakes = [[m.id, m.code, m.symptom] for t in tasks for m in t.mistakes]
    text = json.dumps([setup, facts, mistakes])
    modules = set().union(*map(_imported, setup))
    if "torch.optim." in text:
        modules.add("torch._dynamo")  # comes with a first optimizer, and takes a second
    return Reference(
        solution.stem,
        setup,
        tasks,
        {task.slug: defined(task.stub) for task in tasks},
        modules,
        hashlib.sha256(text.encode()).hexdigest(),
    )


@functools.lru_cache(16)
def parsed(source: str) -> list[ast.stmt] | None:
    """The statements of a cell; `None` where it is not plain Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in a learner's strings
            return ast.parse(source).body
    except Exception:  # a SyntaxError, or what a hostile cell makes the parser raise
        return None


def defined(source: str) -> set[str]:
    """Names that a cell's top level defines."""
    body = parsed(source)
    if body is None:
        return set(DEFINITION.findall(source))
    names = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {t.id for t in targets if isinstance(t, ast.Name)}
    return names


def _imported(source: str) -> set[str]:
    """Modules that a cell's top level imports."""
    modules = set()
    for node in parsed(source) or ():
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module)
    return modules
