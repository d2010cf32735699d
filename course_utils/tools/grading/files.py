"""The files of a class, a folder or a zip; what cannot be read says why."""

from __future__ import annotations

import os
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

from course_utils.locale.again import N_

from .zips import LIMIT, SKIPPED, Budget, File, Unreadable, extract, split, unpack
from .zips import wanted as is_wanted

# Bytes as they are (Windows), no link, and no waiting for a pipe (elsewhere).
FLAGS = ("O_RDONLY", "O_BINARY", "O_NOFOLLOW", "O_NONBLOCK")
READING = sum(getattr(os, flag, 0) for flag in FLAGS)
UPPER = 4  # levels of folders, from the class's on, that are looked at for its layout


def outline(root: Path) -> list[tuple[str, ...]]:
    """The paths in a class's folder or zip, of a folder the upper levels.

    Raises `Unreadable` where it is neither, or a zip that cannot be read.
    """
    if root.is_dir():
        return list(_upper(root))
    try:
        with zipfile.ZipFile(root) as archive:
            return [split(entry) for entry in archive.infolist()]
    except Exception as error:  # whatever a reader of damaged zips stumbles on
        raise Unreadable(
            N_(
                "{root} is not a folder, and no zip that can be read: give what "
                "holds the submissions",
                root=root,
            )
        ) from error


def _upper(folder: Path, parts: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for path in sorted(folder.iterdir()):
        inner = (*parts, readable(path.name))
        yield inner
        if len(inner) < UPPER and path.is_dir() and not path.is_symlink():
            if path.name != ".git":
                yield from _upper(path, inner)


def areas(root: Path, prefix: tuple[str, ...]) -> Iterator[tuple[str, list[File]]]:
    """What stands below `prefix` in a class: each entry's name, and its files."""
    if root.is_dir():
        for name, path in _named(root.joinpath(*prefix)):
            yield name, list(read_tree(path, (name,)))
        return
    depth = len(prefix)
    found: dict[str, list[tuple[zipfile.ZipInfo, tuple[str, ...]]]] = {}
    with zipfile.ZipFile(root) as archive:
        for entry in archive.infolist():
            parts = split(entry)
            if parts[:depth] == prefix and len(parts) > depth:
                found.setdefault(parts[depth], []).append((entry, parts[depth:]))
        for name in sorted(found):
            if SKIPPED.fullmatch(name):
                continue
            try:
                yield name, list(extract(archive, found[name], Budget()))
            except Unreadable as error:
                yield name, [File((name,), reason=str(error))]


def _named(folder: Path) -> Iterator[tuple[str, Path]]:
    """A folder's entries with their names as text, two of them never the same.

    On disk, one name in two code pages is two names.
    """
    taken = set()
    paths = [path for path in folder.iterdir() if not SKIPPED.fullmatch(path.name)]
    for path in sorted(paths, key=lambda path: (not _is_text(path.name), path.name)):
        name, number = readable(path.name), 1
        while not _is_text(path.name) and unicodedata.normalize("NFC", name) in taken:
            number += 1
            name = f"{readable(path.name)} ({number})"
        taken.add(unicodedata.normalize("NFC", name))
        yield name, path


def _is_text(name: str) -> bool:
    return name.isprintable()  # a byte that is not UTF-8 is a surrogate, which is not


def readable(name: str) -> str:
    """A file's name as text, of an old code page where it is not UTF-8."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def peek(root: Path, parts: tuple[str, ...]) -> bytes:
    """One file of a class's folder or zip; raises `OSError`, `KeyError` without it."""
    if root.is_dir():
        return root.joinpath(*parts).read_bytes()
    with zipfile.ZipFile(root) as archive:
        return archive.read("/".join(parts))


def read_tree(path: Path, parts: tuple[str, ...]) -> Iterator[File]:
    """A file, or all files below a folder, zips unpacked, links not followed."""
    budget = Budget()
    try:
        if path.is_symlink() or not path.is_dir() or is_wanted(path.name):
            yield from _read(path, parts, budget)
            return
        for inner in _walk(path):
            budget.spend(1)
            below = map(readable, inner.relative_to(path).parts)
            yield from _read(inner, (*parts, *below), budget)
    except (Unreadable, OSError) as error:
        yield File(parts, reason=_reason(error))


def _walk(folder: Path) -> Iterator[Path]:
    """Files, links, and folders that pose as notebooks."""

    def fail(error: OSError) -> None:
        raise error

    for root, folders, files in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not SKIPPED.fullmatch(name))
        links = [name for name in folders if Path(root, name).is_symlink()]
        posing = [name for name in folders if is_wanted(name) and name not in links]
        for name in [*sorted(files), *links, *posing]:
            if not SKIPPED.fullmatch(name):
                yield Path(root, name)


def _read(path: Path, parts: tuple[str, ...], budget: Budget) -> list[File]:
    try:
        if path.is_symlink():
            raise Unreadable(N_("a symbolic link is not followed"))
        if path.suffix.lower() == ".zip" and not path.is_dir():
            return unpack(path, parts, budget)
        if not is_wanted(path.name):
            return [File(parts)]
        if path.is_dir():
            raise Unreadable(N_("a folder, not a notebook"))
        return [File(parts, _bytes(path), time=path.stat().st_mtime)]
    except (Unreadable, OSError) as error:
        return [File(parts, reason=_reason(error))]


def _bytes(path: Path) -> bytes:
    handle = os.open(path, READING)
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise Unreadable(N_("not an ordinary file"))
        if state.st_size > LIMIT:
            raise Unreadable(N_("larger than {limit} MB", limit=LIMIT // 2**20))
        return file.read(LIMIT + 1)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be opened: {error.strerror or type(error).__name__}"
    return str(error)
