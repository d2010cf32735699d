"""Fresh copies and updates: nothing a learner wrote is lost."""

import json
import subprocess

import pytest

from course_utils.errors import CourseError
from course_utils.tools.lab import copies


def git(folder, *words):
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def course(tmp_path):
    """A learner's clone of a course of one lesson."""
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    for room in copies.ROOMS:
        (origin / room).mkdir(parents=True)
        (origin / room / "01_a.ipynb").write_text("old")
    git(origin, "init", "-b", "main")
    git(origin, "add", ".")
    git(origin, "commit", "-m", "one")
    git(tmp_path, "clone", str(origin), str(clone))
    return origin, clone


def publish(origin, page, text):
    (origin / page).write_text(text)
    git(origin, "add", ".")
    git(origin, "commit", "-m", text[:20])


def notebook(*sources, kernel="python3"):
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {"kernel": kernel}})


def test_an_update_brings_the_new_course_and_keeps_the_learners_work(course):
    origin, clone = course
    (clone / "exercises" / "01_a.ipynb").write_text("my answer")
    publish(origin, "exercises/01_a.ipynb", "new")
    news, kept = copies.update(clone)
    assert news == ["exercises/01_a.ipynb"]
    assert [path.name for path in kept] == ["01_a.mine.ipynb"]
    assert kept[0].read_text() == "my answer"
    assert (clone / "exercises" / "01_a.ipynb").read_text() == "new"


def test_a_notebook_that_is_not_new_stays_as_the_learner_left_it(course):
    origin, clone = course
    (clone / "exercises" / "01_a.ipynb").write_text("my answer")
    assert copies.update(clone) == ([], [])
    publish(origin, "notebooks/01_a.ipynb", "new")
    assert copies.update(clone) == (["notebooks/01_a.ipynb"], [])
    assert (clone / "exercises" / "01_a.ipynb").read_text() == "my answer"


def test_a_notebook_that_was_only_run_is_not_kept(course):
    origin, clone = course
    page = "notebooks/01_a.ipynb"
    publish(origin, page, notebook("1"))
    copies.update(clone)
    (clone / page).write_text(notebook(["1"], kernel="other"))
    publish(origin, page, notebook("2"))
    assert copies.update(clone) == ([page], [])
    assert (clone / page).read_text() == notebook("2")


def test_a_second_update_does_not_overwrite_what_the_first_kept(course):
    origin, clone = course
    for text in ("first", "second"):
        (clone / "notebooks" / "01_a.ipynb").write_text(text)
        publish(origin, "notebooks/01_a.ipynb", f"newer than {text}")
        copies.update(clone)
    kept = sorted((clone / "notebooks").glob("*.mine*.ipynb"))
    assert sorted(path.read_text() for path in kept) == ["first", "second"]


def test_what_an_update_cannot_do_is_told_and_nothing_is_changed(course):
    origin, clone = course
    (clone / "README.md").write_text("mine")
    publish(origin, "README.md", "new")
    with pytest.raises(CourseError, match="README.md"):
        copies.update(clone)
    assert (clone / "README.md").read_text() == "mine"


def test_every_collision_is_found_before_anything_is_changed(course):
    origin, clone = course
    (clone / "exercises" / "01_a.ipynb").write_text("my answer")
    (clone / "notes.txt").write_text("my notes")
    publish(origin, "exercises/01_a.ipynb", "new")
    publish(origin, "notes.txt", "theirs")
    with pytest.raises(CourseError, match="notes.txt was changed"):
        copies.update(clone)
    assert (clone / "exercises" / "01_a.ipynb").read_text() == "my answer"
    assert (clone / "notes.txt").read_text() == "my notes"
    assert not list(clone.rglob("*.mine*"))


def test_a_notebook_of_the_learners_where_the_course_has_a_new_one_is_kept(course):
    origin, clone = course
    page = "notebooks/02_ü.ipynb"
    (clone / page).write_text("mine, äöü", encoding="utf-8")
    publish(origin, page, "theirs")
    news, kept = copies.update(clone)
    assert news == [page] and [path.name for path in kept] == ["02_ü.mine.ipynb"]
    assert kept[0].read_text(encoding="utf-8") == "mine, äöü"
    assert (clone / page).read_text() == "theirs"


def test_a_renamed_notebook_takes_the_learners_work_along(course):
    origin, clone = course
    old, new = "exercises/01_a.ipynb", "exercises/01_b.ipynb"
    publish(origin, old, notebook(*map(str, range(50))))
    copies.update(clone)
    (clone / old).write_text(notebook("my answer"))
    git(origin, "mv", old, new)
    git(origin, "commit", "-m", "renamed")
    news, kept = copies.update(clone)
    assert news == [new] and [path.name for path in kept] == ["01_b.mine.ipynb"]
    assert "my answer" in kept[0].read_text() and not (clone / old).exists()


def test_a_notebook_that_the_course_drops_is_kept_if_it_was_written_in(course):
    origin, clone = course
    (clone / "exercises" / "01_a.ipynb").write_text("my answer")
    git(origin, "rm", "exercises/01_a.ipynb")
    git(origin, "commit", "-m", "dropped")
    news, kept = copies.update(clone)
    assert news == [] and kept[0].read_text() == "my answer"
    assert not (clone / "exercises" / "01_a.ipynb").exists()


def test_where_it_stops_it_says_what_it_kept(course):
    origin, clone = course
    (clone / "exercises" / "01_a.ipynb").write_text("my answer")
    publish(origin, "exercises/01_a.ipynb", "new")
    (clone / ".git" / "index.lock").touch()
    with pytest.raises(CourseError, match="kept: exercises/01_a.mine.ipynb"):
        copies.update(clone)
    assert (clone / "exercises" / "01_a.mine.ipynb").read_text() == "my answer"


def test_a_fresh_copy_stands_beside_the_learners(course):
    _, clone = course
    mine = clone / "notebooks" / "01_a.ipynb"
    mine.write_text("mine")
    copy = copies.fresh(clone, "notebooks/01_a.ipynb")
    assert copy.read_text() == "old" and mine.read_text() == "mine"


def test_without_git_one_line_says_so(tmp_path):
    with pytest.raises(CourseError, match="git fetch: "):
        copies.update(tmp_path)
