"""Fresh copies of notebooks, and updates that keep what learners wrote."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.tools.places import EXERCISES, LESSONS, MARK, ROOT

ROOMS = (LESSONS, EXERCISES)


def git(root: Path, *words: str) -> bytes:
    """Run git in a folder; raises CourseError with what git says."""
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True)
    except FileNotFoundError as error:
        raise CourseError(N_("git is not installed here")) from error
    if done.returncode:
        message = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise CourseError(
            N_(
                "git {words}: {value}",
                words=words[0],
                value=message[:400] or "no answer",
            )
        )
    return done.stdout


def _listed(root: Path, *words: str) -> list[str]:
    """The paths or words that git lists, whatever letters are in them."""
    said = git(root, words[0], "-z", *words[1:]).decode("utf-8", "surrogateescape")
    return [word for word in said.split("\0") if word]


def beside(path: Path, word: str) -> Path:
    """A free name beside a notebook: `01_dataset.mine.ipynb`, then `….mine-2.ipynb`."""
    number, free = 1, path.with_suffix(f".{word}.ipynb")
    while free.exists():
        number += 1
        free = path.with_suffix(f".{word}-{number}.ipynb")
    return free


def fresh(root: Path, page: str) -> Path:
    """Write the notebook as the course has it beside the learner's; returns its path.

    page: the notebook, from the course's folder on. Raises CourseError without git
    in a checkout.
    """
    laid = (root / MARK).exists()
    text = (ROOT / page).read_bytes() if laid else git(root, "show", f"HEAD:{page}")
    copy = beside(root / page, "fresh")
    copy.write_bytes(text)
    return copy


@dataclass
class News:
    """What an update brings.

    pages: the files that it writes. gone: those that it removes, and what each is
    called from then on, if it was renamed.
    """

    pages: list[str]
    gone: dict[str, str]

    @property
    def touched(self) -> set[str]:
        return {*self.pages, *self.gone}


def update(root: Path) -> tuple[list[str], list[Path]]:
    """Fetch the newest course; returns the files it brings, and what was kept of yours.

    A notebook that was changed on both sides is copied to `STEM.mine.ipynb`, which git
    leaves alone, before the course's new one takes its place; all others stay as they
    are. Raises CourseError where git cannot do it: before anything was changed, or
    with what was kept.
    """
    git(root, "fetch")
    news = _news(root)
    mine = _in_the_way(root, news)
    for page in mine:
        if not (page.startswith(ROOMS) and page.endswith(".ipynb")):
            raise CourseError(
                N_(
                    "{page} was changed here and in the course: call `git stash`, "
                    "update, then `git stash pop`",
                    page=page,
                )
            )
    if news.touched and git(root, "rev-list", "@{upstream}..HEAD"):
        raise CourseError(N_("there are commits of your own: call `git pull --rebase`"))
    kept: list[Path] = []
    try:
        for page in mine:
            kept += _keep(root, page, news.gone.get(page) or page)
        for page in mine:
            _make_way(root, page)
        git(root, "merge", "--ff-only", "@{upstream}")
    except (CourseError, OSError) as error:
        names = ", ".join(str(path.relative_to(root)) for path in kept)
        raise CourseError(
            N_("{error}; your version is kept: {names}", error=error, names=names)
            if kept
            else f"{error}"
        ) from error
    return news.pages, kept


def _news(root: Path) -> News:
    """What the fetched course changes; a renamed file goes and comes."""
    compare = ("diff", "-M", "--name-status", "HEAD...@{upstream}")
    words = iter(_listed(root, *compare))
    pages, gone = [], {}
    for state in words:
        path = next(words)
        if state[0] in "RC":
            new = next(words)
            pages.append(new)
            if state[0] == "R":
                gone[path] = new
        elif state == "D":
            gone[path] = ""
        else:
            pages.append(path)
    return News(pages, gone)


def _in_the_way(root: Path, news: News) -> list[str]:
    """Files here that the update would write over or remove, and that are not the
    course's own any more, or never were."""
    changed = {*_listed(root, "diff", "--name-only", "--no-renames", "HEAD")}
    changed |= {*_listed(root, "diff", "--name-only", "--no-renames", "--cached")}
    ours = {*_listed(root, "ls-tree", "-r", "--name-only", "HEAD")}
    found = changed & news.touched
    for page in news.pages:
        if page not in ours:
            steps = [*Path(page).parents[-2::-1], Path(page)]
            there = [s for s in steps if (root / s).exists() and str(s) not in ours]
            files = [s for s in there if not (root / s).is_dir() or str(s) == page]
            found |= {str(step.as_posix()) for step in files}
    return sorted(found)


def _keep(root: Path, page: str, new: str) -> list[Path]:
    """Copy a notebook that somebody wrote in; returns where it is kept.

    new: what the notebook is called after the update.
    """
    if not (root / page).exists() or not _written(root, page):
        return []
    kept = beside(root / new, "mine")
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(root / page, kept)
    return [kept]


def _make_way(root: Path, page: str) -> None:
    """Put the course's own file, or none, where a changed one is."""
    if _at_head(root, page) is None:
        git(root, "reset", "-q", "--", page)  # if it was added already
        (root / page).unlink()
    else:
        git(root, "checkout", "HEAD", "--", page)


def _at_head(root: Path, page: str) -> bytes | None:
    """A file as the course has it here; `None` where it has none."""
    if not _listed(root, "ls-tree", "--name-only", "HEAD", "--", page):
        return None
    return git(root, "show", f"HEAD:{page}")


def _written(root: Path, page: str) -> bool:
    """Whether somebody wrote in a notebook; to run and to save it is not to write."""
    before = _at_head(root, page)
    return before is None or cells(before) != cells((root / page).read_bytes())


def cells(data: bytes) -> list | bytes:
    """What is written in a notebook's file, whatever was run; of others, all."""
    try:
        return ["".join(cell["source"]) for cell in json.loads(data)["cells"]]
    except (ValueError, TypeError, KeyError):
        return data
