"""A run that is stopped goes on, a second one marks only what changed."""

import csv
import json
import random
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest

from course_utils.errors import CourseError
from course_utils.tools.grading.demo import demo_class
from course_utils.tools.grading.grade import grade

RUN = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background
from pathlib import Path
from course_utils.tools.grading.grade import grade
grade(sys.argv[1], sys.argv[2], solutions=Path(sys.argv[3]), workers=2)
"""
STUDENTS = 8


@pytest.fixture(scope="module")
def known(isolation, small, tmp_path_factory):
    """A class, what its gradebook must say, and an uninterrupted run of it."""
    folder, out = tmp_path_factory.mktemp("demo"), tmp_path_factory.mktemp("whole")
    expected = demo_class(folder, STUDENTS, seed=4, solutions=small.folder)
    summary = grade(folder, out, seed=21, solutions=small.folder)
    return folder, out, expected, summary


def rows(out):
    with open(out / "grades.csv", encoding="utf-8", newline="") as file:
        return [{**row, "seconds": ""} for row in csv.DictReader(file)]


def results(out):
    return {path: path.stat().st_mtime_ns for path in out.glob("results/*.json")}


def start(folder, out, small):
    (out / "batch.json").write_text('{"seed": 21}')
    command = [sys.executable, "-c", RUN, folder, out, small.folder]
    return subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL)


def wait_for(count, out, process):
    while len(results(out)) < count and process.poll() is None:
        time.sleep(0.05)


def family(process):
    return psutil.Process(process.pid).children(recursive=True)


def assert_gone(processes):
    _, alive = psutil.wait_procs(processes, timeout=180)
    assert not [p for p in alive if p.status() != psutil.STATUS_ZOMBIE]


def test_the_gradebook_of_a_known_class_is_as_expected(known):
    _, out, expected, _ = known
    found = {(r["student"], r["notebook"], r["task"]): r for r in rows(out)}
    assert found.keys() == expected.keys()
    for key, (state, mistake) in expected.items():
        states = {"failed", "partly"} if state == "not passed" else {state}
        assert found[key]["state"] in states, key
        if mistake or state == "passed":
            assert found[key]["mistake"] == mistake, key


def test_killed_at_any_moment_it_ends_the_same(known, small, tmp_path):
    folder, whole, _, _ = known
    seed = random.randrange(10**6)
    print("seed", seed)
    moments, kept = random.Random(seed), {}
    for _ in range(3):
        process = start(folder, tmp_path, small)
        wait_for(len(kept) + 1, tmp_path, process)
        time.sleep(moments.uniform(0, 0.6))
        workers = family(process) if process.poll() is None else []
        process.kill()
        process.wait()
        assert_gone(workers)
        assert kept.items() <= results(tmp_path).items()
        kept = results(tmp_path)
        for path in kept:
            json.loads(path.read_text())
    grade(folder, tmp_path, solutions=small.folder)
    assert kept.items() <= results(tmp_path).items()
    assert rows(tmp_path) == rows(whole)


def test_a_worker_that_dies_takes_nothing_with_it(known, small, tmp_path):
    folder, whole, _, _ = known
    process = start(folder, tmp_path, small)
    wait_for(2, tmp_path, process)
    workers = [p for p in family(process) if "spawn_main" in " ".join(p.cmdline())]
    workers[0].kill()
    assert process.wait(180) == 0
    assert rows(tmp_path) == rows(whole)


def test_interrupting_leaves_nothing_running(isolation, small, tmp_path):
    demo_class(tmp_path / "in", 40, solutions=small.folder)
    process = start(tmp_path / "in", tmp_path, small)
    wait_for(1, tmp_path, process)
    workers = family(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(180) != 0
    assert_gone(workers)


def test_only_what_changed_is_marked_again(known, small, tmp_path):
    answers = {"double": "# answer: double\ndef double(x):\n    return x + x"}
    for student in ("ada", "bo"):
        small.write(tmp_path / "in" / student / "90_small.ipynb", small.cells())
    first = grade(tmp_path / "in", tmp_path / "out", solutions=small.folder)
    before = results(tmp_path / "out")
    again = grade(tmp_path / "in", tmp_path / "out", solutions=small.folder)
    assert (first.anew, again.anew, again.seed) == (2, 0, first.seed)
    assert results(tmp_path / "out") == before and not again.changes
    answers["squares"] = small.wrong
    small.write(tmp_path / "in" / "bo" / "90_small.ipynb", small.cells(**answers))
    third = grade(tmp_path / "in", tmp_path / "out", solutions=small.folder)
    assert third.anew == 1
    assert third.changes == ["bo · 90_small · squares: passed (3) → failed (0)"]
    assert third.changes[0] in (tmp_path / "out" / "report.html").read_text()


def test_another_seed_or_reference_marks_all_again(isolation, small, tmp_path):
    small.write(tmp_path / "in" / "ada" / "90_small.ipynb", small.cells())
    source = (small.folder / "90_small.ipynb").read_text()
    (tmp_path / "90_small.ipynb").write_text(source)
    runs = [grade(tmp_path / "in", tmp_path / "out", seed=1, solutions=tmp_path)]
    runs += [grade(tmp_path / "in", tmp_path / "out", seed=2, solutions=tmp_path)]
    source = source.replace("randn(4)", "randn(5)")
    (tmp_path / "90_small.ipynb").write_text(source)
    runs += [grade(tmp_path / "in", tmp_path / "out", solutions=tmp_path)]
    assert [(run.seed, run.anew) for run in runs] == [(1, 1), (2, 1), (2, 1)]


def test_a_message_in_other_words_marks_nobody_and_is_shown(isolation, small, tmp_path):
    answers = {"squares": f"# answer: squares\n{small.mistake}"}
    small.write(tmp_path / "in" / "ada" / "90_small.ipynb", small.cells(**answers))
    source = (small.folder / "90_small.ipynb").read_text()
    (tmp_path / "90_small.ipynb").write_text(source)
    grade(tmp_path / "in", tmp_path / "out", solutions=tmp_path)
    source = source.replace("the index itself", "not the square")
    (tmp_path / "90_small.ipynb").write_text(source)
    again = grade(tmp_path / "in", tmp_path / "out", solutions=tmp_path)
    assert again.anew == 0
    assert again.marked[0].verdicts[1]["mistake"].startswith("not the square")


def test_what_is_not_whole_in_the_folder_is_made_anew(isolation, small, tmp_path):
    for student in ("ada", "bo", "cy", "di"):
        small.write(tmp_path / "in" / student / "90_small.ipynb", small.cells())
    out = tmp_path / "out"
    first = grade(tmp_path / "in", out, solutions=small.folder)
    paths = [out / "results" / f"{marked.key}.json" for marked in first.marked]
    paths[0].write_text(paths[1].read_text())  # another student's
    paths[2].write_text("[" * 10**5)
    paths[3].unlink()
    paths[3].mkdir()
    fewer = json.loads(paths[1].read_text())
    paths[1].write_text(json.dumps({**fewer, "verdicts": fewer["verdicts"][:2]}))
    for name in ("grades.csv", "report.html"):
        (out / name).unlink()
        (out / name).mkdir()
    shutil.rmtree(out / "feedback" / "ada")
    (out / "feedback" / "ada").write_text("")
    again = grade(tmp_path / "in", out, solutions=small.folder)
    assert (again.anew, again.seed) == (4, first.seed)
    assert [m.points for m in again.marked] == [6] * 4 and len(rows(out)) == 12


def test_a_reference_that_fails_is_told_in_one_line(isolation, small, tmp_path):
    small.write(tmp_path / "in" / "ada" / "90_small.ipynb", small.cells())
    source = (small.folder / "90_small.ipynb").read_text()
    broken = source.replace("return self.n", "return torch.no_such_name", 1)
    (tmp_path / "90_small.ipynb").write_text(broken)
    with pytest.raises(CourseError, match="squares: its own answer does not pass"):
        grade(tmp_path / "in", tmp_path / "out", solutions=tmp_path)


def test_without_isolation_it_must_be_asked_for(small, tmp_path, monkeypatch):
    small.write(tmp_path / "in" / "ada" / "90_small.ipynb", small.cells())
    off = [("no network", False, "install bubblewrap")]
    monkeypatch.setattr("course_utils.tools.grading.grade.protections", lambda: off)
    with pytest.raises(CourseError, match="install bubblewrap.*--unisolated"):
        grade(tmp_path / "in", tmp_path / "out", solutions=small.folder)
    summary = grade(tmp_path / "in", tmp_path / "out", unisolated=True,
                    solutions=small.folder)  # fmt: skip
    assert summary.marked[0].points == 6
    assert "without isolation" in (tmp_path / "out" / "report.html").read_text()


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_nothing_to_mark_is_told(small, tmp_path, folder):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CourseError, match="no submission|not a folder"):
        grade(tmp_path / folder, tmp_path / "out", solutions=small.folder)


def test_results_are_not_written_among_the_submissions(small, tmp_path):
    small.write(tmp_path / "ada" / "90_small.ipynb", small.cells())
    for out in (tmp_path, tmp_path / "marks"):
        with pytest.raises(CourseError, match="beside"):
            grade(tmp_path, out, solutions=small.folder)
