"""Curves that a lesson draws with `plt`: words that tell them, and few colors."""

from __future__ import annotations

import base64
import io
import re

from PIL import Image

from course_utils.errors import CourseError

TITLE = re.compile(r"""title\(\s*(["'])(.+?)\1""")
FIGURE = "<Figure size"
COLORS = 16
PNG = "image/png"


def finish(cells) -> None:
    """Give each stored figure its title as words, and make its file small.

    Raises `CourseError` where a cell draws a figure without a title.
    """
    for cell in cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if PNG in data and FIGURE in "".join(data.get("text/plain", "")):
                output.metadata[PNG] = {"alt": _title(cell.source)}
                data[PNG] = small(data[PNG])


def _title(source: str) -> str:
    if found := TITLE.search(source):
        return found[2]
    first = source.splitlines()[0]
    raise CourseError(f'a figure needs words: add `plt.title("…")` to `{first}` …')


def small(png: str) -> str:
    """A PNG in base64, in few colors; one that has few already stays as it is."""
    image = Image.open(io.BytesIO(base64.b64decode(png)))
    if image.mode == "P":
        return png
    out = io.BytesIO()
    few = image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()
