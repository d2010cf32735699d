"""Read a solution notebook: its tasks, alternatives and known mistakes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import nbformat

from course_utils.errors import CourseError
from course_utils.tools.notebook import read as read_notebook

from .markers import strip

FENCE = re.compile(r"^```python\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
FACTS = re.compile(r"([●○]{3}) · ([\d.]+) points? · (\d+) minutes?")
TURN = re.compile(
    r"^(turn|warm-up) · (\d+) minutes?(?: · repeats (.+))?$", re.MULTILINE
)
LESSON_SETUP = "lesson-setup"  # the id of a copy of the lesson's own set-up cell
IN_LESSON = "# In the lesson"  # from this heading on, a solution holds a lesson's turns
TAGS = ("answer", "check", "mistake", "alternative", "equal", "given")
EQUAL = re.compile(r"^- `(.+?)`: (.+)$", re.MULTILINE)
SLUG = re.compile(r"""check\(\s*["'](\w+)["']""")


@dataclass
class Variant:
    """Another answer: an alternative, or a mistake with the message it earns.

    symptom: the message tells what is seen, and leaves the cause open.
    misses_the_point: such an answer may earn half of the points at the most.
    """

    id: str
    message: str
    code: str
    where: str
    symptom: bool = False
    misses_the_point: bool = False


@dataclass
class Task:
    """One task as the solution tells it; a turn or warm-up of a lesson has no points.

    kind: `task`, `turn` or `warm-up`. given: code of the lesson that a turn builds on.
    repeats: for a warm-up, the section that it asks again. same_from_every_seed: why
    most of what its check shows is so, where it has to be.
    """

    slug: str
    title: str
    difficulty: str
    points: float
    minutes: int
    answer: str
    check: str
    stub: str
    alternatives: list[Variant] = field(default_factory=list)
    mistakes: list[Variant] = field(default_factory=list)
    equal: dict[str, str] = field(default_factory=dict)  # a mutant → why it is right
    kind: str = "task"
    given: str = ""
    repeats: str = ""
    same_from_every_seed: str = ""


@dataclass
class Solution:
    """A solution notebook, read: the tasks of an exercise, the turns of its lesson."""

    path: Path
    notebook: nbformat.NotebookNode
    setup: list[str]
    tasks: list[Task] = field(default_factory=list)
    turns: list[Task] = field(default_factory=list)
    lesson_setup: str = ""

    @property
    def stem(self) -> str:
        return self.path.stem


def tags(cell) -> list[str]:
    """The tags of a cell."""
    return cell.metadata.get("tags", [])


def read(path: Path) -> Solution:
    """Read a solution notebook; raises `CourseError` for its author's slips."""
    notebook = read_notebook(path)
    solution = Solution(path, notebook, [])
    start = in_lesson(notebook.cells)
    for position, cell in enumerate(notebook.cells):
        where = f"{path.name}, cell {position + 1} ({cell.get('id', 'no id')})"
        _read_cell(solution, notebook.cells, position, where, position > start)
    if not solution.tasks:
        raise CourseError(f"{path.name}: no answer cell (tag `answer`)")
    _check_sums(solution)
    slugs = [task.slug for task in [*solution.tasks, *solution.turns]]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise CourseError(f"{path.name}: two tasks are called {slug}")
    return solution


def _check_sums(solution: Solution) -> None:
    """The first cell tells how much there is to do, if it tells it."""
    tasks, first = solution.tasks, solution.notebook.cells[0].source
    points, minutes = sum(t.points for t in tasks), sum(t.minutes for t in tasks)
    right = f"{len(tasks)} tasks · {points:g} points · {minutes} minutes"
    told = re.search(r"\d+ tasks? · [\d.]+ points? · \d+ minutes?", first)
    if told and told[0] != right:
        raise CourseError(f"{solution.path.name}, cell 1: write {right}")


def in_lesson(cells) -> int:
    """Where a solution's part for the lesson begins; its end where there is none."""
    heads = [i for i, cell in enumerate(cells) if cell.source.startswith(IN_LESSON)]
    return heads[0] if heads else len(cells)


def _read_cell(solution, cells, position: int, where: str, in_lesson: bool) -> None:
    cell = cells[position]
    tasks = solution.turns if in_lesson else solution.tasks
    kind = next((t for t in tags(cell) if t in TAGS), None)
    for tag in tags(cell):
        near = get_close_matches(tag, TAGS, 1, 0.7)
        if near and tag not in TAGS:
            raise CourseError(f"{where}: tag {tag!r}: write {near[0]!r}")
    if kind == "answer":
        tasks.append((_turn if in_lesson else _task)(cells, position, where))
    elif kind == "check":
        if not tasks or SLUG.findall(cell.source) != [tasks[-1].slug]:
            raise CourseError(f"{where}: a check cell must follow its answer cell")
        reason = cell.metadata.get("same_from_every_seed", "")
        tasks[-1].same_from_every_seed = str(reason)
    elif kind == "given":
        if not in_lesson:
            raise CourseError(f"{where}: `given` is for the turns of a lesson")
        if cell.get("id") == LESSON_SETUP:
            solution.lesson_setup = cell.source
    elif kind:
        if not tasks:
            raise CourseError(f"{where}: a {kind} before the first task")
        task = tasks[-1]
        if kind == "equal":
            task.equal.update(EQUAL.findall(cell.source))
            return
        among = task.mistakes if kind == "mistake" else task.alternatives
        among.append(_variant(cell, where))
    elif cell.cell_type == "markdown":
        after = solution.tasks and not re.search("^## ", cell.source, re.MULTILINE)
        if after and FENCE.search(cell.source):
            raise CourseError(f"{where}: code without the tag mistake or alternative")
    elif cell.cell_type == "code":
        if solution.tasks:
            raise CourseError(f"{where}: a code cell without the tag answer or check")
        solution.setup.append(cell.source)


def _check_of(cells, position: int, where: str, marker: str) -> tuple[str, str]:
    """Slug and source of the check below an answer, whose first line names it."""
    following = (c for c in cells[position + 1 :] if "check" in tags(c))
    check = next(following, None)
    slugs = SLUG.findall(check.source) if check else []
    if len(slugs) != 1:
        raise CourseError(
            f'{where}: the next check cell must hold one `check("slug", …)`'
        )
    first = f"# {marker}: {slugs[0]}"
    if not cells[position].source.startswith(first + "\n"):
        raise CourseError(f"{where}: the first line must be `{first}`")
    return slugs[0], check.source


def _turn(cells, position: int, where: str) -> Task:
    answer = cells[position].source
    slug, check = _check_of(cells, position, where, "turn")
    before, given = position - 1, ""
    if "given" in tags(cells[before]):
        before, given = before - 1, cells[before].source
    facts = TURN.search(cells[before].source)
    title = re.search(r"^## (.+)$", cells[before].source, re.MULTILINE)
    if not facts or not title:
        raise CourseError(
            f"{where}: the cell above needs `## Title` and `turn · 3 minutes` or "
            "`warm-up · 2 minutes · repeats LESSON, section`"
        )
    kind, minutes, repeats = facts.groups()
    stub = strip(answer, slug, where)
    return Task(
        slug,
        title[1],
        "",
        0,
        int(minutes),
        answer,
        check,
        stub,
        kind=kind,
        given=given,
        repeats=repeats or "",
    )


def _task(cells, position: int, where: str) -> Task:
    answer = cells[position].source
    slug, check = _check_of(cells, position, where, "answer")
    text = cells[position - 1].source if position else ""
    facts = FACTS.search(text)
    title = re.search(r"^## (.+)$", text, re.MULTILINE)
    if not facts or not title:
        raise CourseError(
            f"{where}: the cell above needs `## Title` and `●○○ · 3 points · 8 minutes`"
        )
    level, points, minutes = facts.groups()
    points = float(points) if "." in points else int(points)
    return Task(
        slug,
        title[1],
        level,
        points,
        int(minutes),
        answer,
        check,
        strip(answer, slug, where),
    )


def _variant(cell, where: str) -> Variant:
    codes = FENCE.findall(cell.source)
    if len(codes) != 1:
        raise CourseError(f"{where}: one ```python block is needed, found {len(codes)}")
    message = " ".join(FENCE.sub("", cell.source).split())
    if not message:
        raise CourseError(f"{where}: the message for the learner is missing")
    flags = [bool(cell.metadata.get(key)) for key in ("symptom", "misses_the_point")]
    return Variant(cell.get("id", ""), message, codes[0], where, *flags)
