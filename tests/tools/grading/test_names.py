"""Whose file is it: names as the systems write them, wherever the class begins."""

import zipfile

import pytest

from course_utils.tools.grading.names import (
    copy_number,
    find_layout,
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


def put(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x")


JANE, BO = (
    "Jane_4_assignsubmission_file_/a.ipynb",
    "Bo_5_assignsubmission_file_/a.ipynb",
)
LAYOUTS = {
    "moodle": ([JANE, BO], ()),
    "in a folder": ([f"CS 1/{JANE}", f"CS 1/{BO}"], ("CS 1",)),
    "nbgrader": (["submitted/jane/hw1/a.ipynb", "source/hw1/a.ipynb"], ("submitted",)),
    "folders": (["anna/a.ipynb", "bo/a.ipynb"], ()),
    "one who poses": ([f"anna/{JANE}"], ()),
}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("zipped", [False, True])
def test_the_students_are_found_where_they_begin(tmp_path, name, zipped):
    paths, prefix = LAYOUTS[name]
    root = tmp_path / "class"
    put(root, *paths)
    if zipped:
        with zipfile.ZipFile(tmp_path / "class.zip", "w") as file:
            for path in paths:
                file.write(root / path, path)
        root = tmp_path / "class.zip"
    assert find_layout(root, STEMS).prefix == prefix


def test_a_zip_that_stands_alone_is_the_class_if_a_system_wrote_it(tmp_path):
    for name, entries in (("lms", [JANE, BO]), ("anna", ["work/01_dataset.ipynb"])):
        folder = tmp_path / name
        folder.mkdir()
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as file:
            for entry in entries:
                file.writestr(entry, "x")
    assert find_layout(tmp_path / "lms", STEMS).root.name == "lms.zip"
    assert find_layout(tmp_path / "anna", STEMS).root.name == "anna"


def test_gradescope_says_who_handed_in_a_folder_together(tmp_path):
    put(tmp_path, "export/submission_1/01_dataset.ipynb")
    (tmp_path / "export" / "submission_metadata.yml").write_text(
        "---\nsubmission_1:\n  :submitters:\n"
        "  - :name: Jane Doe\n    :sid: '007'\n    :email: jane@example.org\n"
        "  - :name: Bo\n    :sid: '008'\n  :created_at: 2026-03-01 10:00:00.5 Z\n"
        "submission_2: 3\n"
    )
    layout = find_layout(tmp_path, STEMS)
    jane, bo = layout.owners("submission_1")
    assert (jane.person.name, jane.person.id) == ("Jane Doe", "007")
    assert bo.person.id == "008" and jane.time == bo.time > 0
    assert layout.owners("submission_metadata.yml") == []


def test_a_broken_table_of_gradescopes_loses_nobody(tmp_path):
    put(tmp_path, "submission_1/01_dataset.ipynb")
    (tmp_path / "submission_metadata.yml").write_text("a: [")
    (found,) = find_layout(tmp_path, STEMS).owners("submission_1")
    assert found.person.name == "submission_1"


@pytest.mark.parametrize("above", ["hw1-submissions", "clones"])
def test_github_classrooms_repositories(tmp_path, above):
    root = tmp_path / above
    put(root, "hw1-jane-doe/.git/HEAD", "hw1-bo/.git/HEAD", "hw1-bo/01_dataset.ipynb")
    (found,) = find_layout(root, STEMS).owners("hw1-jane-doe")
    assert found.person.login == "jane-doe"
