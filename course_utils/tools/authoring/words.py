"""The sentences of the running course: what a translator of `course.po` gets to see."""

from __future__ import annotations

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir

from course_utils.judging import keys
from course_utils.tools.places import PACKAGE, stems

SAID = dict.fromkeys(("_", "N_"))
CONTROLS = dict.fromkeys(("slider", "choice", "steps", "switch", "player"))
PYTHON = [("**.py", "python")]
PAGES = [("**.html", "jinja2.ext:babel_extract")]


def extract() -> Catalog:
    """Every sentence in `_(…)`, of a demo's controls, and the titles of turns."""
    catalog = Catalog(project="course", charset="utf-8")
    rooms = sorted(path for path in PACKAGE.iterdir() if path.is_dir())
    for room in rooms:
        said = SAID | CONTROLS if room.name == "demos" else SAID
        for found in extract_from_dir(room, PYTHON + PAGES, keywords=said):
            name, _, text, *_ = found
            _add(catalog, text, f"{room.name}/{name}")
    for stem in stems():
        for task in keys.load(stem)["tasks"]:
            if task["kind"] != "task":
                _add(catalog, task["title"], f"the title of {stem}, {task['task']}")
    return catalog


def _add(catalog: Catalog, text: str | tuple, where: str) -> None:
    """Add a text with where it is said; a text said twice is one unit."""
    if isinstance(text, str) and text:
        known = catalog.get(text)
        said = known.auto_comments if known else []
        unit = catalog.add(text, auto_comments=[] if where in said else [where])
        unit.flags.discard("python-format")  # a % stands for itself
