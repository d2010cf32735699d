"""The course without a checkout: its wheel, in an environment that sees only torch and
what else the course depends on."""

import json
import os
import re
import subprocess
import sys
import tarfile
import time
import venv
import zipfile
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from course_utils.tools.authoring.solution import read
from course_utils.tools.grading.demo import plain
from course_utils.tools.places import EXERCISES, LESSONS, ROOT, SOLUTIONS, stems

BUILT = "course_utils/tools/course"
STEM = stems()[0]


class Course:
    """The command, in a learner's folder."""

    def __init__(self, program, home, options):
        self.program, self.home, self.options = program, home, options
        home.mkdir()

    def __call__(self, *words, start=subprocess.run, **more):
        streams = {} if "stdout" in more else {"capture_output": True}
        options = {"cwd": self.home, **self.options, **streams, **more}
        return start([self.program, *words], **options)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A wheel and an sdist of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def course(built, tmp_path_factory):
    """Runs `course` where the wheel is installed, in an empty folder of a learner's."""
    home = tmp_path_factory.mktemp("learner's own")
    venv.create(home / "env", with_pip=False)
    python = home / "env/bin/python"
    (wheel,) = built.glob("*.whl")
    install = [sys.executable, "-m", "pip", f"--python={python}", "install", "-q"]
    subprocess.run([*install, "--no-deps", "--no-index", wheel], check=True)
    (packages,) = (home / "env").glob("lib/python*/site-packages")
    outer = next(path for path in sys.path if Path(path, "torch").is_dir())
    (packages / "outer.pth").write_text(f"{outer}\n")
    lab = str(Path(sys.prefix, "share/jupyter/lab"))  # what the Lab itself consists of
    environment = {**os.environ, "JUPYTERLAB_DIR": lab}
    options = {"env": environment, "text": True, "encoding": "utf-8"}

    return Course(python.with_name("course"), home / "mine", options)


def files(folder):
    """The files of a room of the checkout that git knows or would take."""
    words = ["git", "ls-files", "-z", "-c", "-o", "--exclude-standard", folder]
    said = subprocess.run(words, cwd=ROOT, capture_output=True)
    names = filter(None, said.stdout.decode().split("\0"))
    return {name for name in names if (ROOT / name).exists()}


def patiently(address):
    """What a server answers that may have told its address before it listens."""
    for _ in range(300):
        try:
            with urlopen(address, timeout=60) as reply:
                return reply.read()
        except URLError:
            time.sleep(0.1)
    raise TimeoutError(address)


def test_the_wheel_holds_the_course_and_no_solution(built):
    (wheel,) = built.glob("*.whl")
    names = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    pages = {f"{BUILT}/{name}" for name in files(LESSONS) | files(EXERCISES)}
    assert names == files("course_utils") | pages


def test_the_sdist_is_complete(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names - {"PKG-INFO"} == files(".")


def test_a_course_starts_in_an_empty_folder(course):
    assert "no course in this folder: `course start FOLDER`" in course("lab").stderr
    done = course("start", ".")
    assert done.returncode == 0 and "The course is in ." in done.stdout
    assert "The course was already in ." in course("start", ".").stdout
    done = course("update")
    assert done.stdout.startswith("The course is up to date; for a newer one: `pip ")
    assert "of lessons" in course("guide", STEM).stdout


def test_what_needs_the_solutions_says_so(course):
    for words in ("build", "grade . --out marks", f"autograder {STEM} --gradescope a"):
        done = course(*words.split())
        (line,) = done.stderr.splitlines()
        assert done.returncode == 2 and "solutions, which are in a checkout" in line


def test_the_lab_opens_a_lesson_there(course):
    course("start", ".")
    at = ["--no-browser", "--ServerApp.port=0"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with course("lab", STEM, *at, start=subprocess.Popen, **streams) as lab:
        page = (
            rf"(http://127.0.0.1:\d+)/lab/tree/({LESSONS}/{STEM}\.ipynb)\?token=(\w+)"
        )
        try:
            found = filter(None, (re.search(page, line) for line in lab.stdout))
            host, lesson, token = next(found).groups()
            reply = patiently(f"{host}/api/contents/{lesson}?token={token}")
            cells = json.loads(reply)["content"]["cells"]
        finally:
            lab.terminate()
            lab.stdout.read()
    assert cells[0]["source"].startswith("# ")


def test_an_answer_is_checked_there(course):
    course("start", "answers")
    task = read(ROOT / SOLUTIONS / f"{STEM}.ipynb").tasks[0]
    page = course.home / "answers" / EXERCISES / f"{STEM}.ipynb"
    notebook = json.loads(page.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] == f"{task.slug}-answer":
            cell["source"] = plain(task)
    page.write_text(json.dumps(notebook), "utf-8")
    done = course("check", f"{EXERCISES}/{STEM}.ipynb", cwd=page.parent.parent)
    total = sum(task.points for task in read(ROOT / SOLUTIONS / f"{STEM}.ipynb").tasks)
    assert f"Total: {task.points} of {total} points" in done.stdout
    done = course("check", f"{LESSONS}/{STEM}.ipynb", cwd=page.parent.parent)
    assert f"{STEM}.ipynb: 0 of " in done.stdout
