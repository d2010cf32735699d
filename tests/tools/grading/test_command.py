"""The grader's commands, from the outside."""

import zipfile

import pytest
from click.testing import CliRunner

from course_utils.tools.cli import main
from course_utils.tools.grading import grade
from course_utils.tools.grading.job import Limits


def call(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--format", "excel"], "no format 'excel'; there are"),
        (["--column", "HW 1"], "--column HW 1: write it as STEM=NAME"),
        (["--column", "99_none=HW"], "no exercise '99_none'"),
        (["--roster", "none.csv"], "none.csv: No such file"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(tmp_path, options, message):
    (tmp_path / "in" / "ada").mkdir(parents=True)
    done = call("grade", tmp_path / "in", "--out", tmp_path / "out", *options)
    assert done.exit_code == 2 and message in done.output
    assert len(done.output.splitlines()) == 1


def test_the_zip_for_gradescope_says_what_is_missing_there(tmp_path):
    path = tmp_path / "hw.zip"
    done = call("autograder", "00_tensors", "--gradescope", path, "--seed", 3)
    assert done.exit_code == 0 and "the network can be reached" in done.output
    with zipfile.ZipFile(path) as file:
        assert file.read("settings.json") == b'{"seed": 3}'
        assert {"setup.sh", "run_autograder"} <= set(file.namelist())


def test_check_goes_past_a_notebook_that_is_no_exercise(tmp_path):
    for name in ("a.ipynb", "b.ipynb"):
        (tmp_path / name).write_text('{"nbformat": 4, "cells": []}')
    done = call("check", tmp_path)
    assert done.exit_code == 2 and "a.ipynb: no exercise" in done.output


def test_limits_reach_the_grader(tmp_path, monkeypatch):
    seen = {}
    monkeypatch.setattr(grade, "grade", lambda *words, **options: seen.update(options))
    limits = ("--limit-cell", "2", "--limit-memory", "1024")
    assert call("grade", tmp_path, "--out", tmp_path, *limits).exit_code == 0
    assert seen["limits"] == Limits(cell=2, memory=2**30)
