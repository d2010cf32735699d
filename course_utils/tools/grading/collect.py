"""Find the submissions of a class; what cannot be read is named, never a crash."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.errors import CourseError

LIMIT = 100 * 2**20  # bytes of a notebook, and of all that a zip unpacks to
ENTRIES = 2_000  # files in a zip or folder, cells in a notebook
SKIPPED = re.compile(
    r"^(\._.*|\.DS_Store|\.git|\.ipynb_checkpoints|__MACOSX|Thumbs\.db|desktop\.ini)$"
)
PADDING = " _-.·()[]"
BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error)


@dataclass
class Submission:
    """One notebook of one student: its cells, or the reason it cannot be read."""

    student: str
    name: str
    cells: list[dict] = field(default_factory=list)
    kernelspec: str = "python3"
    content: str = ""
    reason: str = ""
    stem: str = ""
    label: str = ""
    notes: list[str] = field(default_factory=list)


class Unreadable(CourseError):
    """A submission that cannot be read; the message says why."""


def collect(folder: Path, stems: list[str]) -> list[Submission]:
    """Every notebook below `folder`, sorted by student and name.

    A folder or a zip in `folder` is one student's, a notebook is named with the
    student and the stem. Raises `Unreadable` where `folder` is no folder.
    """
    if not folder.is_dir():
        raise Unreadable(f"{folder} is not a folder: give the folder of submissions")
    found: list[Submission] = []
    for entry in sorted(folder.iterdir()):
        if not SKIPPED.match(entry.name):
            found += _entry(entry, stems)
    return sorted(found, key=lambda one: (one.student, one.name))


def read(path: Path, stems: list[str]) -> Submission:
    """One notebook. Raises `Unreadable` where it cannot be read."""
    found = _entry(path, stems)[0]
    if found.reason:
        raise Unreadable(f"{path}: {found.reason}")
    return found


def _entry(entry: Path, stems: list[str]) -> list[Submission]:
    name = _readable(entry.name)
    student = name if entry.is_dir() else owner(name, stems)
    try:
        if entry.is_symlink():
            raise Unreadable("a symbolic link is not followed")
        if entry.is_dir() and not name.lower().endswith(".ipynb"):
            return _folder(entry, name)
        if name.lower().endswith(".zip"):
            return [_parsed(student, *pair) for pair in _zipped(entry)]
        return [_parsed(student, name, _bytes(entry))]
    except (Unreadable, OSError) as error:
        return [Submission(student, name, reason=_reason(error))]


def _folder(folder: Path, student: str) -> list[Submission]:
    found = []
    for path in _walk(folder):
        name = _readable(str(path.relative_to(folder)))
        try:
            if path.is_symlink():
                raise Unreadable("a symbolic link is not followed")
            if name.lower().endswith(".zip"):
                found += [_parsed(student, *pair) for pair in _zipped(path)]
            else:
                found.append(_parsed(student, name, _bytes(path)))
        except (Unreadable, OSError) as error:
            found.append(Submission(student, name, reason=_reason(error)))
    return found or [Submission(student, "", reason="no notebook in this folder")]


def _walk(folder: Path) -> Iterator[Path]:
    """Notebooks, zips and what poses as one; never through a symbolic link."""
    count = 0
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not SKIPPED.match(name))
        posing = [name for name in folders if name.lower().endswith(".ipynb")]
        for name in sorted(files) + posing:
            count += 1
            if count > ENTRIES:
                raise Unreadable(f"more than {ENTRIES:,} files")
            if name.lower().endswith((".ipynb", ".zip")) and not SKIPPED.match(name):
                yield Path(root, name)


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() != ".ipynb":
        raise Unreadable("not a notebook: the file's name does not end in .ipynb")
    if path.is_dir():
        raise Unreadable("a folder, not a notebook")
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise Unreadable("not an ordinary file")
        if state.st_size > LIMIT:
            raise Unreadable(f"larger than {LIMIT // 2**20} MB")
        return file.read(LIMIT + 1)


def _zipped(path: Path) -> list[tuple[str, bytes | Unreadable]]:
    """The notebooks in a zip; a zip that reaches outside itself is refused whole."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRIES:
                raise Unreadable(f"the zip holds more than {ENTRIES:,} files")
            if sum(entry.file_size for entry in entries) > LIMIT:
                raise Unreadable(f"the zip unpacks to more than {LIMIT // 2**20} MB")
            for entry in entries:
                _refuse(entry)
            wanted = [e for e in entries if _wanted(e.filename)]
            found = [(e.filename, _unpacked(archive, e)) for e in wanted]
    except BROKEN as error:
        raise Unreadable(f"the zip cannot be read: {error}") from error
    if not found:
        raise Unreadable("no notebook in this zip")
    return found


def _wanted(name: str) -> bool:
    parts = name.split("/")
    return name.lower().endswith(".ipynb") and not any(map(SKIPPED.match, parts))


def _refuse(entry: zipfile.ZipInfo) -> None:
    parts = re.split(r"[/\\]", entry.filename)
    if ".." in parts or parts[0] == "" or re.match(r"^[A-Za-z]:", parts[0]):
        raise Unreadable(f"the zip writes outside its folder: {entry.filename[:80]}")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unreadable(f"the zip holds a symbolic link: {entry.filename[:80]}")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | Unreadable:
    with archive.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) > entry.file_size:
        raise Unreadable("the zip says less than it holds")
    return data


def _parsed(student: str, name: str, data: bytes) -> Submission:
    content = hashlib.sha256(data).hexdigest()
    try:
        notebook = _notebook(data)
        spec = notebook.get("metadata")
        spec = spec.get("kernelspec") if isinstance(spec, dict) else None
        kernel = str(spec.get("name", "")) if isinstance(spec, dict) else "python3"
        return Submission(student, name, _cells(notebook), kernel, content)
    except Unreadable as error:
        return Submission(student, name, content=content, reason=str(error))


def _notebook(data: bytes) -> dict:
    if not data.strip():
        raise Unreadable("the file is empty")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("written as UTF-16: save it as UTF-8")
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("not UTF-8 text") from error
    except RecursionError as error:
        raise Unreadable("nested too deeply") from error
    except ValueError as error:
        raise Unreadable(f"not valid JSON (cut off?): {error}"[:200]) from error
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise Unreadable("JSON, but not a notebook")
    if notebook["nbformat"] != 4:
        version = str(notebook["nbformat"])[:20]
        raise Unreadable(f"notebook format {version}: open and save it in JupyterLab")
    return notebook


def _cells(notebook: dict) -> list[dict]:
    """Plain cells `{kind, id, tags, source, count}` of a notebook not to be trusted."""
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(c, dict) for c in cells):
        raise Unreadable("a notebook without a list of cells")
    if len(cells) > ENTRIES:
        raise Unreadable(f"more than {ENTRIES:,} cells")
    return [_cell(cell) for cell in cells]


def _cell(cell: dict) -> dict:
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Unreadable("a cell whose source is not text")
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else []
    tags = tags if isinstance(tags, list) else []
    count = cell.get("execution_count")
    return {
        "kind": str(cell.get("cell_type")),
        "id": cell["id"] if isinstance(cell.get("id"), str) else "",
        "tags": [t for t in tags if isinstance(t, str)]
        if isinstance(tags, list)
        else [],
        "source": source.encode("utf-8", "replace").decode(),
        "count": count if isinstance(count, int) else None,
    }


def owner(name: str, stems: list[str]) -> str:
    """The student in a file name: `anna_01_dataset.ipynb` → `anna`."""
    base = re.sub(r"\.(ipynb|zip)$", "", name, flags=re.IGNORECASE)
    for stem in stems:
        if stem in base and base != stem:
            left, right = base.split(stem, 1)
            return left.strip(PADDING) or right.strip(PADDING) or base
    return base


def _readable(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be opened: {error.strerror or type(error).__name__}"
    return str(error)
