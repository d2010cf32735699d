"""A folder of one's own with the course in it, laid out from where it is installed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import course_utils
from course_utils.errors import CourseError
from course_utils.locale import ENGLISH, _
from course_utils.tools.grading.writing import write
from course_utils.tools.places import MARK, ROOT

from .copies import ROOMS, beside, cells


def start(folder: Path, language: str = ENGLISH) -> bool:
    """Lay the lessons and exercises out; `False` where they are there already.

    language: in which commands speak in this folder, and the Lab opens.
    Raises CourseError where this would be over other files, before it writes any.
    """
    if folder.is_file():
        raise CourseError(_("{path} is a file: name a folder").format(path=folder))
    if (folder / MARK).exists():
        return False
    pages = shipped()
    for page, data in pages.items():
        path = folder / page
        if path.exists() and (path.is_dir() or path.read_bytes() != data):
            there = _("{path} is there already: name another folder")
            raise CourseError(there.format(path=path))
    for page, data in pages.items():
        write(folder / page, data)
    _sign(folder, pages, language)
    return True


def shipped() -> dict[str, bytes]:
    """The course's own pages as they came, by their path in the course's folder."""
    paths = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*")))
    inner = [path.relative_to(ROOT) for path in paths if path.is_file()]
    return {
        path.as_posix(): (ROOT / path).read_bytes()
        for path in inner
        if not any(part.startswith(".") for part in path.parts) and "." not in path.stem
    }


def update(folder: Path) -> tuple[list[str], list[Path]]:
    """Lay out what the installed course has anew; returns the files it brings, and
    what was kept of yours, as for a checkout."""
    note = json.loads((folder / MARK).read_text(encoding="utf-8"))
    laid, spoken = note["files"], note.get("language", ENGLISH)
    pages, news, kept = shipped(), [], []
    for page in sorted({*pages, *laid}):
        path, data = folder / page, pages.get(page)
        before = laid.get(page, ["", ""])
        if data and before == _digests(data):  # nothing new here
            continue
        now = path.read_bytes() if path.exists() else None
        if now is not None and now != data and _digests(now)[1] != before[1]:
            kept.append(path.rename(beside(path, "mine")))
        elif now is not None and data is None:
            path.unlink()
        if data is not None and now != data:
            write(path, data)
            news.append(page)
    _sign(folder, pages, spoken)
    return news, kept


def _digests(data: bytes) -> list[str]:
    """Of a file, and of what is written in it, whatever was run."""
    return [_digest(data), _digest(repr(cells(data)).encode("utf-8", "replace"))]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _sign(folder: Path, pages: dict[str, bytes], language: str) -> None:
    """Note what was laid, last: what was interrupted is done again."""
    files = {page: _digests(data) for page, data in pages.items()}
    note = {"version": course_utils.__version__, "language": language, "files": files}
    write(folder / MARK, json.dumps(note, indent=1))
