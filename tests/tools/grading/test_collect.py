"""Whose file is it, and can it be read."""

import json
import os

import pytest

from course_utils.tools.grading.collect import Unreadable, collect, owner

STEMS = ["00_tensors", "01_dataset"]


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("anna_01_dataset.ipynb", "anna"),
        ("anna b_123_01_dataset.ipynb", "anna b_123"),
        ("01_dataset-Óscar.ipynb", "Óscar"),
        ("anna.zip", "anna"),
        ("01_dataset.ipynb", "01_dataset"),
    ],
)
def test_a_loose_file_is_named_with_its_student(name, student):
    assert owner(name, STEMS) == student


def put(path, cells=(), **more):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nbformat": 4, "cells": list(cells), **more}))


def test_each_notebook_of_a_folder_is_its_students(tmp_path):
    put(tmp_path / "anna" / "deep" / "01_dataset.ipynb")
    put(tmp_path / "anna" / "00_tensors.ipynb")
    put(tmp_path / "bo_01_dataset.ipynb")
    put(tmp_path / "anna" / ".ipynb_checkpoints" / "01_dataset.ipynb")
    found = [(one.student, one.name, one.reason) for one in collect(tmp_path, STEMS)]
    assert found == [
        ("anna", "00_tensors.ipynb", ""),
        ("anna", "deep/01_dataset.ipynb", ""),
        ("bo", "bo_01_dataset.ipynb", ""),
    ]


def test_odd_but_harmless_metadata_is_read(tmp_path):
    cell = {"cell_type": "code", "source": ["a\n", "b"], "metadata": 3, "id": 5}
    put(tmp_path / "a_01_dataset.ipynb", [cell], metadata=[])
    (one,) = collect(tmp_path, STEMS)
    assert not one.reason
    assert one.cells[0] == {
        "kind": "code", "id": "", "tags": [], "source": "a\nb", "count": None,
    }  # fmt: skip


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "anna_01_dataset.ipynb")
    (one,) = collect(tmp_path, STEMS)
    assert one.reason == "not an ordinary file"


def test_a_stray_file_is_named(tmp_path):
    (tmp_path / "anna.docx").write_text("my answers")
    (one,) = collect(tmp_path, STEMS)
    assert "does not end in .ipynb" in one.reason


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(Unreadable, match="is not a folder"):
        collect(tmp_path / "none", STEMS)
