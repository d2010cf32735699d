"""The sentences of the running course: what a translator of `course.po` gets to see."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from course_utils.judging import keys
from course_utils.tools.places import PACKAGE, stems

SAID = dict.fromkeys(("_", "N_"))
CONTROLS = dict.fromkeys(("slider", "choice", "steps", "switch", "player"))
PYTHON = [("**.py", "python")]
PAGES = [("**.html", "jinja2.ext:babel_extract")]
HEAD = """\
# What the running course says: cards, commands, pages, demos.
msgid ""
msgstr ""
"Language: {}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def files() -> dict[Path, str]:
    """What each language's `course.po` must hold, by path."""
    return {path: updated(path) for path in PACKAGE.glob("locale/*/course.po")}


def updated(path: Path) -> str:
    """A catalog with today's sentences: one that was changed keeps its translation as
    fuzzy, one that is gone is left out."""
    language, file = path.parent.name, BytesIO()
    with path.open("rb") as old:
        catalog = read_po(old, locale=language)
    catalog.update(extract())
    for message in catalog:
        message.flags.discard("python-format")  # a % stands for itself
    write_po(file, catalog, omit_header=True, ignore_obsolete=True)
    return HEAD.format(language) + file.getvalue().decode().lstrip("\n")


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
        catalog.add(text, auto_comments=[] if where in said else [where])
