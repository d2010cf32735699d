"""Files are whole, and no two names share one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.tools.grading.writing import (
    folded,
    paths,
    safe,
    write,
    write_below,
)


@given(st.text(min_size=1))
def test_a_name_is_one_safe_part_of_a_path(name):
    made = safe(name)
    assert made not in ("", ".", "..") and made[0] not in ".- "
    assert not set(made) & set('/\\:*?"<>|\0\n') and len(made.encode()) < 120


@pytest.mark.parametrize("name", ["con", "NUL.txt", "Aux", "x-0123abcd", "a/b", "a b "])
def test_what_some_system_refuses_is_renamed(name):
    assert safe(name) != name


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_names_never_share_a_path(one, other):
    assert (safe(one) == safe(other)) == (one == other)
    assert safe(safe(one)) == safe(one) or safe(one) != one


@given(st.sets(st.text("aAéÉßsS/\u0301-", min_size=1, max_size=4), min_size=2))
def test_nor_where_case_and_the_form_of_accents_are_nothing(names):
    made = paths(names)
    assert len({folded(part) for part in made.values()}) == len(names)


def test_the_first_of_two_keeps_its_name():
    made = paths(["anna", "Anna", "Bo"])
    assert made["Anna"] == "Anna" and made["Bo"] == "Bo"
    assert made["anna"].startswith("anna-")


def test_writing_replaces_and_leaves_nothing_beside(tmp_path):
    for text in ("one", "two \ud800"):
        write(tmp_path / "a" / "grades.csv", text)
    assert (tmp_path / "a" / "grades.csv").read_text() == "two ?"
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["grades.csv"]


def test_what_stands_in_the_way_goes(tmp_path):
    (tmp_path / "report.html" / "x").mkdir(parents=True)
    (tmp_path / "results").write_text("a file, not a folder")
    for path in ("report.html", "results/a.json"):
        write_below(tmp_path, path, b"new")
        assert (tmp_path / path).read_bytes() == b"new"
