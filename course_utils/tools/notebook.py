"""Read a notebook of the course's own."""

from __future__ import annotations

from pathlib import Path

import nbformat

from course_utils.errors import CourseError


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook at `path`; raises `CourseError` where it is none."""
    try:
        return nbformat.read(path, as_version=4)
    except OSError:
        raise
    except Exception as error:  # nbformat has no base class for what it raises
        name = "/".join(path.parts[-2:])
        raise CourseError(f"{name}: not a notebook ({type(error).__name__})") from None
