"""A class's files are found wherever a system has put them."""

import zipfile

import pytest

from course_utils.tools.grading.layout import find_layout

STEMS = ["00_tensors", "01_dataset"]


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
