"""`make system` installs what is missing, and goes on where it cannot."""

import shutil
import subprocess

import pytest

from course_utils.tools.places import ROOT

APT = """#!/bin/sh
echo "$*"
[ "${*#*chromium}" = "$*" ]  # this machine's archive has no chromium
"""


@pytest.fixture
def bare(tmp_path):
    """Runs `make system` where there is nothing but a shell, make and stand-ins."""
    make, shell = shutil.which("make"), shutil.which("sh")
    for name in ("sh", "true", "env"):
        (tmp_path / name).symlink_to(shutil.which(name))

    def stand_in(name, text):
        (tmp_path / name).write_text(f"#!{shell}\n{text.removeprefix('#!/bin/sh')}")
        (tmp_path / name).chmod(0o755)

    def run(user="0", **programs):
        for name, text in {"id": f"echo {user}", "python3": "", **programs}.items():
            stand_in(name.replace("_", "-"), text)
        done = subprocess.run(
            [make, "--no-print-directory", "system"],
            env={"PATH": str(tmp_path)},
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    return run


def test_what_is_missing_is_installed_one_by_one(bare):
    said = bare(apt_get=APT, unshare="")
    assert said[0].startswith("Installing chromium bubblewrap")
    assert "install -y -qq --no-install-recommends bubblewrap" in said
    assert said[-1].startswith("Missing: chromium. Tests that need them are skipped.")


@pytest.mark.parametrize("sudo", ["", "exit 1"])
def test_an_ordinary_user_needs_sudo_without_a_password(bare, sudo):
    said = bare(user="1000", apt_get=APT, sudo=sudo or 'shift; exec "$@"')
    assert said[0].startswith("Missing" if sudo else "Installing")
    assert "On Debian: sudo apt install chromium" in said[-1]


def test_where_all_is_there_nothing_is_said(bare):
    present = dict.fromkeys(("chromium", "bwrap", "unshare"), "")
    assert [line for line in bare(**present) if "font" not in line] == []


@pytest.fixture
def checkout(tmp_path):
    """Runs `make lab` where Python and the command are stand-ins."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv/bin").mkdir(parents=True)

    def run(**programs):
        for name, text in programs.items():
            program = tmp_path / ".venv/bin" / name
            program.write_text(f"#!/bin/sh\n{text}\n")
            program.chmod(0o755)
        words = ["make", "--no-print-directory", "lab", "PYTHON=.venv/bin/python3"]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode == 2) == ("course" not in done.stdout)
        return done.stdout.splitlines()

    return run


def test_a_venv_that_does_not_work_any_more_is_told(checkout, tmp_path):
    (tmp_path / ".venv/installed").touch()
    (line,) = checkout()
    assert line.startswith("The folder .venv does not work any more")


def test_a_setup_that_fails_names_what_may_be_missing(checkout):
    said = checkout(python3="", python='[ "$3" != install ]')
    assert said[0].startswith("Setting up .venv, in two steps")
    assert "Is there a network?" in said[-1] and "call make again" in said[-1]


def test_a_half_venv_is_made_anew(checkout, tmp_path):
    remake = "printf '#!/bin/sh\\n' > .venv/bin/python; chmod +x .venv/bin/python"
    course = "echo course"
    said = checkout(
        python="exit 1", python3=f"[ $1 = -c ] || {{ {remake}; }}", course=course
    )
    assert said[-1] == "course" and (tmp_path / ".venv/installed").exists()
