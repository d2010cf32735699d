"""A course laid out in a folder: whole, anew, and never over a learner's work."""

import json

import pytest

from course_utils.errors import CourseError
from course_utils.tools.lab import folder
from course_utils.tools.places import MARK

PAGE = "exercises/01_a.ipynb"


def notebook(*sources, count=None):
    code = {"cell_type": "code", "execution_count": count}
    return json.dumps({"cells": [{**code, "source": source} for source in sources]})


@pytest.fixture
def ship(tmp_path, monkeypatch):
    """Makes another version of a course to lay out."""
    monkeypatch.setattr(folder, "ROOT", tmp_path / "course")

    def ship(**pages):
        for room in folder.ROOMS:
            (tmp_path / "course" / room).mkdir(parents=True, exist_ok=True)
            for old in (tmp_path / "course" / room).iterdir():
                old.unlink()
        for name, text in pages.items():
            (tmp_path / "course/exercises" / f"{name}.ipynb").write_text(text)

    ship(**{"01_a": notebook("old")})
    return ship


def test_all_pages_are_laid_out_once(ship, tmp_path):
    mine = tmp_path / "mine"
    assert folder.start(mine) and not folder.start(mine)
    assert (mine / PAGE).read_text() == notebook("old")
    assert (mine / MARK).exists() and not list(mine.rglob("*.part"))


def test_a_start_is_never_over_what_is_there(ship, tmp_path):
    (tmp_path / "mine/exercises").mkdir(parents=True)
    (tmp_path / "mine" / PAGE).write_text("my answer")
    with pytest.raises(CourseError, match="is there already"):
        folder.start(tmp_path / "mine")
    assert (tmp_path / "mine" / PAGE).read_text() == "my answer"
    assert not (tmp_path / "mine" / MARK).exists()


def test_an_update_keeps_what_was_written_and_not_what_was_run(ship, tmp_path):
    mine = tmp_path / "mine"
    ship(**{"01_a": notebook("old"), "02_b": notebook("old"), "03_c": notebook("old")})
    folder.start(mine)
    (mine / PAGE).write_text(notebook("my answer"))
    (mine / "exercises/02_b.ipynb").write_text(notebook("old", count=1))
    (mine / "exercises/03_c.ipynb").write_text(notebook("my answer, too"))
    ship(**{"01_a": notebook("new"), "02_b": notebook("new"), "03_c": notebook("old")})
    news, kept = folder.update(mine)
    assert news == [PAGE, "exercises/02_b.ipynb"]
    assert [path.name for path in kept] == ["01_a.mine.ipynb"]
    assert kept[0].read_text() == notebook("my answer")
    assert (mine / "exercises/03_c.ipynb").read_text() == notebook("my answer, too")
    assert folder.update(mine) == ([], [])


def test_what_the_course_drops_goes_unless_it_was_written_in(ship, tmp_path):
    mine = tmp_path / "mine"
    ship(**{"01_a": notebook("old"), "02_b": notebook("old")})
    folder.start(mine)
    (mine / PAGE).write_text(notebook("my answer"))
    ship()
    assert folder.update(mine) == ([], [mine / "exercises/01_a.mine.ipynb"])
    assert [path.name for path in (mine / "exercises").iterdir()] == ["01_a.mine.ipynb"]
