"""Put a learner's answers and the reference's check cells into one run.

The learner's own code cells are run in their own order. Each task's check is the
reference's, never the learner's, and stands after the task's answer. An answer is
found by its cell's id, else by its marker (`# answer: slug`), else by the names it
defines, so that a notebook which lost its ids or tags in another editor is still read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from course_utils.locale.again import N_
from course_utils.tools.authoring.solution import Task

from .cells import MARKER, Cell, bare, code_cells
from .collect import Submission
from .job import Step
from .reference import Reference

NBVAL = re.compile(r"^[ \t]*#+[ \t]*(NBVAL_|PYTEST_VALIDATE)", re.MULTILINE)
NBVAL_TAGS = {
    "nbval-ignore-output",
    "nbval-check-output",
    "nbval-raises-exception",
    "nbval-skip",
    "pytest-validate-ignore-output",
    "raises-exception",
}
CELL_MAGIC = re.compile(r"\s*%%(\w+)")


@dataclass
class Composed:
    """Steps in order, each task's own code, and what was repaired, in words."""

    steps: list[Step]
    code: dict[str, str]
    repairs: list[str]


def compose(submission: Submission, ref: Reference) -> Composed:
    """The learner's own cells in their order, each task's check after its answer."""
    cells = code_cells(submission, ref)
    repairs = _remarks(submission, cells)
    _assign(cells, ref)
    for task in ref.tasks:
        repairs += _claim(task, cells, ref.defines[task.slug])
    repairs += _check_repairs(cells, ref)
    steps = _steps(cells, ref)
    code = {
        task.slug: "\n\n".join(
            step.source for step in steps if task.slug in step.tasks and not step.check
        )
        for task in ref.tasks
    }
    return Composed(steps, code, repairs)


def _steps(cells: list[Cell], ref: Reference) -> list[Step]:
    """The cells to be run, and every task's check, those of no answer at the end."""
    last = {task.slug: _last_cell(task, cells) for task in ref.tasks}
    steps = []
    for at, cell in enumerate(cells):
        if cell.is_run:
            steps.append(Step(cell.rest, cell.tasks, cell=cell.number))
        steps += [_check(task) for task in ref.tasks if last[task.slug] == at]
    return steps + [_check(task) for task in ref.tasks if last[task.slug] is None]


def _check(task: Task) -> Step:
    return Step(task.check, [task.slug], check=task.slug)


def _last_cell(task: Task, cells: list[Cell]) -> int | None:
    """Where a task's check goes: after its last cell and the free ones behind it."""
    mine = [at for at, cell in enumerate(cells) if cell.answers(task)]
    if not mine:
        return None
    at = mine[-1]
    while at + 1 < len(cells) and not cells[at + 1].tasks and not cells[at + 1].checks:
        at += 1
    return at


def _check_repairs(cells: list[Cell], ref: Reference) -> list[str]:
    repairs = []
    for task in ref.tasks:
        own = [cell for cell in cells if task.slug in cell.checks]
        said = ""
        if not own:
            said = N_("its check cell was missing; the course's own check was run.")
        elif len(own) > 1:
            said = N_("its check cell was there twice; the course's own check was run.")
        elif own[0].source.strip() != task.check.strip():
            said = N_("its check cell was changed; the course's own check was run.")
        if said:
            repairs.append(N_("Task {slug}: {repair}", slug=task.slug, repair=said))
    return repairs


def _assign(cells: list[Cell], ref: Reference) -> None:
    """Give each cell the tasks it answers, by its markers, else by its id."""
    seen: set[str] = set()
    for cell in cells:
        slugs = [s for s in MARKER.findall(cell.rest) if s in ref.defines]
        named = cell.id.removesuffix("-answer")
        is_answer = named != cell.id and named in ref.defines
        # Of several cells with one id, as after copy and paste, the first is meant.
        if not slugs and is_answer and cell.id not in seen and cell.is_run:
            slugs = [named]
        seen.add(cell.id)
        cell.tasks = list(dict.fromkeys(slugs))


def _claim(task: Task, cells: list[Cell], names: set[str]) -> list[str]:
    """Find the cells of a task that has none, a stub only, or is split over cells.

    names: what the answer defines. Returns what was repaired.
    """
    remarks = _leave_out(task, [cell for cell in cells if cell.answers(task)], names)
    mine = [cell for cell in cells if cell.answers(task)]
    stubs = [cell for cell in mine if bare(cell.rest) == bare(task.stub)]
    is_stub = bool(mine) and stubs == mine
    elsewhere = [c for c in cells if names & c.defines and not c.answers(task)]
    if not is_stub and any(names & cell.defines for cell in mine):
        elsewhere = []  # a second function of this name is not the task's
    repair = ""
    if is_stub and elsewhere:
        for cell in stubs:
            cell.tasks = [s for s in cell.tasks if s != task.slug] or None
        repair = N_("the answer was found in another cell than its own.")
    elif mine and elsewhere:
        repair = N_("the answer was split over several cells.")
    elif elsewhere:
        shown = ", ".join(sorted(names & elsewhere[0].defines))
        repair = N_("its cell had lost id and marker; found by {shown}.", shown=shown)
    elif not mine:
        repair = N_("no answer cell was found.")
    elif len(mine) > 1 and not is_stub:
        repair = N_("{count} answer cells; all were run, in order.", count=len(mine))
    for cell in elsewhere:
        cell.tasks = [*(cell.tasks or []), task.slug]
    if repair:
        remarks.append(N_("Task {slug}: {repair}", slug=task.slug, repair=repair))
    return remarks


def _leave_out(task: Task, mine: list[Cell], names: set[str]) -> list[str]:
    """Of a task's cells, leave out stubs beside an answer, which would erase it, and
    text beside code. Returns what was repaired."""
    repairs = []
    stubs = [cell for cell in mine if bare(cell.rest) == bare(task.stub)]
    answers = [c for c in mine if names & c.defines and c not in stubs]
    code = [cell for cell in answers if cell.kind == "code"]
    texts = [cell for cell in mine if cell.kind != "code"]
    if texts and not code:
        repairs.append(
            N_("Task {slug}: its cell was not code; read as code.", slug=task.slug)
        )
    if stubs and answers:
        repairs.append(
            N_("Task {slug}: a stub beside the answer was left out.", slug=task.slug)
        )
    for cell in [*(stubs if answers else []), *(texts if code else [])]:
        cell.tasks = [slug for slug in cell.tasks or [] if slug != task.slug] or None
    return repairs


def _remarks(submission: Submission, cells: list[Cell]) -> list[str]:
    """Words on the notebook as a whole."""
    remarks = []
    if submission.kernelspec != "python3":
        name = submission.kernelspec[:40]
        remarks.append(
            N_("The kernel “{name}” is not the course's, which was used.", name=name)
        )
    counts = [cell.count for cell in cells if cell.count is not None]
    if counts != sorted(counts):
        remarks.append(
            N_("Cells had been run out of order; marked as run from the top.")
        )
    ids = [cell["id"] for cell in submission.cells if cell["id"]]
    if len(ids) < len(submission.cells):
        remarks.append(N_("Some cells had lost their ids; found by marker or name."))
    elif len(set(ids)) < len(ids):
        remarks.append(N_("Some cells had the same id, as after copy and paste."))
    tags = {tag for cell in cells for tag in cell.tags}
    if any(NBVAL.search(cell.source) for cell in cells) or tags & NBVAL_TAGS:
        remarks.append(N_("Markers for nbval have no effect here."))
    magics = {m[1] for cell in cells if (m := CELL_MAGIC.match(cell.source))}
    if magics:
        names = ", ".join(f"%%{name}" for name in sorted(magics))
        remarks.append(
            N_("Cells beginning with {names} were run as they are.", names=names[:80])
        )
    return remarks
