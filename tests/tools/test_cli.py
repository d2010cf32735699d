"""Every command from the outside: what it prints, where it writes, how it ends."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen

import pytest

from course_utils.tools.cli import main
from course_utils.tools.places import LESSONS, ROOT, stems

STEM = stems(room=LESSONS)[0]
COURSE = str(Path(sys.executable).with_name("course"))


def course(folder, *words, **options):
    """Run the command in a folder."""
    options = {"cwd": folder, "capture_output": True, "text": True, **options}
    return subprocess.run([COURSE, *words], **options)


def course_at(root, *words):
    """Run the command of another checkout."""
    command = [sys.executable, "-m", "course_utils.tools.cli", *words]
    return subprocess.run(command, cwd=root, capture_output=True, text=True)


def told(done):
    """The one line in which a command says what is wrong."""
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2 and line.startswith("course: "), done
    return line


@pytest.fixture
def exercise(tmp_path):
    """A student's untouched exercise, in a class of one."""
    path = tmp_path / "class" / "ada" / f"{STEM}.ipynb"
    path.parent.mkdir(parents=True)
    return shutil.copy(ROOT / "exercises" / path.name, path)


def test_every_command_has_a_test_here():
    names = {name.split("_")[1] for name in globals() if name.startswith("test_")}
    assert set(main.commands) <= names


def test_build_finds_everything_up_to_date(tmp_path):
    done = course(tmp_path, "build", "--check", STEM)
    assert (done.returncode, done.stdout) == (0, "All is up to date.\n")


def test_check_shows_a_card_a_task_and_the_total(tmp_path, exercise):
    done = course(tmp_path, "check", exercise)
    assert done.returncode == 1 and done.stdout.count("not attempted, 0 of") >= 3
    assert re.search(r"^Total: 0 of \d+ points$", done.stdout, re.MULTILINE)


def test_grade_writes_the_gradebook(tmp_path, exercise):
    done = course(tmp_path, "grade", "class", "--out", "marks", "--unisolated")
    assert done.returncode == 0 and "Notebooks: 1, students: 1" in done.stdout
    rows = (tmp_path / "marks" / "grades.csv").read_text("utf-8").splitlines()
    assert all(row.startswith(f"ada,{STEM},") for row in rows[1:]) and len(rows) > 3
    assert (tmp_path / "marks" / "report.html").exists()


def test_guide_tells_the_minutes_of_a_lesson(tmp_path):
    done = course(tmp_path, "guide", STEM, "--html", "guide.html")
    assert (done.returncode, done.stdout) == (0, "written: guide.html\n")
    assert "<h1>Timetable" in (tmp_path / "guide.html").read_text("utf-8")
    assert " min\n" in course(tmp_path, "guide", STEM).stdout


def test_autograder_writes_a_zip(tmp_path):
    done = course(tmp_path, "autograder", STEM, "--gradescope", "made.zip")
    assert done.returncode == 0 and f"written: made.zip, for {STEM}" in done.stdout
    assert (tmp_path / "made.zip").stat().st_size > 10_000


def test_doctor_looks_at_each_part_and_names_remedies(tmp_path):
    bare = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    done = course(tmp_path, "doctor", env=bare)
    parts = re.findall(r"^[✓✗] (\w+)", done.stdout, re.MULTILINE)
    assert {"Python", "torch", "kernel", "data", "grader"} <= set(parts)
    assert "✗ grader" in done.stdout and "install bubblewrap" in done.stdout
    assert (done.returncode, done.stderr) == (1, "")


def test_board_tells_how_to_join_and_ends_quietly():
    words = [COURSE, "board", "--local", "--port", "0"]
    environment = {**os.environ, "BROWSER": "true"}
    with Popen(words, stdout=PIPE, stderr=STDOUT, env=environment) as board:
        join = rb"course lab --board 127\.0\.0\.1:\d+ [a-z0-9]{6}$"
        assert any(re.search(join, line.strip()) for line in board.stdout)
        board.send_signal(signal.SIGINT)
        assert b"Traceback" not in board.stdout.read()
    assert board.returncode == 0


def test_lab_tells_the_address_of_its_lesson(tmp_path):
    words = ["lab", STEM, "--no-browser", f"--ServerApp.root_dir={tmp_path}"]
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    with Popen([COURSE, *words], stdout=PIPE, stderr=STDOUT, env=environment) as lab:
        address = re.compile(rf"http://\S+/lab/tree/{LESSONS}/{STEM}\.ipynb".encode())
        assert any(address.search(line) for line in lab.stdout)
        lab.send_signal(signal.SIGINT)
        lab.stdout.read()


def test_start_lays_a_course_out(tmp_path):
    done = course(tmp_path, "start", "mine")
    assert done.returncode == 0 and "course lab" in done.stdout
    page = tmp_path / "mine" / LESSONS / f"{STEM}.ipynb"
    assert page.read_bytes() == (ROOT / LESSONS / page.name).read_bytes()
    assert "was already in mine" in course(tmp_path, "start", "mine").stdout
    assert "up to date" in course(page.parent, "update").stdout


def test_update_brings_what_is_new(tmp_path):
    def git(folder, *words):
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *words], cwd=tmp_path / folder, check=True)

    rooms = shutil.ignore_patterns("__pycache__", "*.png")
    for room in ("course_utils", LESSONS):
        shutil.copytree(ROOT / room, tmp_path / "origin" / room, ignore=rooms)
    git("origin", "init", "-q", "-b", "main")
    git("origin", "add", ".")
    git("origin", "commit", "-q", "-m", "one")
    git(".", "clone", "-q", "origin", "clone")
    (tmp_path / "origin" / LESSONS / "new.txt").write_text("new")
    git("origin", "add", ".")
    git("origin", "commit", "-q", "-m", "two")
    done = course_at(tmp_path / "clone", "update")
    news = f"updated: {LESSONS}/new.txt\nThe course is up to date.\n"
    assert (done.returncode, done.stdout) == (0, news)


@pytest.fixture
def folder(tmp_path, exercise):
    """Where a person stands: files and folders that are not what a command needs."""
    for name in ("empty", "locked"):
        (tmp_path / name).mkdir()
    (tmp_path / "text").write_text("text")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "odd.ipynb").write_text("[1]")
    (tmp_path / "mine.ipynb").write_bytes((ROOT / "solutions/README.md").read_bytes())
    (tmp_path / "locked").chmod(0)
    yield tmp_path
    (tmp_path / "locked").chmod(0o700)


def as_others():
    """Take from root the right to read and write what is locked."""
    for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("build none", "no lesson 'none'; there are "),
        ("lab none", "no lesson 'none'; there are "),
        ("lab --keep there", "--keep goes with --present"),
        ("lab --board 127.0.0.1:9 code", "--nickname is missing"),
        ("guide --plan 3", "--plan 3: write `day`, or sessions and minutes"),
        ("guide none", "no lesson 'none'; there are "),
        ("guide --grades none.csv", "none.csv: No such file"),
        ("guide --grades empty", "empty: Is a directory"),
        ("guide --grades bytes.csv", "bytes.csv is no grades.csv"),
        ("guide --grades odd.ipynb", "odd.ipynb is no grades.csv"),
        ("guide --html none/page.html", "none/page.html: No such file"),
        ("guide --html locked/page.html", "locked/page.html: Permission denied"),
        ("guide --html empty", "empty: Is a directory"),
        ("autograder none --gradescope a.zip", "no lesson 'none'"),
        ("autograder --gradescope none/a.zip", "none/a.zip: No such file"),
        ("autograder --gradescope locked/a.zip", "locked/a.zip: Permission denied"),
        ("autograder --gradescope empty", "empty: Is a directory"),
        ("check none.ipynb", "none.ipynb: there is no such file"),
        ("check empty", "empty: no notebook in this folder"),
        ("check locked", "locked: Permission denied"),
        ("check text", "text: not a notebook"),
        ("check odd.ipynb", "odd.ipynb: "),
        ("check mine.ipynb", "mine.ipynb: not valid JSON"),
        ("grade none --out marks", "none is not a folder"),
        ("grade text --out marks", "text is not a folder"),
        ("grade empty --out marks", "no submission in empty"),
        ("grade locked --out marks", "locked: Permission denied"),
        ("grade class --out text", "text is a file: name a folder"),
        ("grade class --out locked/marks --unisolated", "locked/marks: Permission"),
        ("grade class --out class/marks", "lies in the submissions"),
        ("grade class --out marks --format none", "no format 'none'"),
        ("grade class --out marks --roster none.csv", "none.csv: No such file"),
        ("grade class --out marks --roster bytes.csv", "bytes.csv: no column"),
        ("grade class --out marks --column none=HW", "no exercise 'none'"),
        ("grade class --out marks --unisolated --scheduler none", "HOST:PORT"),
        ("grade --out marks", "give a folder of submissions or --demo N"),
        ("grade --demo 1 --out locked/marks", "Permission denied"),
        ("grade class", "Missing option '--out'; see `course grade --help`"),
        ("start text", "text is a file: name a folder"),
        ("start locked/mine", "Permission denied"),
        ("update all", "unexpected extra argument (all); see `course update --help`"),
        ("none", "No such command 'none'; see `course --help`"),
    ],
)
def test_bad_input_is_told_in_one_line(folder, line, says):
    done = course(folder, *line.split(), preexec_fn=as_others)
    assert says in told(done)
    assert not (folder / "marks" / "grades.csv").exists()


def test_a_machine_that_cannot_isolate_is_told_what_to_do(folder):
    bare = {"PATH": str(folder), "HOME": str(folder)}
    done = course(folder, "grade", "class", "--out", "marks", env=bare)
    assert re.search("install bubblewrap.*use --unisolated", told(done))


def test_a_checkout_that_is_not_whole_is_told(tmp_path):
    def checkout(*rooms):
        shutil.rmtree(tmp_path / "course", ignore_errors=True)
        for room in rooms:
            shutil.copytree(ROOT / room, tmp_path / "course" / room)
        return tmp_path / "course"

    root = checkout("course_utils")
    for command in ("lab", "guide", "build"):
        assert "no notebooks of the course" in told(course_at(root, command))
    root = checkout("course_utils", LESSONS, "solutions", "exercises")
    (root / LESSONS / f"{STEM}.ipynb").write_text("{")
    assert f"{LESSONS}/{STEM}.ipynb: not a notebook" in told(
        course_at(root, "guide", STEM)
    )
    (root / "course_utils" / "keys" / f"{STEM}.json").write_text("[1")
    done = course_at(root, "check", f"exercises/{STEM}.ipynb")
    assert f"run `course build {STEM}`" in told(done)
    assert "git" in told(course_at(root, "update"))
