"""Fresh copies of notebooks, and updates that keep what learners wrote."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import nbformat

ROOMS = ("notebooks", "exercises")


def git(root: Path, *words: str) -> str:
    """Run git in a folder; raises ValueError with git's own last line."""
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True)
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        raise ValueError(f"git {words[0]}: {told}")
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

    page: the notebook, from the course's folder on. Raises ValueError without git.
    """
    copy = beside(root / page, "fresh")
    copy.write_text(git(root, "show", f"HEAD:{page}"), encoding="utf-8")
    return copy


def update(root: Path) -> list[Path]:
    """Fetch the newest course; returns the learner's notebooks, kept under new names.

    A notebook that was changed here is copied to `STEM.mine.ipynb`, which git leaves
    alone, before the course's own one is put back and brought up to date. Raises
    ValueError where git cannot do it; nothing of the learner's is lost then either.
    """
    changed = git(root, "diff", "--name-only", "HEAD", "--", *ROOMS).splitlines()
    kept = []
    for page in changed:
        if (root / page).exists():
            kept.append(beside(root / page, "mine"))
            shutil.copy2(root / page, kept[-1])
        git(root, "checkout", "HEAD", "--", page)
    git(root, "pull", "--ff-only")
    return kept


def cleared(root: Path, folder: Path) -> None:
    """Copy lessons and exercises into `folder`, without outputs, for live teaching."""
    for page in sorted(p for room in ROOMS for p in (root / room).glob("*.ipynb")):
        notebook = nbformat.read(page, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        copy = folder / page.relative_to(root)
        copy.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, copy)
