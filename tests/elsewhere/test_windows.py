"""The course on a Windows that is played (see sitecustomize.py): its commands, in a
folder whose name has a space and Korean letters, with code pages of two languages."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.tools.authoring.solution import read
from course_utils.tools.grading.demo import demo_class, plain, submission
from course_utils.tools.places import EXERCISES, LESSONS, ROOT, SOLUTIONS, stems

STEM = stems()[0]
WORKERS = "02_dataloader"  # its answers are run in processes
LINUX = {f"course_utils.tools.kernels.{name}" for name in ("demoted", "guard", "probe")}
IMPORT_ALL = """
import importlib, pkgutil, course_utils
for module in pkgutil.walk_packages(course_utils.__path__, "course_utils."):
    try:
        importlib.import_module(module.name)
    except ImportError:
        print(module.name)
"""


@pytest.fixture(params=["cp1252", "cp949"])
def there(tmp_path, request):
    """Runs Python in a checkout there."""
    root = tmp_path / "파이 토치"
    for room in ("course_utils", LESSONS, EXERCISES, SOLUTIONS):
        left_out = shutil.ignore_patterns("__pycache__", "*.png", ".ipynb_checkpoints")
        shutil.copytree(ROOT / room, root / room, ignore=left_out)
    shutil.copy(ROOT / "course_utils/data/mnist_sample.png", root / "course_utils/data")
    plain = {name: text for name, text in os.environ.items() if "JUPYTER" not in name}
    environment = {
        **plain,
        "PYTHONPATH": str(Path(__file__).parent),
        "PYTHONUTF8": "1",
        "ELSEWHERE_ENCODING": request.param,
    }
    options = {"cwd": root, "env": environment, "encoding": "utf-8"}

    def run(*words, start=subprocess.run, **more):
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return start([sys.executable, *words], **{**options, **streams, **more})

    run.root = root
    run.course = lambda *words, **more: run(
        "-m", "course_utils.tools.cli", *words, **more
    )
    return run


def git(root, *words):
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)


def answered(stem):
    """The notebook of a learner whose answers are right, as a file holds it."""
    solution = read(ROOT / SOLUTIONS / f"{stem}.ipynb")
    answers = {task.slug: plain(task) for task in solution.tasks}
    return json.dumps(submission(solution, answers)).encode()


@pytest.mark.parametrize("there", ["cp1252"], indirect=True)
def test_every_module_is_imported_but_what_only_linux_runs(there):
    assert set(there("-c", IMPORT_ALL).stdout.split()) == LINUX


def test_the_commands_work_there(there):
    done = there.course("doctor")
    assert done.returncode == 0 and "✓ grader: does not protect itself" in done.stdout
    assert "ordinary ones instead: warm kernels need Linux" in done.stdout
    done = there.course("build", "--check", STEM)
    assert (done.returncode, done.stdout) == (0, "All is up to date.\n")
    assert "of lessons" in there.course("guide", STEM).stdout
    done = there.course("start", "내 강의")
    assert done.returncode == 0 and "The course is in 내 강의" in done.stdout
    done = there.course("build", "--mutants", STEM)
    assert "mutants can be judged on Linux only" in done.stdout


def test_right_answers_have_all_points_there(there):
    for stem in (STEM, WORKERS):
        (there.root / EXERCISES / f"{stem}.ipynb").write_bytes(answered(stem))
    pages = (f"{EXERCISES}/{stem}.ipynb" for stem in (STEM, WORKERS))
    done = there.course("check", *pages)
    assert done.returncode == 0, done.stdout
    (earned, total) = re.search(r"Total: (\d+) of (\d+) points", done.stdout).groups()
    assert earned == total


def test_the_lab_opens_with_a_fresh_copy_that_is_whole(there):
    page = there.root / LESSONS / f"{STEM}.ipynb"
    git(there.root, "init", "-q")
    git(there.root, "add", ".")
    git(there.root, "commit", "-q", "-m", "one")
    words = ["lab", STEM, "--reset", "--no-browser", "--allow-root"]
    with there.course(*words, start=subprocess.Popen) as lab:
        address = re.compile(rf"http://\S+/lab/tree/{LESSONS}/{STEM}\.fresh\.ipynb")
        assert any(address.search(line) for line in lab.stdout)
        lab.terminate()
        lab.stdout.read()
    assert page.with_suffix(".fresh.ipynb").read_bytes() == page.read_bytes()


@pytest.mark.parametrize("there", ["cp949"], indirect=True)
def test_a_class_is_marked_there(there):
    expected = demo_class(there.root / "반", 3, stems=[STEM])
    done = there.course("grade", "반", "--out", "점수", "--unisolated")
    assert done.returncode == 0, done.stdout
    rows = (there.root / "점수/grades.csv").read_text("utf-8-sig").splitlines()
    marked = {
        (row["student"], row["notebook"], row["task"]): (row["state"], row["mistake"])
        for row in csv.DictReader(rows)
    }
    assert marked.keys() == expected.keys()
    for key, (state, mistake) in expected.items():
        assert marked[key][0] == state or state == "not passed" and mistake
    refused = there.course("grade", "반", "--out", "점수")
    assert refused.returncode == 2 and "only Linux can" in refused.stdout
