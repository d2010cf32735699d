"""Every file finds its student, can be read or says why not; nothing is silent."""

import io
import json
import os
import unicodedata
import zipfile

import pytest

from course_utils.tools.grading import zips
from course_utils.tools.grading.collect import Unreadable, collect
from course_utils.tools.grading.people import Person
from course_utils.tools.grading.roster import Roster

STEMS = ["00_tensors", "01_dataset"]
EMPTY = json.dumps({"nbformat": 4, "cells": []})


def put(path, cells=(), **more):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nbformat": 4, "cells": list(cells), **more}))


def zipped(entries, method=zipfile.ZIP_STORED):
    """A zip's bytes; `entries` are names, as text or bytes, and contents."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def found(folder, roster=None):
    return [(s.student, s.name, s.reason) for s in collect(folder, STEMS, roster)]


def test_each_notebook_of_a_folder_is_its_students(tmp_path):
    put(tmp_path / "anna" / "deep" / "01_dataset.ipynb")
    put(tmp_path / "anna" / "00_tensors.ipynb")
    put(tmp_path / "bo_01_dataset.ipynb")
    put(tmp_path / "anna" / ".ipynb_checkpoints" / "01_dataset.ipynb")
    assert found(tmp_path) == [
        ("anna", "00_tensors.ipynb", ""),
        ("anna", "deep/01_dataset.ipynb", ""),
        ("bo", "bo_01_dataset.ipynb", ""),
    ]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_zips_in_zips_are_unpacked(tmp_path, depth):
    data = EMPTY
    for _ in range(depth):
        data = zipped({"01_dataset.ipynb" if data == EMPTY else "in.zip": data})
    (tmp_path / "anna.zip").write_bytes(data)
    ((student, name, reason),) = found(tmp_path)
    assert (student, reason) == ("anna", "")
    assert name == "in.zip/" * (depth - 1) + "01_dataset.ipynb"


def test_what_a_mac_adds_is_left_out_whichever_slash(tmp_path):
    data = {
        "a\\01_dataset.ipynb": EMPTY,
        "__MACOSX\\a\\._01_dataset.ipynb": "x",
        "__MACOSX/a/._01_dataset.ipynb": "x",
    }
    (tmp_path / "anna.zip").write_bytes(zipped(data))
    assert found(tmp_path) == [("anna", "a/01_dataset.ipynb", "")]


def damaged(method, at):
    data = bytearray(zipped({"01_dataset.ipynb": "x" * 999 + EMPTY}, method))
    data[at] ^= 0xFF
    return bytes(data)


def with_raw_name(raw, flag):
    """A zip whose one name is these bytes, said to be UTF-8 or not."""
    data = zipped({"n" * len(raw): EMPTY}).replace(b"n" * len(raw), raw)
    return data if not flag else _flagged(data)


def _flagged(data):
    data = bytearray(data)
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + at + 1] |= 0x08
    return bytes(data)


BROKEN = {
    "lzma": damaged(zipfile.ZIP_LZMA, 55),
    "lzma's header": damaged(zipfile.ZIP_LZMA, 47),
    "deflate": damaged(zipfile.ZIP_DEFLATED, 50),
    "bzip2": damaged(zipfile.ZIP_BZIP2, 60),
    "no name in UTF-8": with_raw_name(b"\xff\xfe.ipynb", True),
    "cut": zipped({"01_dataset.ipynb": EMPTY})[:-30],
    "too deep": zipped({"a.zip": zipped({"b.zip": zipped({"c.zip": zipped({})})})}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_damaged_zip_is_one_unreadable_row(tmp_path, name):
    (tmp_path / "anna.zip").write_bytes(BROKEN[name])
    put(tmp_path / "bo_01_dataset.ipynb")
    (anna, bo) = found(tmp_path)
    assert anna[0] == "anna" and anna[2] and bo == ("bo", "bo_01_dataset.ipynb", "")


def test_one_damaged_file_in_a_zip_takes_no_other_with_it(tmp_path):
    data = zipped({"00_tensors.ipynb": EMPTY, "01_dataset.ipynb": EMPTY + "marker"})
    (tmp_path / "anna.zip").write_bytes(data.replace(b"marker", b"mArker"))
    (first, second) = found(tmp_path)
    assert first[2] == "" and "cannot be unpacked" in second[2]


def test_names_in_old_code_pages_stay_apart(tmp_path):
    raw = [b"Jos\xe9/01.ipynb", b"Jos\xe8/01.ipynb", b"Jos\x82/01.ipynb"]
    for number, name in enumerate(raw):
        path = os.fsencode(tmp_path) + b"/folders/" + name
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(EMPTY)
        (tmp_path / "zips").mkdir(exist_ok=True)
        (tmp_path / "zips" / f"{number}.zip").write_bytes(with_raw_name(name, False))
    put(tmp_path / "folders" / "José" / "01.ipynb")
    assert len({student for student, _, _ in found(tmp_path / "folders")}) == 4
    names = {name for _, name, _ in found(tmp_path / "zips")}
    assert len(names) == 3


def test_both_forms_of_an_accent_are_one_student(tmp_path):
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "José")
        put(tmp_path / name / f"{form}.ipynb")
    assert {student for student, _, _ in found(tmp_path)} == {"José"}


def test_a_roster_gathers_what_one_student_handed_in(tmp_path):
    roster = Roster([Person("Jane Doe", "m7", login="jdoe"), Person("Bo", "m8")])
    put(tmp_path / "jdoe" / "00_tensors.ipynb")
    put(tmp_path / "m7_01_dataset.ipynb")
    put(tmp_path / "doejane_LATE_45_9_01_dataset.ipynb")
    collected = collect(tmp_path, STEMS, roster)
    assert {one.student for one in collected} == {"Jane Doe"}
    assert sorted(one.late for one in collected) == [False, False, True]
    assert collected[0].person.canvas == "45" and collected[0].person.id == "m7"


def test_two_of_one_name_are_two_students(tmp_path):
    put(tmp_path / "doejane_45_9_01_dataset.ipynb")
    put(tmp_path / "doejane_46_9_01_dataset.ipynb")
    names = ["doejane (45)", "doejane (46)"]
    assert [student for student, _, _ in found(tmp_path)] == names
    roster = Roster([Person("Jane Doe", "m7")])
    assert [student for student, _, _ in found(tmp_path, roster)] == names


def test_what_was_not_looked_at_is_named(tmp_path):
    for name in ("answers.py", "work.7z", "01_dataset.ipynb.txt"):
        put(tmp_path / "anna" / name)
        put(tmp_path / "bo" / name)
    put(tmp_path / "bo" / "01_dataset.ipynb")
    anna, bo = collect(tmp_path, STEMS)
    names = "01_dataset.ipynb.txt, answers.py, work.7z"
    assert anna.reason == f"no notebook; not looked at: {names}"
    assert bo.notes == [f"Not looked at: {names}."] and not bo.reason


def test_nbgraders_stamp_is_the_time_of_its_folder(tmp_path):
    put(tmp_path / "submitted" / "jane" / "hw1" / "01_dataset.ipynb")
    stamp = tmp_path / "submitted" / "jane" / "hw1" / "timestamp.txt"
    stamp.write_text("2015-02-02 15:58:23.948203 UTC")
    (one,) = collect(tmp_path, STEMS)
    assert one.student == "jane" and one.time < 1.5e9 and not one.notes


def test_odd_but_harmless_metadata_is_read(tmp_path):
    cell = {"cell_type": "code", "source": ["a\n", "b"], "metadata": 3, "id": 5}
    put(tmp_path / "a_01_dataset.ipynb", [cell], metadata=[])
    (one,) = collect(tmp_path, STEMS)
    expected = {"kind": "code", "id": "", "tags": [], "source": "a\nb", "count": None}
    assert not one.reason and one.cells[0] == expected


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [([200_001], "cell 1 has more than"), ([190_000] * 11, "its cells have more than")],
)
def test_too_much_source_is_told(tmp_path, sizes, reason):
    cells = [{"cell_type": "code", "source": "#" * size} for size in sizes]
    put(tmp_path / "anna_01_dataset.ipynb", cells)
    assert reason in found(tmp_path)[0][2]


def test_one_students_files_spend_nobody_elses_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(zips, "ENTRIES", 3)
    monkeypatch.setattr(zips.Budget.__init__, "__defaults__", (3, 1000))
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as file:
        for number in range(5):
            file.writestr(f"anna/{number}.ipynb", EMPTY)
        file.writestr("bo/01_dataset.ipynb", EMPTY)
    anna, bo = found(tmp_path / "class.zip")
    assert anna == ("anna", "anna", "more than 3 files") and not bo[2]


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "anna_01_dataset.ipynb")
    assert found(tmp_path)[0][2] == "not an ordinary file"


def test_links_are_told_and_not_followed(tmp_path):
    put(tmp_path / "other" / "01_dataset.ipynb")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "anna").symlink_to(tmp_path / "other")
    (tmp_path / "in" / "bo").mkdir()
    (tmp_path / "in" / "bo" / "work").symlink_to(tmp_path / "other")
    assert {reason for _, _, reason in found(tmp_path / "in")} == {
        "a symbolic link is not followed"
    }


def test_what_is_no_class_is_told(tmp_path):
    put(tmp_path / "a.ipynb")
    for path in (tmp_path / "none", tmp_path / "a.ipynb"):
        with pytest.raises(Unreadable):
            collect(path, STEMS)
