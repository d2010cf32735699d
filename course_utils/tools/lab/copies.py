"""Fresh copies of notebooks, and updates that keep what learners wrote."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import nbformat

from course_utils.errors import CourseError

ROOMS = ("notebooks", "exercises")


def git(root: Path, *words: str) -> str:
    """Run git in a folder; raises CourseError with what git says."""
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True)
    if done.returncode:
        told = " ".join(done.stderr.split()) or "no answer"
        raise CourseError(f"git {words[0]}: {told[:400]}")
    return done.stdout


def beside(path: Path, word: str) -> Path:
    """A free name beside a notebook: `01_dataset.mine.ipynb`, then `….mine-2.ipynb`."""
    number, free = 1, path.with_suffix(f".{word}.ipynb")
    while free.exists():
        number += 1
        free = path.with_suffix(f".{word}-{number}.ipynb")
    return free


def fresh(root: Path, page: str) -> Path:
    """Write the notebook as the course has it beside the learner's; returns its path.

    page: the notebook, from the course's folder on. Raises CourseError without git.
    """
    copy = beside(root / page, "fresh")
    copy.write_text(git(root, "show", f"HEAD:{page}"), encoding="utf-8")
    return copy


def update(root: Path) -> tuple[list[str], list[Path]]:
    """Fetch the newest course; returns the files it brings, and what was kept of yours.

    A notebook that was changed on both sides is copied to `STEM.mine.ipynb`, which git
    leaves alone, before the course's new one takes its place; all others stay as they
    are. Raises CourseError, with nothing changed, where git cannot do it.
    """
    git(root, "fetch")
    news = git(root, "diff", "--name-only", "HEAD...@{upstream}").splitlines()
    here = git(root, "diff", "--name-only", "HEAD").splitlines()
    both = [page for page in here if page in news]
    for page in both:
        if not (page.startswith(ROOMS) and page.endswith(".ipynb")):
            raise CourseError(
                f"{page} was changed here and in the course: call `git stash`, update, "
                "then `git stash pop`"
            )
    if news:
        if git(root, "rev-list", "@{upstream}..HEAD"):
            raise CourseError("there are commits of your own: call `git pull --rebase`")
    kept = []
    for page in both:
        if (root / page).exists() and _written(root, page):
            kept.append(beside(root / page, "mine"))
            shutil.copy2(root / page, kept[-1])
        git(root, "checkout", "HEAD", "--", page)
    git(root, "merge", "--ff-only", "@{upstream}")
    return news, kept


def _written(root: Path, page: str) -> bool:
    """Whether somebody wrote in a notebook; to run and to save it is not to write."""
    before, now = git(root, "show", f"HEAD:{page}"), (root / page).read_text("utf-8")
    return _cells(before) != _cells(now)


def _cells(text: str) -> list | str:
    try:
        return ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    except (ValueError, TypeError, KeyError):
        return text


def cleared(root: Path, folder: Path) -> None:
    """Copy lessons and exercises into `folder`, without outputs, for live teaching."""
    for page in sorted(p for room in ROOMS for p in (root / room).glob("*.ipynb")):
        if "." in page.stem:  # a learner's own copy
            continue
        notebook = nbformat.read(page, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        copy = folder / page.relative_to(root)
        copy.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, copy)
