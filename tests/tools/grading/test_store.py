"""What stands in an `--out` folder is believed only where it is whole and its own."""

import json
import os
import shutil

import pytest

from course_utils.judging.compare import Verdict
from course_utils.judging.state import State
from course_utils.tools import places
from course_utils.tools.grading.collect import Submission
from course_utils.tools.grading.gradebook import previous
from course_utils.tools.grading.job import Limits, Terms
from course_utils.tools.grading.reference import reference
from course_utils.tools.grading.store import Result, Store

VERDICT = Verdict("double", State.PASSED, 2, 2)
DEEP = "[" * 100_000


def result(key="abc", student="ada"):
    verdicts, seconds = [VERDICT], {"double": 0.1}
    return Result(
        key, student, "n", "s", verdicts, seconds, [], [], {}, {"double": "x"}
    )


def test_a_result_is_there_again(tmp_path):
    saved = Store(tmp_path, 1).save(result())
    assert saved == result() == Store(tmp_path, None).load("abc")


def test_no_word_and_no_color_is_stored(tmp_path):
    Store(tmp_path, 1).save(result())
    (path,) = tmp_path.glob("results/*.json")
    assert "<" not in path.read_text() and "points" in path.read_text()


@pytest.mark.parametrize("text", ["", "null", "{}", "[3]", DEEP, "\xff", "7" * 9_999])
def test_a_damaged_result_is_none(tmp_path, text):
    store = Store(tmp_path, 1)
    store.write("results/abc.json", text)
    assert store.load("abc") is None


@pytest.mark.parametrize(
    "change", [{"student": None}, {"verdicts": [None]}, {"key": "another"}, {"more": 1}]
)
def test_a_foreign_or_older_result_is_none(tmp_path, change):
    store = Store(tmp_path, 1)
    store.save(result())
    path = tmp_path / "results" / "abc.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    assert store.load("abc") is None


def test_a_folder_in_the_place_of_a_file_makes_way(tmp_path):
    (tmp_path / "results" / "abc.json" / "x").mkdir(parents=True)
    (tmp_path / "batch.json").mkdir()
    store = Store(tmp_path, None)
    assert store.load("abc") is None
    assert store.save(result()) == store.load("abc")
    store.sweep(set())
    assert not list(tmp_path.glob("results/*"))


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path):
    (tmp_path / "results").mkdir()
    for name in ("batch.json", "results/abc.json", "grades.csv"):
        os.mkfifo(tmp_path / name)
    store = Store(tmp_path, None)
    assert store.load("abc") is None and previous(tmp_path / "grades.csv") == {}
    assert store.save(result()) == store.load("abc")


def test_a_file_in_the_place_of_a_folder_makes_way(tmp_path):
    (tmp_path / "results").write_text("")
    (tmp_path / "feedback").symlink_to("nowhere")
    store = Store(tmp_path, None)
    assert store.save(result()) == store.load("abc")
    assert store.write("feedback/ada/s.html", "x").read_text() == "x"


def test_a_file_in_the_place_of_the_whole_folder_is_left_alone(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OSError):
        Store(tmp_path / "out", 1)
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize(
    "text", ["", "[]", '{"seed": Infinity}', '{"seed": "1"}', '{"seed": null}', DEEP]
)
def test_a_damaged_seed_is_drawn_anew(tmp_path, text):
    (tmp_path / "batch.json").write_text(text)
    seed = Store(tmp_path, None).seed
    assert type(seed) is int and Store(tmp_path, None).seed == seed


def test_what_decides_the_marks_decides_the_name(small, tmp_path):
    ref = reference(small.folder / "90_small.ipynb")
    store, terms = Store(tmp_path, 1), Terms(1)
    key = store.key(Submission("ada", "n", content="x"), ref, terms)
    others = [
        store.key(Submission("bo", "n", content="x"), ref, terms),
        store.key(Submission("ada", "n", content="y"), ref, terms),
        store.key(Submission("ada", "n", content="x"), ref, Terms(2)),
        store.key(Submission("ada", "n", content="x"), ref, Terms(1, Limits(cell=1))),
    ]
    assert key not in others and len(set(others)) == 4
    labeled = Submission("ada", "n", content="x", label="a second try", notes=["hm"])
    assert store.key(labeled, ref, terms) == key


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("judging/words.py", True),
        ("judging/card.py", True),
        ("tools/grading/feedback.py", True),
        ("judging/compare.py", False),
        ("checking/observe.py", False),
        ("tools/grading/compose.py", False),
    ],
)
def test_what_judges_marks_all_again_and_a_word_nobody(
    tmp_path, monkeypatch, name, same
):
    package = tmp_path / "package"
    shutil.copytree(places.PACKAGE, package, ignore=shutil.ignore_patterns("*.json"))
    monkeypatch.setattr(places, "PACKAGE", package)
    before = Store(tmp_path / "out", 1).engine
    with open(package / name, "a") as file:
        file.write("\n# another word\n")
    assert (Store(tmp_path / "out", 1).engine == before) is same
