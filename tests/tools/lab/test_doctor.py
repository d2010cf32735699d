"""What the doctor says: a remedy for this platform, and one line before a class."""

import getpass
from pathlib import Path

import pytest

from course_utils.tools.lab import doctor
from course_utils.tools.lab.doctor import Finding, one_line

WELL = [
    Finding("Python", True, "3.11.7"),
    Finding("torch", True, "2.14.1+cpu with torchvision 0.29.1"),
    Finding("device", True, "CPU with 2 threads; that is enough for this course"),
    Finding("kernel", True, "runs torch, 1.5 s after its start"),
    Finding("warm kernels", True, "on in the Lab that `course lab` opens"),
]


def test_it_is_one_line_that_says_ready_and_what_is_there():
    line = one_line(WELL)
    assert "\n" not in line and len(line) < 200
    for part in (" ready · ", "Python 3.11.7", "torch 2.14.1+cpu ", "1.5 s", "warm"):
        assert part in line


def test_it_names_what_does_not_work_and_nobody():
    broken = Finding("data", False, f"OSError: {Path.home()}/x\nmore", "Install anew.")
    line = one_line([*WELL, broken])
    assert "NOT READY (data: see `course doctor`)" in line and "\n" not in line
    assert str(Path.home()) not in line and getpass.getuser() not in line.split()


def test_it_is_told_where_nothing_works():
    assert "torch ?" in one_line(
        [Finding("torch", False, "ImportError: x", "Again.")][:0]
    )


@pytest.mark.parametrize(
    ("platform", "packed", "says"),
    [
        ("linux", False, "`make lab` again"),
        ("win32", False, "-m pip install --force-reinstall -e .`"),
        ("darwin", False, "-m pip install --force-reinstall -e .`"),
        ("linux", True, "-m pip install --force-reinstall"),
    ],
)
def test_a_remedy_is_for_the_platform(platform, packed, says, monkeypatch):
    if packed:
        monkeypatch.setattr(doctor, "ROOT", doctor.PACKED)
    assert says in doctor.again(platform)
