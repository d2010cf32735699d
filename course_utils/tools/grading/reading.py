"""Read a notebook that is not to be trusted: its cells, as plain as they can be."""

from __future__ import annotations

import json

from course_utils.locale.again import N_

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
        raise Unreadable(N_("the file is empty"))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable(N_("written as UTF-16: save it as UTF-8"))
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable(N_("not UTF-8 text")) from error
    except RecursionError as error:
        raise Unreadable(N_("nested too deeply")) from error
    except ValueError as error:
        raise Unreadable(
            N_("not valid JSON (cut off?): {error}", error=error)[:200]
        ) from error
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise Unreadable(N_("JSON, but not a notebook"))
    if notebook["nbformat"] != 4:
        version = str(notebook["nbformat"])[:20]
        raise Unreadable(
            N_(
                "notebook format {version}: open and save it in JupyterLab",
                version=version,
            )
        )
    return notebook


def _cells(notebook: dict) -> list[dict]:
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(c, dict) for c in cells):
        raise Unreadable(N_("a notebook without a list of cells"))
    if len(cells) > CELLS:
        raise Unreadable(N_("more than {cells:,} cells", cells=CELLS))
    plain = [plain_cell(cell) for cell in cells]
    for number, cell in enumerate(plain, 1):
        if len(cell["source"]) > CELL:
            raise Unreadable(
                N_(
                    "cell {number} has more than {cell:,} characters",
                    number=number,
                    cell=CELL,
                )
            )
    if sum(len(cell["source"]) for cell in plain) > SOURCES:
        raise Unreadable(
            N_("its cells have more than {sources:,} characters", sources=SOURCES)
        )
    return plain


def plain_cell(cell: dict) -> dict:
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Unreadable(N_("a cell whose source is not text"))
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
