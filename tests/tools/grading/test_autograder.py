"""The zip for Gradescope, run by its own scripts where they would run it."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course_utils.tools.authoring.solution import read
from course_utils.tools.grading import autograder
from course_utils.tools.grading.demo import plain, submission
from course_utils.tools.places import PACKAGE, ROOT

STEM = "00_tensors"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/ssl")
NEEDED = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("bwrap"),
    reason="a container of Gradescope's needs root and bubblewrap",
)
# In place of Debian's Python: `venv` and `pip` do nothing, all else is this Python's.
PYTHON = """#!/bin/sh
case "$*" in
  "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; exit;;
  "-m pip "*) echo "pip: $*"; exit;;
esac
exec {python} "$@"
"""
# Looks for what it must not find, and tells it in the error that its function raises.
SPY = """# answer: {slug}
import glob, os
found = [path for path in ("/autograder/results", "/autograder") if os.access(path, 2)]
for path in ("/autograder/source", "/autograder/results", "/proc/1/fd"):
    found += glob.glob(path + "/*")

def {name}(*arguments):
    raise RuntimeError(f"user {{os.getuid() > 0}}, found {{found}}")
"""


@pytest.fixture(scope="module")
def container(tmp_path_factory):
    """A folder laid out as Gradescope's `/autograder`, and a way to run in it."""
    folder = tmp_path_factory.mktemp("gradescope")
    for name in ("source", "submission", "results", "opt", "shim"):
        (folder / name).mkdir()
    autograder.bundle(folder / "a.zip", [STEM], 5, "https://example.org/cpu")
    with zipfile.ZipFile(folder / "a.zip") as file:
        file.extractall(folder / "source")
        for name in ("setup.sh", "run_autograder"):
            assert file.getinfo(name).external_attr >> 16 == 0o755
    shim = folder / "shim" / "python3"
    shim.write_text(PYTHON.format(python=sys.executable))
    shim.chmod(0o755)
    shutil.copy2(folder / "source" / "run_autograder", folder)
    (folder / "run_autograder").chmod(0o755)  # extractall forgets it
    return folder


def run(folder, *command):
    """Run a command as root in a namespace that can make none itself."""
    shown = [sys.base_prefix, sys.prefix, str(PACKAGE)]
    parents = sorted({str(p) for path in shown for p in Path(path).parents})
    words = ["bwrap", "--unshare-pid", "--unshare-net", "--cap-drop", "CAP_SYS_ADMIN"]
    for path in SYSTEM:
        words += ["--ro-bind-try", path, path]
    for parent in parents:
        words += ["--perms", "0755", "--dir", parent]
    for path in shown:
        words += ["--ro-bind", path, path]
    words += ["--perms", "1777", "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev"]
    for inner, path in (("/autograder", folder), ("/opt", folder / "opt")):
        words += ["--bind", str(folder if inner == "/autograder" else path), inner]
    words += [
        "--ro-bind",
        str(folder / "shim"),
        "/shim",
        "--tmpfs",
        str(PACKAGE / "keys"),
    ]
    words += ["--clearenv", "--setenv", "PATH", "/shim:/usr/sbin:/usr/bin:/sbin:/bin"]
    words += ["--setenv", "HOME", "/root", "--", *command]
    return subprocess.run(words, capture_output=True, text=True, timeout=300)


def hand_in(folder, **changed):
    solution = read(ROOT / "solutions" / f"{STEM}.ipynb")
    answers = {task.slug: plain(task) for task in solution.tasks} | changed
    path = folder / "submission" / "my work.ipynb"
    path.write_text(json.dumps(submission(solution, answers)), encoding="utf-8")


def results(folder):
    return json.loads((folder / "results" / "results.json").read_text(encoding="utf-8"))


def test_no_key_and_no_other_solution_is_in_the_zip(container):
    names = {str(p.relative_to(container)) for p in container.rglob("source/**/*")}
    assert [n for n in names if "solutions/" in n] == [f"source/solutions/{STEM}.ipynb"]
    assert not [name for name in names if "/keys/" in name]
    assert "source/course/course_utils/checking/observe.py" in names


@NEEDED
def test_its_scripts_mark_a_submission(container):
    made = run(container, "bash", "/autograder/source/setup.sh")
    assert made.returncode == 0 and "pip: -m pip install" in made.stdout, made.stderr
    assert (container / "source").stat().st_mode & 0o077 == 0
    hand_in(container)
    done = run(container, "/autograder/run_autograder")
    assert done.returncode == 0, done.stderr
    assert "the network can be reached" in done.stdout
    told = results(container)
    assert told["score"] == sum(test["max_score"] for test in told["tests"]) == 12
    assert {test["status"] for test in told["tests"]} == {"passed"}


@NEEDED
def test_a_submission_sees_neither_solutions_nor_results(container):
    run(container, "bash", "/autograder/source/setup.sh")
    task = read(ROOT / "solutions" / f"{STEM}.ipynb").tasks[0]
    hand_in(container, **{task.slug: SPY.format(slug=task.slug, name=task.slug)})
    done = run(container, "/autograder/run_autograder")
    marked = [t for t in results(container)["tests"] if t["status"] != "passed"]
    assert [t["name"] for t in marked] == [task.slug], done.stdout
    assert "RuntimeError: user True, found []" in marked[0]["output"]


@NEEDED
def test_results_are_written_whatever_happens(container):
    run(container, "bash", "/autograder/source/setup.sh")
    (container / "submission" / "my work.ipynb").write_text("{")
    run(container, "/autograder/run_autograder")
    told = results(container)
    assert told["score"] == 0 and "JSON" in told["output"]
    assert told["tests"][0]["max_score"] == 12
    (container / "source" / "settings.json").write_text("{")
    done = run(container, "/autograder/run_autograder")
    assert "tell your instructor" in results(container)["output"]
    assert "Traceback" in done.stdout
