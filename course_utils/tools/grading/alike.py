"""Answers that are alike beyond chance: a hint where to look, never a verdict.

Two answers are alike here when they are the same but for names, comments and white
space. That says nothing where an answer is short, where it is near the one that the
course expects, or where a good part of the class wrote it.
"""

from __future__ import annotations

import ast
import builtins
import io
import re
import tokenize
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher

from course_utils.tools.authoring.solution import Task

from .gradebook import Marked
from .reference import Reference

TOKENS = 30  # an answer of fewer says nothing
LONGEST = 20_000  # characters
NEAR = 0.85  # as like to a known answer as this: it may come from the task itself
COMMON = 0.2  # of those who answered: then it is the class's way, not somebody's


@dataclass
class Group:
    """Students whose answers to some tasks of one exercise are the same."""

    stem: str
    students: list[Marked]
    slugs: list[str]


def groups(stem: str, marked: list[Marked], ref: Reference) -> list[Group]:
    """The groups of one exercise, those that share the most tasks first.

    marked: the submissions that count, each with its `code`.
    """
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    by_name = {mark.student: mark for mark in marked}
    for task in ref.tasks:
        for students in _same(task, marked):
            together[tuple(students)].append(task.slug)
    alike = [
        Group(stem, [by_name[name] for name in names], slugs)
        for names, slugs in together.items()
    ]
    return sorted(alike, key=lambda group: -len(group.slugs))


def _same(task: Task, marked: list[Marked]) -> list[list[str]]:
    """The names of those who gave the same answer to a task, group by group."""
    answers: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for mark in marked:
        answers[normal(mark.code.get(task.slug, ""))].append(mark.student)
    known = [task.answer, task.stub]
    known += [variant.code for variant in (*task.alternatives, *task.mistakes)]
    given = [words for code in known for words in (normal(code), plain(code))]
    most = max(2, COMMON * len(marked))
    return [
        sorted(names)
        for words, names in answers.items()
        if 1 < len(names) <= most
        and len(words) >= TOKENS
        and not any(near(words, other) for other in given)
    ]


def near(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether two answers are much the same, word by word."""
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    return matcher.quick_ratio() >= NEAR and matcher.ratio() >= NEAR


def normal(code: str) -> tuple[str, ...]:
    """The words of an answer, its own names numbered in the order they come.

    None for code that is longer than an answer ever is.
    """
    if len(code) > LONGEST:
        return ()
    try:
        code = ast.unparse(_Numbered().visit(ast.parse(code)))
        tokens = tokenize.generate_tokens(io.StringIO(code).readline)
        return tuple(token.string for token in tokens if token.string.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return plain(code)


def plain(code: str) -> tuple[str, ...]:
    """The words of what is not Python, without comments."""
    return tuple(re.sub("#.*", "", code).split())


class _Numbered(ast.NodeTransformer):
    """Gives an answer's variables and arguments numbers for names; drops docstrings."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.methods: set[int] = set()

    def number(self, name: str) -> str:
        if hasattr(builtins, name):
            return name
        return self.names.setdefault(name, f"name{len(self.names)}")

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.number(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg, node.annotation = self.number(node.arg), None
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.Attribute:
        own = isinstance(node.value, ast.Name) and node.value.id == "self"
        if own and not node.attr.startswith("__"):
            node.attr = self.number(f"self.{node.attr}")
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        node.name = self.number(node.name)
        self.methods |= {id(child) for child in node.body}
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        if id(node) not in self.methods:
            node.name = self.number(node.name)
        elif not node.name.startswith("__"):
            node.name = self.number(f"self.{node.name}")
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant):
            return ast.Pass()
        return self.generic_visit(node)
