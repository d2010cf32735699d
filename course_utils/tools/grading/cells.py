"""A learner's code cells, and the check blocks that stand in them."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from course_utils.tools.authoring.solution import SLUG, Task

from .collect import Submission
from .reference import Reference, defined, parsed

# Spaces and tabs only: `\s` would take in line ends, and many blank lines make such a
# pattern quadratic.
MARKER = re.compile(r"^[ \t]*#[ \t]*answer:[ \t]*(\w+)[ \t\r]*$", re.MULTILINE)
FENCES = ("```", "~~~")
LINE_END = re.compile(r"\r\n|\r|\n")  # as Python counts lines; str.splitlines has more


@dataclass
class Cell:
    """A code cell of the learner's, or one that was code, and what is found in it.

    checks: the slugs whose check blocks stand in it. rest: its source without them.
    defines: the names defined in there. tasks: the slugs it answers; `None` where it is
    not to be run, as it is a stub and the answer stands elsewhere. kind: `code`, or
    what the cell was turned into.
    """

    number: int
    id: str
    tags: list[str]
    source: str
    count: int | None
    rest: str = ""
    checks: list[str] = field(default_factory=list)
    defines: set[str] = field(default_factory=set)
    tasks: list[str] | None = field(default_factory=list)
    kind: str = "code"

    def answers(self, task: Task) -> bool:
        return bool(self.tasks) and task.slug in self.tasks

    @property
    def is_run(self) -> bool:
        return self.tasks is not None and (not self.checks or bool(self.rest))


def code_cells(submission: Submission, ref: Reference) -> list[Cell]:
    """The code cells of a submission, and answers in cells that are no longer code;
    check blocks found and taken out."""
    cells = []
    for number, cell in enumerate(submission.cells, 1):
        source = cell["source"]
        if cell["kind"] != "code":
            source = _answer_in(source, ref)
        if source.strip():
            made = Cell(number, cell["id"], cell["tags"], source, cell["count"])
            made.kind = cell["kind"]
            cells.append(made)
    for cell in cells:
        _take_out_checks(cell, ref)
        cell.defines = defined(cell.rest)
    return cells


def _answer_in(text: str, ref: Reference) -> str:
    """The answer in a cell of text or a raw one, marked as such; else empty."""
    code = "\n".join(line for line in LINE_END.split(text) if line[:3] not in FENCES)
    marked = any(slug in ref.defines for slug in MARKER.findall(code))
    return code if marked and parsed(code) else ""


def bare(source: str) -> str:
    """A source without comments and white space."""
    return re.sub(r"#.*|\s", "", source)


def _take_out_checks(cell: Cell, ref: Reference) -> None:
    """Find the check blocks in a cell, and what is left of it without them."""
    cell.rest = cell.source
    cell.checks = [s for s in SLUG.findall(cell.source) if s in ref.defines]
    if not cell.checks:
        slug = cell.id.removesuffix("-check")
        if slug != cell.id and slug in ref.defines and not MARKER.search(cell.source):
            cell.checks = [slug]  # its text was replaced by something else
        return
    body = parsed(cell.source)
    if body is None:
        if not MARKER.search(cell.source):
            cell.rest = ""
        return
    lines = LINE_END.split(cell.source)
    for node in body:
        if first := _check_line(node):
            for number in range(first - 1, node.end_lineno):
                lines[number] = ""  # blank, so that tracebacks keep their line numbers
    rest = "\n".join(lines)
    cell.rest = rest if bare(rest) else ""


def _check_line(node: ast.stmt) -> int:
    """The first line of a statement that is a check; 0 where it is none."""
    if isinstance(node, ast.With):  # as checks were written in older exercises
        return node.lineno if _calls_check(node.items[0].context_expr) else 0
    marks = getattr(node, "decorator_list", [])
    return marks[0].lineno if any(map(_calls_check, marks)) else 0


def _calls_check(node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Name) and called.id == "check"
