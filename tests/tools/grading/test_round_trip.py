"""A class of 30 goes through each system and back: every mark returns to its student.

One is late, some have accents, two share a name, three hand in nothing. What a system
reads back is read here as its own importer does.
"""

import csv
import io
import json
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from course_utils.tools.grading import exports
from course_utils.tools.grading.collect import collect
from course_utils.tools.grading.demo import NAMES
from course_utils.tools.grading.gradebook import gradebook
from course_utils.tools.grading.roster import read_roster
from course_utils.tools.grading.summary import settle

from .test_gradebook import marked

STEM = "01_dataset"
ODD = [
    "José Ñandú",
    "Sinéad O'Brien",
    "李 小龙",
    "Ana-María de la Cruz",
    "Lee Wong",
    "Lee Wong",
    "Łukasz Żółć",
    "Zoë van der Meer",
]
PEOPLE = [
    {
        "name": name,
        "id": f"m{100 + n}",
        "email": f"s{100 + n}@x.org",
        "login": f"login{n}",
        "canvas": str(9000 + n),
        "moodle": str(500 + n),
    }
    for n, name in enumerate([*ODD, *(f"{name} Smith" for name in NAMES[:22])])
]
THERE = PEOPLE[:-3]  # the last three hand in nothing
NUMBERS = {  # what each system's own roster knows beside the name
    "canvas": ("canvas", "id", "login"),
    "moodle": ("moodle", "email"),
    "gradescope": ("id", "email"),
    "nbgrader": ("id", "login"),
    "github": ("login",),
}


def content(person):
    """A notebook that tells who wrote it."""
    cell = {"cell_type": "code", "source": person["id"], "metadata": {}}
    return json.dumps({"nbformat": 4, "cells": [cell]})


def canvas(person):
    *first, last = person["name"].lower().split()
    name = "".join(filter(str.isalnum, "".join([last, *first])))
    late = "_LATE" if person["id"] == "m103" else ""
    file = f"77{person['id'][1:]}_{STEM}-1.ipynb"
    return f"{name}{late}_{person['canvas']}_{file}"


def moodle(person):
    name = unicodedata.normalize("NFD", person["name"])
    return f"{name}_{person['moodle']}_assignsubmission_file_/{STEM}.ipynb"


LAYOUTS = {
    "canvas": canvas,
    "moodle": moodle,
    "gradescope": lambda person: f"export/submission_{person['canvas']}/{STEM}.ipynb",
    "nbgrader": lambda person: f"submitted/{person['id']}/hw1/{STEM}.ipynb",
    "github": lambda person: f"hw1-submissions/hw1-{person['login']}/{STEM}.ipynb",
}


def handed_in(system):
    """Each path of what a system hands out, and what is in it."""
    files = {LAYOUTS[system](person): content(person) for person in THERE}
    if system == "gradescope":
        files["export/submission_metadata.yml"] = "---\n" + "".join(
            f"submission_{p['canvas']}:\n  :submitters:\n"
            f"  - :name: {json.dumps(p['name'])}\n    :sid: {p['id']}\n"
            f"    :email: {p['email']}\n"
            for p in THERE
        )
    if system == "github":
        files |= {f"{Path(path).parent}/.git/HEAD": "" for path in files}
    return files


@pytest.fixture(params=[(s, z) for s in LAYOUTS for z in (False, True)], ids=str)
def settled(request, tmp_path):
    """The class's marks after one system's way in; a point for each, by number."""
    system, zipped = request.param
    root = tmp_path / ("class.zip" if zipped else "class")
    if zipped:
        with zipfile.ZipFile(root, "w") as file:
            for path, text in handed_in(system).items():
                file.writestr(path, text)
    else:
        for path, text in handed_in(system).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
    heads = ["name", *NUMBERS[system]]
    rows = [[person[head] for head in heads] for person in PEOPLE]
    with open(tmp_path / "roster.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    roster = read_roster(tmp_path / "roster.csv")
    found = collect(root, [STEM], roster)
    marks = [
        marked(
            one.student,
            points=int(one.cells[0]["source"][1:]) - 99,
            stem=STEM,
            label=STEM,
            max_points=40,
            person=one.person,
            late=one.late,
        )
        for one in found
    ]
    return system, settle(marks, roster, {STEM: 40})


def points(person):
    return str(int(person["id"][1:]) - 99) if person in THERE else ""


def test_every_mark_returns_to_its_student(settled):
    system, marks = settled
    assert len(marks) == 30
    known = {"nbgrader": "id", "github": "login"}.get(system, system)
    if system == "gradescope":
        known = "id"
    back = {"canvas": from_canvas, "moodle": from_moodle}.get(system, from_grades)
    expected = {person[known]: points(person) for person in PEOPLE}
    found = back(marks, known)
    assert len(found) == 30
    assert found == expected
    results = exports.for_gradescope(marks, {}, lambda one: "")
    scores = Counter(str(json.loads(text)["score"]) for _, text in results)
    assert scores == Counter(points(person) for person in THERE)


def from_canvas(marks, known):
    """As Canvas's importer: by ID, else by the numbers of the school."""
    rows = list(csv.reader(io.StringIO(exports.canvas(marks, {STEM: "HW 1 (3)"}))))
    assert rows[0][1] == "ID" and rows[0][5] == "HW 1 (3)"
    (late,) = [one for one in marks if one.late]
    assert late.person.id == "m103"
    return {row[1]: row[5] for row in rows[2:]}


def from_moodle(marks, known):
    """As Moodle's importers: the worksheet by participant, feedback by folder."""
    rows = csv.DictReader(io.StringIO(exports.moodle(marks, "Grade")))
    grades = {r["Identifier"][len("Participant ") :]: r["Grade"] for r in rows}
    data = exports.moodle_feedback(marks, lambda one: str(one.points))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            _, number, kind, plugin, *_ = name.split("/")[0].split("_")
            assert (kind, plugin) == ("assignsubmission", "file")
            assert file.read(name).decode() == grades[number]
    return grades


def from_grades(marks, known):
    rows = csv.DictReader(io.StringIO(gradebook(marks)))
    return {
        row[known]: "" if row["state"] == "not handed in" else row["points"]
        for row in rows
    }
