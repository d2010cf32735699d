"""One list of dependencies, one place for settings, a small face."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_conda_gets_what_pyproject_lists():
    """environment.yml brings Python and pip, then the project itself."""
    text = (ROOT / "environment.yml").read_text()
    items = re.findall(r"^ *- (.+)$", text, re.MULTILINE)
    assert items == ["conda-forge", "python>=3.10", "pip", "pip:", "-e ."]
    wanted = re.search(
        r'requires-python = "(.+)"', (ROOT / "pyproject.toml").read_text()
    )
    assert items[1] == f"python{wanted[1]}"


def test_every_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text()
    block = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)[
        1
    ]
    assert all("#" in line for line in block.splitlines())


def test_the_top_level_holds_only_what_it_should():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True
    )
    top = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert top <= {
        ".ci", ".gitignore", "LICENSE", "Makefile", "README.md", "course_utils",
        "environment.yml", "exercises", "notebooks", "pyproject.toml", "solutions",
        "tests",
    }  # fmt: skip


def test_the_command_answers_without_importing_torch():
    code = "import sys, course_utils.tools.cli as c; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
