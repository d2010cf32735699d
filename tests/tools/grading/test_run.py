"""A notebook's run is bounded, whatever ends its kernels."""

import pytest

from course_utils.tools.grading import kernel
from course_utils.tools.grading.job import Limits, Step, Terms
from course_utils.tools.grading.run import run

END_THE_SERVER = "import os\nos.setpriority(os.PRIO_PROCESS, 1, 19)\nos._exit(1)"
CHECK = '@check("{0}")\ndef _(see):\n    see("the value", lambda: {0})'
SETUP = [
    "from course_utils.checking import exercise, raises\ncheck = exercise('90_small')"
]


LIMITS = Limits(20, 200)


def shown(answers, limits=LIMITS):
    """What a run shows of tasks called by their keys, each with a cell of code."""
    steps = []
    for number, (key, code) in enumerate(answers.items(), 1):
        steps.append(Step(code, [key], cell=number))
        steps.append(Step(CHECK.format(key), [key], check=key))
    return run("90_small", SETUP, steps, Terms(1, limits)).checks


def test_kernels_of_one_notebook_are_counted(monkeypatch):
    monkeypatch.setattr(kernel, "RESTARTS", 2)
    checks = shown({key: "import os\nos._exit(1)" for key in "abcd"})
    assert [checks[key].state for key in "abcd"] == ["crashed"] * 4
    assert checks["c"].note == "the kernel died"
    assert "2 kernels had ended" in checks["d"].note


def test_starting_again_is_of_the_notebooks_time(monkeypatch):
    starts, launch = [], kernel.Kernel._launch

    def slow(self):
        starts.append(self)
        self.end -= 100  # as if it had taken so long
        launch(self)

    monkeypatch.setattr(kernel.Kernel, "_launch", slow)
    checks = shown({key: END_THE_SERVER for key in "abcdef"}, Limits(20, 150))
    assert len(starts) <= 3
    assert [checks[key].state for key in "ef"] == ["timed out"] * 2


@pytest.mark.parametrize("code", ["import os\nos._exit(1)", END_THE_SERVER])
def test_an_ended_kernel_costs_the_task_at_hand(code):
    checks = shown({"a": "a = 1", "b": code, "c": "c = 2"})
    assert [checks[key].state for key in "abc"] == [None, "crashed", None]
    assert checks["c"].record["observations"][0]["value"]["value"] == 2


# Each leaves something in the kernel that the grader's own work might stumble over.
LEFT = {
    "no stdout": "import sys\nsys.stdout = sys.stderr = None",
    "a closed stdout": "import sys\nsys.stdout.close()",
    "closed descriptors": "import os\nos.close(1)\nos.close(2)",
    "no folder": "import os\nos.mkdir('x')\nos.chdir('x')\nos.rmdir('../x')",
    "a device": "import torch\ntorch.device('meta').__enter__()",
    "pip": "!pip install no-such-package",
}


@pytest.mark.parametrize("name", LEFT)
def test_what_a_cell_leaves_costs_its_own_task_at_most(name):
    checks = shown({"a": "a = 1", "b": f"b = 2\n{LEFT[name]}", "c": "c = 3"})
    for key, value in {"a": 1, "c": 3}.items():
        assert checks[key].state is None, checks[key]
        (fact,) = checks[key].record["observations"]
        assert fact["value"] == {"kind": "int", "value": value}
