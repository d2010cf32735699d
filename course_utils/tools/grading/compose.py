"""Put a learner's answers and the reference's check cells into one run."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.tools.authoring.solution import SLUG, Solution, Task, read

from .collect import Submission

MARKER = re.compile(r"^\s*#\s*answer:\s*(\w+)\s*$", re.MULTILINE)
LESSON = "from course_utils.pictures.pipeline import"  # how every lesson begins
STEM = re.compile(r"""exercise\(\s*["']([^"'\n]+)["']\s*\)""")
NBVAL = re.compile(r"^\s*#+\s*(NBVAL_|PYTEST_VALIDATE)", re.MULTILINE)
CELL_MAGIC = re.compile(r"\s*%%(\w+)")


@dataclass
class Reference:
    """What marks one exercise: its setup, its tasks, and a hash of both."""

    stem: str
    setup: list[str]
    tasks: list[Task]
    defines: dict[str, set[str]]
    content: str

    @property
    def points(self) -> float:
        return sum(task.points for task in self.tasks)


@dataclass
class Step:
    """A cell to run: the learner's own, of some tasks, or the check of one task."""

    source: str
    tasks: list[str] = field(default_factory=list)
    check: str = ""
    cell: int = 0


@dataclass
class Composed:
    """Steps in order, each task's own code, and what was repaired, in words."""

    steps: list[Step]
    code: dict[str, str]
    repairs: list[str]


def reference(path: Path) -> Reference:
    """Read a solution notebook as the reference of its exercise."""
    solution: Solution = read(path)
    defines = {task.slug: _defined(task.stub) for task in solution.tasks}
    told = [[t.slug, t.points, t.answer, t.check] for t in solution.tasks]
    mistakes = [[m.message, m.code] for t in solution.tasks for m in t.mistakes]
    text = json.dumps([solution.setup, told, mistakes])
    content = hashlib.sha256(text.encode()).hexdigest()
    return Reference(solution.stem, solution.setup, solution.tasks, defines, content)


def _defined(source: str) -> set[str]:
    """Names that a cell's top level defines; none where it is not plain Python."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = re.findall(r"^(?:async\s+)?(?:def|class)\s+(\w+)", source, re.MULTILINE)
        return set(found)
    names = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {t.id for t in targets if isinstance(t, ast.Name)}
    return names


def identify(submission: Submission, references: dict[str, Reference]) -> str:
    """The stem a notebook answers, by what is in it, else by its name; else empty."""
    named = [stem for stem in references if stem in submission.name]
    sources = [c["source"] for c in submission.cells if c["kind"] == "code"]
    ids = {cell["id"] for cell in submission.cells}
    text = "\n".join(sources)
    slugs = {*MARKER.findall(text), *SLUG.findall(text)}
    told = set(STEM.findall(text))

    def evidence(stem: str) -> tuple:
        tasks = references[stem].tasks
        found = {t.slug for t in tasks if f"{t.slug}-answer" in ids} | slugs
        inside = sum(t.slug in found for t in tasks)
        return inside, stem in told, stem in named

    best = max(references, key=evidence, default="")
    if best and evidence(best) == (0, False, True) and LESSON in text:
        submission.reason = f"this is the lesson; hand in exercises/{best}.ipynb"
        return ""
    if not best or not any(evidence(best)):
        return ""
    if named and best not in named:
        submission.notes.append(f"The file is named {named[0]} but holds {best}.")
    return best


def compose(submission: Submission, ref: Reference) -> Composed:
    """The learner's own cells in their order, each task's check after its answer."""
    cells = [{**c, "number": i} for i, c in enumerate(submission.cells, 1)]
    cells = [c for c in cells if c["kind"] == "code" and c["source"].strip()]
    repairs = [*submission.notes, *_told(submission, cells)]
    checks = [_checked(cell, ref) for cell in cells]
    owned = _owners(cells, checks, ref, repairs)
    _tell_checks(cells, checks, ref, repairs)
    steps: list[Step] = []
    places = _places(owned, checks, ref)
    for at, cell in enumerate(cells):
        if owned[at] is not None and (not checks[at] or cell["rest"]):
            steps.append(Step(cell["rest"], owned[at], cell=cell["number"]))
        steps += [_check(task) for task in ref.tasks if places.get(task.slug) == at]
    steps += [_check(task) for task in ref.tasks if task.slug not in places]
    code = {
        task.slug: "\n\n".join(
            s.source for s in steps if task.slug in s.tasks and not s.check
        )
        for task in ref.tasks
    }
    return Composed(steps, code, repairs)


def _check(task: Task) -> Step:
    return Step(task.check, [task.slug], check=task.slug)


def _checked(cell: dict, ref: Reference) -> list[str]:
    """Slugs of the check blocks in a cell; `cell["rest"]` becomes all the rest."""
    cell["rest"] = cell["source"]
    slugs = [slug for slug in SLUG.findall(cell["source"]) if slug in ref.defines]
    if not slugs:
        edited = cell["id"].removesuffix("-check")
        if edited + "-check" == cell["id"] and edited in ref.defines:
            if not MARKER.search(cell["source"]):
                return [edited]
        return []
    try:
        body = ast.parse(cell["source"]).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        if not MARKER.search(cell["source"]):
            cell["rest"] = ""
        return slugs
    lines = cell["source"].splitlines()
    for node in body:
        marks = getattr(node, "decorator_list", ())
        if any(SLUG.search(ast.unparse(mark)) for mark in marks):
            for number in range(marks[0].lineno - 1, node.end_lineno):
                lines[number] = ""
    rest = "\n".join(lines)
    cell["rest"] = rest if re.sub(r"#.*|\s", "", rest) else ""
    return slugs


def _owners(
    cells, checks, ref: Reference, repairs: list[str]
) -> list[list[str] | None]:
    """The tasks that each cell answers; `None` where the cell is not to be run."""
    owned: list[list[str] | None] = []
    seen: set[str] = set()
    for cell, check in zip(cells, checks, strict=True):
        slugs = [s for s in MARKER.findall(cell["rest"]) if s in ref.defines]
        identity = cell["id"].removesuffix("-answer")
        if not slugs and identity in ref.defines and cell["id"] not in seen:
            if not check or cell["rest"]:
                slugs = [identity] if cell["id"].endswith("-answer") else []
        seen.add(cell["id"])
        owned.append(list(dict.fromkeys(slugs)))
    for task in ref.tasks:
        _claim(task, cells, owned, ref, repairs)
    return owned


def _claim(task: Task, cells, owned, ref: Reference, repairs: list[str]) -> None:
    """Find the cells of a task that has none, a stub only, or is split over cells."""
    mine = [i for i, slugs in enumerate(owned) if slugs and task.slug in slugs]
    names = ref.defines[task.slug]
    holds = [i for i, c in enumerate(cells) if names & _defined(c["rest"])]
    stubs = [i for i in mine if _is_stub(cells[i]["rest"], task)]
    elsewhere = [i for i in holds if i not in mine]
    title = f"Task {task.slug}"
    if mine and stubs == mine and elsewhere:
        for i in stubs:
            owned[i] = [s for s in owned[i] if s != task.slug] or None
        repairs.append(f"{title}: the answer was found in another cell than its own.")
    elif mine and any(i in holds for i in mine):
        elsewhere = []
    elif not mine and elsewhere:
        shown = ", ".join(sorted(names & _defined(cells[elsewhere[0]]["rest"])))
        repairs.append(f"{title}: its cell had lost id and marker; found by {shown}.")
    elif mine and elsewhere:
        repairs.append(f"{title}: the answer was split over several cells.")
    for i in elsewhere:
        owned[i] = [*(owned[i] or []), task.slug]
    if not mine and not elsewhere:
        repairs.append(f"{title}: no answer cell was found.")
    elif len(mine) > 1 and stubs != mine:
        repairs.append(f"{title}: {len(mine)} answer cells; all were run, in order.")


def _is_stub(source: str, task: Task) -> bool:
    return _bare(source) == _bare(task.stub)


def _bare(source: str) -> str:
    return re.sub(r"#.*|\s", "", source)


def _places(owned, checks, ref: Reference) -> dict[str, int]:
    """Where each task's check goes: after its last cell and the free ones behind it."""
    places = {}
    for task in ref.tasks:
        mine = [i for i, slugs in enumerate(owned) if slugs and task.slug in slugs]
        if not mine:
            continue
        at = mine[-1]
        while at + 1 < len(owned) and not owned[at + 1] and not checks[at + 1]:
            at += 1
        places[task.slug] = at
    return places


def _tell_checks(cells, checks, ref: Reference, repairs: list[str]) -> None:
    for task in ref.tasks:
        own = [c for c, slugs in zip(cells, checks, strict=True) if task.slug in slugs]
        ours = "; the course's own check was run"
        if not own:
            repairs.append(f"Task {task.slug}: its check cell was missing{ours}.")
        elif len(own) > 1:
            repairs.append(f"Task {task.slug}: its check cell was there twice{ours}.")
        elif own[0]["source"].strip() != task.check.strip():
            repairs.append(f"Task {task.slug}: its check cell was changed{ours}.")


def _told(submission: Submission, cells) -> list[str]:
    """Words on the notebook as a whole."""
    told = []
    if submission.kernelspec != "python3":
        name = submission.kernelspec[:40]
        told.append(f"The kernel “{name}” is not the course's, which was used.")
    counts = [c["count"] for c in cells if c["count"] is not None]
    if counts != sorted(counts):
        told.append("Cells had been run out of order; marked as run from the top.")
    ids = [c["id"] for c in submission.cells if c["id"]]
    if len(ids) < len(submission.cells):
        told.append("Some cells had lost their ids; found by marker or name.")
    elif len(set(ids)) < len(ids):
        told.append("Some cells had the same id, as after copy and paste.")
    tags = {tag for cell in cells for tag in cell["tags"]}
    if any(NBVAL.search(c["source"]) for c in cells) or tags & _NBVAL_TAGS:
        told.append("Markers for nbval have no effect here.")
    magics = {m[1] for c in cells if (m := CELL_MAGIC.match(c["source"]))}
    if magics:
        names = ", ".join(f"%%{name}" for name in sorted(magics))
        told.append(f"Cells beginning with {names[:80]} were run as they are.")
    return told


_NBVAL_TAGS = {
    "nbval-ignore-output", "nbval-check-output", "nbval-raises-exception", "nbval-skip",
    "pytest-validate-ignore-output", "raises-exception",
}  # fmt: skip
