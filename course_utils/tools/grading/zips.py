"""Zips that students hand in: unpacked in memory, within limits, nothing outside."""

from __future__ import annotations

import re
import stat
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.locale.again import N_

LIMIT = 100 * 2**20  # bytes of a file, and of all that one student's zips unpack to
ENTRIES = 2_000  # files of one student
DEPTH = 3  # zips in zips
SKIPPED = re.compile(
    r"\._.*|\.DS_Store|\.git|\.gitignore|\.ipynb_checkpoints|__MACOSX|__pycache__"
    r"|Thumbs\.db|desktop\.ini",
    re.IGNORECASE,
)
STAMP = "timestamp.txt"  # nbgrader's, beside the notebooks
Entries = Iterable[tuple[zipfile.ZipInfo, tuple[str, ...]]]


class Unreadable(CourseError):
    """A submission that cannot be read; the message says why."""


@dataclass
class File:
    """A file that was handed in: its path, the time it tells, and what is in it.

    parts: the path, zips being folders. data: `None` where it is not of our kind.
    reason: why it could not be read.
    """

    parts: tuple[str, ...]
    data: bytes | None = None
    reason: str = ""
    time: float = 0.0


@dataclass
class Budget:
    """What one student's files may still amount to."""

    files: int = ENTRIES
    size: int = LIMIT

    def spend(self, files: int, size: int = 0) -> None:
        self.files, self.size = self.files - files, self.size - size
        if self.files < 0:
            raise Unreadable(N_("more than {entries:,} files", entries=ENTRIES))
        if self.size < 0:
            raise Unreadable(
                N_("the zip unpacks to more than {limit} MB", limit=LIMIT // 2**20)
            )


def wanted(name: str) -> bool:
    """Whether a file of this name is read at all."""
    return name.lower().endswith(".ipynb") or name == STAMP


def unpack(
    source: Path | BytesIO, parts: tuple[str, ...], budget: Budget, depth: int = 1
) -> list[File]:
    """The files of a zip, named from `parts` on.

    Raises `Unreadable` where the zip is damaged as a whole or reaches outside itself.
    """
    if depth > DEPTH:
        raise Unreadable(N_("more than {depth} zips in one another", depth=DEPTH))
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [(e, (*parts, *split(e))) for e in archive.infolist()]
            return list(extract(archive, entries, budget, depth))
    except (Unreadable, OSError):
        raise
    except Exception as error:  # whatever a reader of damaged zips stumbles on
        raise Unreadable(
            N_("the zip cannot be read: {why}", why=_why(error))
        ) from error


def extract(
    archive: zipfile.ZipFile, entries: Entries, budget: Budget, depth: int = 1
) -> Iterator[File]:
    """The files of some entries, each with the path that it is given."""
    chosen = [(entry, parts) for entry, parts in entries if not entry.is_dir()]
    budget.spend(len(chosen), sum(entry.file_size for entry, _ in chosen))
    for entry, _ in chosen:
        _refuse(entry)
    for entry, parts in chosen:
        if not any(map(SKIPPED.fullmatch, parts)):
            yield from _file(archive, entry, parts, budget, depth)


def _file(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    parts: tuple[str, ...],
    budget: Budget,
    depth: int,
) -> list[File]:
    """One file of a zip; of a zip in it, its files."""
    zipped = parts[-1].lower().endswith(".zip")
    if not zipped and not wanted(parts[-1]):
        return [File(parts)]
    try:
        with archive.open(entry) as file:
            data = file.read(entry.file_size + 1)
        if len(data) > entry.file_size:
            raise Unreadable(N_("the zip says less than it holds"))
        if zipped:
            return unpack(BytesIO(data), parts, budget, depth + 1)
        return [File(parts, data, time=_time(entry))]
    except Unreadable as error:
        return [File(parts, reason=str(error))]
    except Exception as error:  # whatever a decoder of damaged data stumbles on
        return [File(parts, reason=N_("cannot be unpacked: {why}", why=_why(error)))]


def _why(error: Exception) -> str:
    return f"{error or type(error).__name__}"[:200]


def split(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    """The parts of an entry's name, whichever slash its writer used.

    A name in an old code page stays as `zipfile` reads it, in code page 437: each byte
    has its own letter there, so that two names never become one.
    """
    name, known = entry.filename, bool(entry.flag_bits & 0x800)
    if not known:  # not said to be UTF-8, but often it is
        try:
            name, known = name.encode("cp437").decode(), True
        except UnicodeError:
            pass
    if known and "/" not in name:  # in Japanese code pages, \ is half of a letter
        name = name.replace("\\", "/")
    return tuple(part for part in name.split("/") if part not in ("", "."))


def _refuse(entry: zipfile.ZipInfo) -> None:
    parts = re.split(r"[/\\]", entry.filename)
    if ".." in parts or parts[0] == "" or re.match(r"^[A-Za-z]:", parts[0]):
        raise Unreadable(
            N_(
                "the zip writes outside its folder: {filename}",
                filename=entry.filename[:80],
            )
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unreadable(
            N_(
                "the zip holds a symbolic link: {filename}",
                filename=entry.filename[:80],
            )
        )


def _time(entry: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*entry.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
