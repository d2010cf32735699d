"""Files that are written whole, under names that no two share."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from course_utils.tools.text import visible

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
HASHED = re.compile(r"-[0-9a-f]{8}$")


def write(path: Path, content: str | bytes) -> None:
    """Write a file so that it is, at every moment, the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        content = content.encode("utf-8", "replace")
    beside = path.with_name(f".{path.name[:40]}.{os.getpid()}.part")
    with open(beside, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def write_below(folder: Path, name: str | Path, content: str | bytes) -> Path:
    """Write a file in a folder of ours, where whatever stands in its way is removed."""
    path = folder / name
    inside = [parent for parent in path.parents if parent.is_relative_to(folder)]
    for parent in reversed(inside):
        if not parent.is_dir():
            remove(parent)
            parent.mkdir()
    if path.is_dir():
        remove(path)
    write(path, content)
    return path


def read(path: Path) -> str:
    """The text of an ordinary file; raises OSError for a pipe, which never ends."""
    if not path.is_file():
        raise OSError(f"{path} is not an ordinary file")
    return path.read_text(encoding="utf-8")


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def safe(name: str) -> str:
    """A name as one part of a path; two different names never share one."""
    kept = re.sub(r'[\t\n/\\:*?"<>|%#�]+', "_", visible(name)).strip("._- ")
    short = kept.encode()[:100].decode(errors="ignore").strip("._- ")
    if short == name and not RESERVED.fullmatch(name) and not HASHED.search(name):
        return name
    return f"{short or 'student'}-{_hash(name)}"


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def paths(names: Iterable[str]) -> dict[str, str]:
    """A part of a path for each name; no two are one where case does not count."""
    made: dict[str, str] = {}
    taken = set()
    for name in sorted(set(names)):
        part = safe(name)
        while folded(part) in taken:
            part = f"{part}-{_hash(name + part)}"
        taken.add(folded(part))
        made[name] = part
    return made


def folded(part: str) -> str:
    """A name as a file system sees it that knows neither case nor forms of accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", part).casefold())
