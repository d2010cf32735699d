"""What goes out to a learning system: the gradebook in its own form."""

from __future__ import annotations

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from course_utils.judging.state import State
from course_utils.locale import speaking
from course_utils.locale.again import again
from course_utils.tools.text import visible

from .gradebook import MISSING, Marked, table
from .writing import folded, safe, write_below

Content = str | bytes
Files = Iterator[tuple[Path, Content]]
DATE = (2000, 1, 1, 0, 0, 0)  # of files in a zip: the same marks make the same zip


def canvas(marked: list[Marked], columns: dict[str, str]) -> str:
    """Canvas's gradebook to import: a row a student, a column an exercise.

    columns: what an exercise's assignment is called there, its stem where not told.
    """
    points = {m.stem: m.max_points for m in marked if m.counts and m.stem}
    stems = sorted(points)
    heads = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    names = [columns.get(stem, stem) for stem in stems]
    possible = ["Points Possible", *[""] * 4, *(points[stem] for stem in stems)]
    rows: list[list] = [[*heads, *names], possible]
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    people = {mark.student: mark.person for mark in marked}
    for mark in marked:
        if mark.counts and mark.reason != MISSING:
            scores[mark.student][mark.stem] = mark.points
    for student in sorted(people):
        person = people[student]
        login = person.login or (student if not person.number else "")
        row = [student, person.canvas, person.id, login, person.section]
        rows.append([*row, *(scores[student].get(stem, "") for stem in stems)])
    return table(rows)


def moodle(marked: list[Marked], column: str) -> str:
    """One exercise for Moodle: its grading worksheet, also to import as grades.

    column: what the column of grades is called; a worksheet's is `Grade`.
    """
    heads = ["Identifier", "Full name", "ID number", "Email address", "Username"]
    rows: list[list] = [[*heads, column, "Maximum Grade", "Last modified (grade)"]]
    for mark in marked:
        who = mark.person
        identifier = f"Participant {who.moodle}" if who.moodle else ""
        points = "" if mark.reason == MISSING else mark.points
        known = [identifier, mark.student, who.id, who.email, who.login]
        rows.append([*known, points, mark.max_points, ""])
    return table(rows)


def moodle_feedback(marked: list[Marked], page: Callable[[Marked], str]) -> bytes:
    """Feedback pages in a zip, each in the folder that Moodle wrote for its student."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for mark in marked:
            who = mark.person
            name = " ".join(safe(mark.student).split("_"))
            folder = who.folder or f"{name}_{who.moodle}_assignsubmission_file_"
            if who.moodle and mark.reason != MISSING:
                entry = zipfile.ZipInfo(f"{folder}/{mark.stem}.html", DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, page(mark).encode("utf-8", "replace"))
    return file.getvalue()


def gradescope(marked: list[Marked], also: Sequence[str] = ()) -> dict:
    """Gradescope's results of one student's submissions. also: what else to say."""
    tests = [
        {
            "name": verdict["slug"],
            "score": verdict["points"],
            "max_score": verdict["max_points"],
            "status": "passed" if verdict["state"] == State.PASSED else "failed",
            "output_format": "text",
            "output": visible(verdict["text"]),
        }
        for mark in marked
        for verdict in mark.shown()
    ]
    lines = [line for mark in marked for line in remarks(mark)]
    return {
        "score": round(sum(mark.points for mark in marked), 2),
        "output_format": "text",
        "output": visible("\n".join(filter(None, [*lines, *also]))),
        "tests": tests,
    }


def remarks(mark: Marked) -> list[str]:
    """What is to be said of a submission, in its language."""
    said = [mark.reason, *mark.handed, *mark.repairs, *mark.notes]
    with speaking(mark.language, mark.stem):
        return [*map(again, said)]


# ------------------------------------------------------------- all files of a format


def for_canvas(marked: list[Marked], columns: dict[str, str], page: Callable) -> Files:
    yield Path("canvas.csv"), canvas(marked, columns)


def for_moodle(marked: list[Marked], columns: dict[str, str], page: Callable) -> Files:
    exercises: dict[str, list[Marked]] = defaultdict(list)
    for mark in marked:
        if mark.counts and mark.stem:
            exercises[mark.stem].append(mark)
    for stem, theirs in exercises.items():
        grades = moodle(theirs, columns.get(stem, "Grade"))
        yield Path("moodle", f"{stem}.csv"), grades
        yield Path("moodle", f"{stem}-feedback.zip"), moodle_feedback(theirs, page)


def for_gradescope(
    marked: list[Marked], columns: dict[str, str], page: Callable
) -> Files:
    for mark in marked:
        if mark.counts and mark.stem and mark.reason != MISSING:
            folder = Path("gradescope", mark.stem, Path(mark.path).parent.name)
            yield folder / "results.json", json.dumps(gradescope([mark]), indent=1)


FORMATS = {"gradescope": for_gradescope, "canvas": for_canvas, "moodle": for_moodle}
PLACES = (
    "feedback/*/*.html",
    "gradescope/*/*/results.json",
    "moodle/*.csv",
    "moodle/*.zip",
    "canvas.csv",
    "report-anonymous.html",
)


def publish(out: Path, files: Files) -> None:
    """Write files below `out`; what an earlier run wrote there and this one does not
    is removed."""
    written: dict[str, Path] = {}
    for path, content in files:
        write_below(out, path, content)
        written[folded(str(path))] = path
    for old in [path for place in PLACES for path in out.glob(place)]:
        new = written.get(folded(str(old.relative_to(out))))
        if new and old.samefile(out / new):  # on some file systems, case is nothing
            continue
        if not old.is_dir():
            old.unlink()
        for folder in old.relative_to(out).parents[:-1]:
            if not any((out / folder).iterdir()):
                (out / folder).rmdir()
