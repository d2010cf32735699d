"""What submissions do, and what the gradebook says of each.

A file in faults/ is one submission. Its first lines say what it does, how the code
below them is used (`submission:`), and what the gradebook must say:

- `squares:`, `double:`, `total:` the states that this task may have; `no point` is any
  state without points. `double` and `total` are passed where nothing else is said.
- `points:` those of `squares`.
- `unreadable:` the one row says why. `feedback:` the feedback page says this.

A name in capitals stands for what `corpus` puts there. All are marked in two runs: one
whose limits are short, for those that may run out of time, and one that has time.
"""

import csv
import io
import json
import os
import re
import stat
import textwrap
import zipfile
from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from socket import create_server

import psutil
import pytest

from course_utils.tools.grading.grade import grade
from course_utils.tools.grading.job import Limits
from course_utils.tools.grading.summary import Summary
from course_utils.tools.grading.writing import safe

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
FAULTS = Path(__file__).with_name("faults")
SIZES = {"output": 2**20, "messages": 1_000, "memory": 2 * 2**30}
SHORT = Limits(cell=8, notebook=40, **SIZES)
LONG = Limits(cell=300, notebook=900, **SIZES)
STUB = """# answer: squares
class Squares(Dataset):
    def __init__(self, n):
        raise NotImplementedError("squares")

    def __len__(self):
        raise NotImplementedError("squares")

    def __getitem__(self, i):
        raise NotImplementedError("squares")"""
NAMES = [
    *("a b", "👩‍🎓 emoji", "שלום", "x" * 200, "..a", "-rf", "=cmd()", "<b onclick=x>"),
    *("a\u202eb", "[red]"),
]


class Fault:
    """One file of the corpus: what it does, and what must be said of it."""

    def __init__(self, path):
        head, self.code = path.read_text(encoding="utf-8").split("\n\n", 1)
        self.name = f"{path.parent.name} {path.stem.replace('_', ' ')}"
        self.wanted = dict(re.findall(r"^# (\w+): (.+)$", head, re.MULTILINE))
        self.how = self.wanted.pop("submission")

    @property
    def may_take_long(self):
        return re.search("timed out|no point", self.wanted.get("squares", ""))

    def __str__(self):
        return self.name.replace(" ", "-")


ALL = [Fault(path) for path in sorted(FAULTS.glob("*/*.py"))]


def answers(fault, small, code):
    """The answers of a submission that is right but for its code."""
    if fault.how == "the answer to `double`":
        return {"double": f"# answer: double\n{code}"}
    if fault.how == "code that searches":  # right only where it finds something
        right = textwrap.indent(small.right, "    ")
        return {"squares": f"{small.wrong}\n{code}\nif found:\n{right}"}
    before = {"a right": small.right, "a wrong": small.wrong}
    which = re.fullmatch("code after (a right|a wrong) answer", fault.how)[1]
    return {"squares": f"{before[which]}\n{code}"}


def write(fault, small, folder, code):
    """Write one student's submission."""
    notebook = folder / f"{small.stem}.ipynb"
    names = {"small": small, "right": small.right, "wrong": small.wrong, "stub": STUB}
    if fault.how == "files":
        folder.mkdir()
        whole = {"nbformat": 4, "metadata": {}, "cells": small.cells()}
        names |= {**vars(zipfile), "json": json, "os": os, "stat": stat}
        names |= {"folder": folder, "notebook": notebook}
        exec(code, {**names, "whole": json.dumps(whole).encode()})
    elif fault.how == "changes to the cells":
        cells = small.cells()
        names |= {"cells": cells, "re": re, "deepcopy": deepcopy}
        names["cell"] = lambda wanted: next(c for c in cells if c.id == wanted)
        exec(code, names)
        small.write(notebook, cells)
    else:
        small.write(notebook, small.cells(**answers(fault, small, code)))


def corpus(faults, small, folder, out, port):
    """Write a class: a student for each fault, and some who do as they should."""
    for name in ("right", "neighbor", *NAMES):
        small.write(folder / name / f"{small.stem}.ipynb", small.cells())
    mistaken = small.cells(squares=small.mistake)
    small.write(folder / "mistaken" / f"{small.stem}.ipynb", mistaken)
    start_up = ".ipython/profile_default/startup/00.py"
    paths = [
        *(out / "grades.csv", out / "results" / "x.json", "/dev/shm/left", __file__),
        *(folder / "right" / f"{small.stem}.ipynb", f"/tmp/{start_up}"),
        os.path.expanduser(f"~/{start_up}"),
    ]
    for fault in faults:
        code = re.sub(r"\bPORT\b", str(port), fault.code)
        code = re.sub(r"\bPATHS\b", repr([str(path) for path in paths]), code)
        write(fault, small, folder / fault.name, code)


@dataclass
class Book:
    """A graded class: its rows by student and task, its pages and folders."""

    folder: Path
    out: Path
    summary: Summary
    before: dict[Path, bytes]

    def __post_init__(self):
        self.rows = defaultdict(dict)
        text = (self.out / "grades.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(io.StringIO(text)):
            rows = self.rows[row["student"]]
            if row["task"] not in rows or row["notebook"] == "90_small":
                rows[row["task"]] = row  # that of the file which counts

    def feedback(self, student, label="90_small"):
        path = self.out / "feedback" / safe(student) / f"{safe(label)}.html"
        return unescape(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def graded(isolation, small, tmp_path_factory):
    """Marks a class of these faults, once."""

    def graded(name, faults, limits):
        folder = tmp_path_factory.mktemp(f"{name}-class")
        out = tmp_path_factory.mktemp(f"{name}-out")
        with create_server(("127.0.0.1", 0)) as server:
            corpus(faults, small, folder, out, server.getsockname()[1])
            files = [path for path in folder.glob("*/*.ipynb") if path.is_file()]
            small_ones = [path for path in files if path.stat().st_size < 10**6]
            before = {path: path.read_bytes() for path in small_ones}
            options = {"limits": limits, "formats": ("canvas", "gradescope")}
            summary = grade(folder, out, seed=11, solutions=small.folder, **options)
        return Book(folder, out, summary, before)

    return graded


@pytest.fixture(scope="session")
def chosen(request):
    """The faults that this session asks for; all where another test asks for them."""
    items = [item for item in request.session.items if item.path == Path(__file__)]
    params = [
        getattr(item, "callspec", None) and item.callspec.params for item in items
    ]
    asked = [param["fault"] for param in params if param and "fault" in param]
    return asked if len(asked) == len(items) else ALL


@pytest.fixture(scope="session")
def hurried(graded, chosen):
    return graded("hurried", [f for f in chosen if f.may_take_long], SHORT)


@pytest.fixture(scope="session")
def unhurried(graded, chosen):
    return graded("unhurried", [f for f in chosen if not f.may_take_long], LONG)


@pytest.mark.parametrize("fault", ALL, ids=str)
def test_a_fault_gets_what_it_must(fault, request):
    book = request.getfixturevalue("hurried" if fault.may_take_long else "unhurried")
    rows, wanted = book.rows[fault.name], dict(fault.wanted)
    if "feedback" in wanted:
        assert re.search(wanted.pop("feedback"), book.feedback(fault.name))
    if why := wanted.pop("unreadable", None):
        assert rows.keys() == {""} and rows[""]["state"] == "unreadable"
        assert float(rows[""]["points"]) == 0 and re.search(why, rows[""]["mistake"])
        assert fault.name in (book.out / "report.html").read_text(encoding="utf-8")
        return
    if "points" in wanted:
        assert float(rows["squares"]["points"]) == float(wanted.pop("points"))
    for task, states in ({"double": "passed", "total": "passed"} | wanted).items():
        state, points = rows[task]["state"], float(rows[task]["points"])
        if states == "no point":
            assert points == 0 and state not in ("passed", "partly")
        else:
            assert state in states.split(" or "), rows[task]


def test_neighbors_keep_their_marks(hurried, unhurried, small):
    for book in (hurried, unhurried):
        for name in ("right", "neighbor"):
            assert [row["state"] for row in book.rows[name].values()] == ["passed"] * 3
        squares = book.rows["mistaken"]["squares"]
        assert (squares["state"], float(squares["points"])) == ("partly", 2)
        assert squares["mistake"] == small.message


@pytest.mark.parametrize("name", NAMES)
def test_names_are_kept_and_safe(unhurried, name):
    (marked,) = (one for one in unhurried.summary.marked if one.student == name)
    assert marked.points == 6
    folder = safe(name)
    pages = unhurried.out / "feedback"
    assert (pages / folder).parent == pages
    assert not folder.startswith((".", "-")) and len(folder.encode()) < 120
    text = (unhurried.out / "grades.csv").read_text(encoding="utf-8")
    for row in csv.reader(io.StringIO(text)):
        assert not row[0].startswith(("=", "+", "-", "@"))


def test_the_newer_of_two_files_counts_and_the_other_is_told(unhurried):
    twice = [one for one in unhurried.summary.marked if one.student == "files twice"]
    assert sorted((one.counts, one.points) for one in twice) == [(False, 3), (True, 6)]
    label = next(one.label for one in twice if not one.counts)
    assert "counts for this exercise" in unhurried.feedback("files twice", label)


def test_nothing_can_be_written(unhurried):
    assert {path: path.read_bytes() for path in unhurried.before} == unhurried.before
    assert "import os" not in (unhurried.out / "grades.csv").read_text()


def test_nothing_outlives_its_kernel(unhurried):
    running = psutil.process_iter(["cmdline"])
    lines = [" ".join(process.info["cmdline"] or []) for process in running]
    assert not [line for line in lines if "course_fault_corpus" in line]


def test_markup_is_inert(unhurried, small):
    page = unhurried.out / "feedback" / "answers markup" / f"{small.stem}.html"
    raw = page.read_text(encoding="utf-8")
    assert "<script" not in raw and "\x1b" not in raw and "alert(1)" in raw
    report = (unhurried.out / "report.html").read_text(encoding="utf-8")
    assert "<b onclick" not in report and "&lt;b onclick=x&gt;" in report
