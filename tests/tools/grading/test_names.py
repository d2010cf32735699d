"""Whose file is it: names as the systems write them, wherever the class begins."""

import pytest

from course_utils.tools.grading.names import (
    copy_number,
    owner,
    system_owner,
)

STEMS = ["00_tensors", "01_dataset"]


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("anna_01_dataset.ipynb", "anna"),
        ("anna b_123_01_dataset.ipynb", "anna b_123"),
        ("01_dataset-Óscar.ipynb", "Óscar"),
        ("anna_01_dataset (2).ipynb", "anna"),
        ("anna.zip", "anna"),
        ("group-1.zip", "group-1"),
        ("01_dataset.ipynb", "01_dataset"),
        ("01_dataset (1).ipynb", "01_dataset (1)"),
    ],
)
def test_a_loose_file_is_named_with_its_student(name, student):
    assert owner(name, STEMS) == student


@pytest.mark.parametrize(
    ("name", "student", "number", "late", "order"),
    [
        ("doejane_123_9001_01_dataset.ipynb", "doejane", "123", False, 9001),
        ("doejane_LATE_123_9001_01_dataset-1.ipynb", "doejane", "123", True, 9001),
        ("o_brien_7_8_work.zip", "o_brien", "7", False, 8),
        ("anon_aB3xY_9001_01_dataset.ipynb", "anon_aB3xY", "", False, 9001),
        ("LATE_anon_aB3xY_9001_01_dataset.ipynb", "anon_aB3xY", "", True, 9001),
        ("doejane_123_text.html", "doejane", "123", False, 0),
    ],
)
def test_canvas(name, student, number, late, order):
    found = system_owner(name, STEMS)
    assert (found.person.name, found.person.canvas) == (student, number)
    assert (found.late, found.order) == (late, order)


@pytest.mark.parametrize(
    ("name", "student", "folder"),
    [
        ("Jane Doe_45_assignsubmission_file_", "Jane Doe", None),
        ("Jane Doe_45_assignsubmission_file", "Jane Doe", None),
        ("Jane Doe_45_assignsubmission_onlinetext_", "Jane Doe", None),
        ("Participant_45_assignsubmission_file_", "Participant", None),
        (
            "Jane Doe_45_assignsubmission_file_01_dataset.ipynb",
            "Jane Doe",
            "Jane Doe_45_assignsubmission_file_",
        ),
    ],
)
def test_moodle(name, student, folder):
    person = system_owner(name, STEMS).person
    assert (person.name, person.moodle, person.folder) == (
        student,
        "45",
        folder or name,
    )


def test_nbgraders_exchange():
    found = system_owner("jane+hw1+2026-03-01 10:00:00.5 UTC+x", STEMS)
    assert found.person.login == "jane" and found.time > 0


@pytest.mark.parametrize(
    "name", ["anna", "anna_5_01_dataset.ipynb", "x_12_01_dataset.ipynb", "a_1.zip"]
)
def test_other_names_are_nobodys_system(name):
    assert system_owner(name, STEMS) is None


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("01_dataset.ipynb", 0),
        ("01_dataset (2).ipynb", 2),
        ("01_dataset-3.ipynb", 3),
        ("anna_01_dataset - Copy.ipynb", 1),
        ("01_dataset-2026.ipynb", 0),
    ],
)
def test_copies_are_numbered(name, number):
    assert copy_number(name, STEMS) == number
