"""The house: who imports whom, one honest list of dependencies, a small face."""

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYPROJECT = (ROOT / "pyproject.toml").read_text()
STARTED = {"ipykernel"}  # with `python -m`, and by name in the fork server
TOP = {
    *("README.md", "LICENSE", "Makefile", "pyproject.toml", "environment.yml"),
    *(".ci", ".github", ".devcontainer", ".pre-commit-config.yaml", ".gitignore"),
    *("course_utils", "notebooks", "exercises", "solutions"),
    "tests",
}
OPTIONAL = {"distributed"}  # the extra `cluster`


def listed(name):
    """The lines of a list in pyproject.toml."""
    pattern = rf"^{name} = \[.*\n((?:    .*\n)*)\]"
    return re.search(pattern, PYPROJECT, re.MULTILINE)[1].splitlines()


def declared(name):
    """The packages that a list in pyproject.toml names."""
    return {re.search(r'"([\w-]+)', line)[1].replace("_", "-") for line in listed(name)}


def imported(*folders):
    """The packages of others that the modules in these folders import."""
    homes = packages_distributions()
    names = set()
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        if "faults" in path.parts:  # submissions, which import what they like
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module.split(".")[0])
    others = names - set(sys.stdlib_module_names) - {"course_utils"}
    return {homes[name][0].lower().replace("_", "-") for name in others}


def test_rooms_import_only_what_they_may():
    """The contracts in pyproject.toml: the wall, no circles, judging without torch."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_what_is_imported_is_declared_and_nothing_else():
    assert imported(ROOT / "course_utils") | STARTED == (
        declared("dependencies") | OPTIONAL
    )


def test_what_the_tests_import_is_declared():
    rooms = [path for path in (ROOT / "tests").iterdir() if path.name != "bench"]
    needed = imported(*(room for room in rooms if room.is_dir()))
    assert needed <= declared("dependencies") | declared("test")


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
    lines = [
        line for name in ("dependencies", "test", "bench") for line in listed(name)
    ]
    assert all("  # " in line or ", # " in line for line in lines)


def test_the_top_level_holds_only_what_it_should():
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True
    )
    top = {line.split("/")[0] for line in files.stdout.splitlines()}
    assert top <= TOP


def test_the_command_answers_without_importing_torch():
    code = "import sys, course_utils.tools.cli as c; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


# Of what the lessons need, this much is on Colab; its first cell installs the rest.
COLAB = (
    "babel contourpy ipython ipywidgets markupsafe matplotlib numpy pillow scikit-learn"
)


def test_the_first_cell_on_colab_brings_what_is_not_there():
    rooms = [room for room in (ROOT / "course_utils").iterdir() if room.name != "tools"]
    needed = imported(*(room for room in rooms if room.is_dir()))
    index = (ROOT / "notebooks/README.md").read_text("utf-8")
    brought = set(
        re.search(r"^%pip install -q (\w.+)$", index, re.MULTILINE)[1].split()
    )
    assert needed - {"torch", "torchvision", *COLAB.split()} == brought
