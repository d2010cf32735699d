"""What runs where the project is hosted: every command that it names exists here."""

import json
import re
import shlex

import pytest
import yaml

from course_utils.tools.cli import main
from course_utils.tools.places import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TARGETS = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")


def exists(command):
    """Whether the first words of a command name something of this project."""
    program, *words = shlex.split(command, comments=True)
    if program == "make":
        return set(words) <= set(TARGETS)
    if program == "course":
        options = [word for word in words[1:] if word.startswith("--")]
        named = {name for p in main.commands[words[0]].params for name in p.opts}
        return words[0] in main.commands and set(options) <= named
    if words[:2] == ["-m", "pytest"]:
        return all((ROOT / word).exists() for word in words[2:])
    if words[:2] == ["-m", "pip"]:
        extra = re.fullmatch(r"\.(?:\[(\w+)\])?", words[-1])
        return not extra[1] or f"\n{extra[1]} = [" in PYPROJECT
    return command.startswith("sudo sysctl -w ")


def commands():
    steps = [
        step
        for path in WORKFLOWS
        for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values()
        for step in job["steps"]
    ]
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    container = json.loads(
        (ROOT / ".devcontainer/devcontainer.json").read_text("utf-8")
    )
    return {
        *(step["run"] for step in steps if "run" in step),
        *(hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]),
        *(text for name, text in container.items() if name.endswith("Command")),
    }


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_exists(command):
    assert exists(command.split(" || ")[0])


def test_every_python_and_system_of_the_readme_is_tried():
    (test,) = (path for path in WORKFLOWS if path.stem == "test")
    jobs = yaml.safe_load(test.read_text("utf-8"))["jobs"]
    pythons = [job["strategy"]["matrix"]["python"] for job in jobs.values()]
    assert pythons == 2 * [[f"3.{minor}" for minor in range(10, 15)]]
    assert {
        s.split("-")[0] for s in jobs["elsewhere"]["strategy"]["matrix"]["system"]
    } == {
        "macos",
        "windows",
    }


def test_every_action_has_a_version():
    for path in WORKFLOWS:
        uses = re.findall(r"uses: (\S+)", path.read_text("utf-8"))
        assert uses and all(re.fullmatch(r"actions/[\w-]+@v\d+", use) for use in uses)
