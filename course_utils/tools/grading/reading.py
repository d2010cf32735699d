"""Read a notebook that is not to be trusted: its cells, as plain as they can be."""

from __future__ import annotations

import json

from .zips import Unreadable

CELLS = 2_000
CELL, SOURCES = 200_000, 2_000_000  # characters of one cell's source, and of all


def parse(data: bytes) -> tuple[list[dict], str]:
    """The cells `{kind, id, tags, source, count}` of a notebook, and its kernel's name.

    Raises `Unreadable` where it is no notebook, or larger than the limits.
    """
    notebook = _notebook(data)
    metadata = notebook.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    kernel = str(spec.get("name", "")) if isinstance(spec, dict) else "python3"
    return _cells(notebook), kernel


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
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(c, dict) for c in cells):
        raise Unreadable("a notebook without a list of cells")
    if len(cells) > CELLS:
        raise Unreadable(f"more than {CELLS:,} cells")
    plain = [plain_cell(cell) for cell in cells]
    for number, cell in enumerate(plain, 1):
        if len(cell["source"]) > CELL:
            raise Unreadable(f"cell {number} has more than {CELL:,} characters")
    if sum(len(cell["source"]) for cell in plain) > SOURCES:
        raise Unreadable(f"its cells have more than {SOURCES:,} characters")
    return plain


def plain_cell(cell: dict) -> dict:
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
        "tags": [tag for tag in tags if isinstance(tag, str)],
        "source": source.encode("utf-8", "replace").decode(),
        "count": count if isinstance(count, int) else None,
    }
