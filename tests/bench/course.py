"""How fast the course itself is: kernels, checks, the build, lessons, demos."""

from __future__ import annotations

import json
import os
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout, suppress
from datetime import datetime
from io import StringIO
from pathlib import Path
from statistics import median
from subprocess import DEVNULL
from tempfile import TemporaryDirectory

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from measure import RIVALS, ROOT, VENV, Row, run, seconds
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from course_utils.tools.authoring.solution import read
from course_utils.tools.kernels import warm_up
from course_utils.tools.places import stems

READY = "import torch, torchvision, matplotlib.pyplot, ipywidgets"
PROBE = Path(__file__).with_name("probe.py").read_text(encoding="utf-8")
STEPPERS = """
import torch
from torch import nn
from torchvision.models import resnet18
from course_utils.demos.stepper import stepper

small = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
x, image = torch.randn(3, 2), torch.randn(1, 3, 64, 64)
large = resnet18(weights=None).eval()
toy = stepper(lambda: small(x).square().mean(), model=small)
big = stepper(lambda: large(image).square().mean(), model=large)
last = big.controls["step"].max
big.controls["step"].value = last // 2
print(json.dumps({"toy graph": redraws([toy]), "ResNet-18": redraws([big])}))
"""


def kernels(tell: Callable, times: int) -> Iterator[Row]:
    """From the request of a kernel to torch imported in it."""
    tell("cold kernels")
    _start_them("local-provisioner")
    cold = median(_ready() for _ in range(min(times, 3)))
    tell("warm kernels")
    _start_them("course-warm")
    yield Row("warm kernels' server, once", seconds(lambda: warm_up().wait_ready(), 1))
    warm = median(_ready() for _ in range(times))
    yield Row("kernel with torch ready, warm", warm, "s", 0.5)
    yield Row("kernel with torch ready, cold", cold)
    yield Row("cold against warm", cold / warm, "times")


def _start_them(how: str) -> None:
    """Say how kernels of this process are started from now on."""
    KernelProvisionerFactory.instance().default_provisioner_name = how


def _ready() -> float:
    """Seconds until a new kernel has torch."""
    start = time.perf_counter()
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(stderr=DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        reply = client.execute_interactive(READY, timeout=120)
        assert reply["content"]["status"] == "ok", reply
        return time.perf_counter() - start
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def imports(tell: Callable, times: int) -> Iterator[Row]:
    """Imports of the package and of its command, without Python's own start."""
    for name in ("course_utils", "course_utils.tools.cli"):
        tell(f"import {name}")
        code = (
            f"import time; t = time.perf_counter(); import {name}; "
            "t = time.perf_counter() - t; import sys; print(t, 'torch' in sys.modules)"
        )
        told = [
            run(VENV / "bin" / "python", "-c", code).output.split()
            for _ in range(times)
        ]
        assert all(loaded == "False" for _, loaded in told), "it imports torch"
        took = median(float(took) for took, _ in told)
        yield Row(f"import {name}", 1000 * took, "ms", 100)


class Silent:
    """In the place of `see`: what a check block takes without observing."""

    def __call__(self, name, value, **tolerances) -> None:
        """What `see` would call is called here, too: its time is the learner's."""
        if callable(value):
            with suppress(Exception):
                value()

    def give(self, value):
        """The learner's code still gets an input of its own."""
        return value


def checks(tell: Callable, stem: str = "01_dataset") -> Iterator[Row]:
    """A check cell's time in a notebook, without that of the code it calls."""
    tell("check blocks")
    shell = InteractiveShell.instance(history_manager=None)
    solution, took = read(ROOT / "solutions" / f"{stem}.ipynb"), {}
    for task in solution.tasks:
        names: dict = {"__name__": "__main__"}
        for source in [*solution.setup, task.answer]:
            exec(source, names)
        head, _, body = task.check.partition(":\n")
        silent = compile(head.replace("check(", "silent(") + ":\n" + body, "", "exec")
        whole = compile(task.check, "<check>", "exec")
        names["silent"] = lambda slug, points: lambda block: block(Silent())
        with redirect_stdout(StringIO()):
            for code in (whole, silent):
                exec(code, names)
            full = seconds(lambda c=whole, n=names: exec(c, n), 20)
            bare = seconds(lambda c=silent, n=names: exec(c, n), 20)
        took[task.slug] = 1000 * (full - bare)
    assert shell is not None
    slowest = max(took, key=took.get)
    yield Row("check of five criteria, overhead", took["table_dataset"], "ms", 20)
    yield Row("the slowest check's overhead", took[slowest], "ms", note=slowest)


def build(tell: Callable) -> Iterator[Row]:
    """`course build --check` of an unchanged tree, after its imports."""
    tell("course build --check")
    code = (
        "import time, course_utils.tools.authoring.build\n"
        "import course_utils.tools.teaching.index\n"
        "from course_utils.tools.cli import main\n"
        "t = time.perf_counter()\n"
        "try: main(['build', '--check'])\n"
        "except SystemExit as end: print(end.code, time.perf_counter() - t)"
    )
    took, stale = [], False
    while len(took) < 3 and not stale:
        *_, exit_code, last = run(VENV / "bin" / "python", "-c", code).output.split()
        took.append(float(last))
        stale = exit_code != "0"
    note = "not an unchanged tree: a file is stale" if stale else ""
    yield Row("course build --check", median(took), "s", 2, note=note)


def notebooks(tell: Callable, stems: list[str]) -> Iterator[Row]:
    """Each lesson in a warm kernel, and then its demos."""
    demos = {}
    _start_them("course-warm")
    warm_up().wait_ready()
    for stem in stems:
        tell(f"lesson {stem}")
        notebook = nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", 4)
        cells = [c for c in notebook.cells if c.cell_type == "code"]
        told = _run(notebook, PROBE + "\nreport()")
        start = cells[0].metadata.execution["iopub.execute_input"]
        end = cells[-1].metadata.execution["shell.execute_reply"]
        yield Row(
            f"lesson {stem}", (_when(end) - _when(start)).total_seconds(), "s", 30
        )
        demos.update(told)
    for name, (middle, most) in sorted(demos.items()):
        yield Row(f"demo {name}, a redraw", middle, "ms", note=f"at most {most:.0f} ms")
    tell("graph stepper")
    told = _run(nbformat.v4.new_notebook(), PROBE + STEPPERS)
    for (name, took), limit in zip(told.items(), (50, 100), strict=True):
        middle, most = took["stepper"]
        note = f"at most {most:.0f} ms"
        yield Row(f"stepper, a step, {name}", middle, "ms", limit, note=note)


def _when(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp.replace("Z", "+00:00"))


def _run(notebook, code: str) -> dict:
    """Run a notebook and then `code`; what that printed, as JSON."""
    last = new_code_cell(code)
    notebook.cells.append(last)
    where = {"metadata": {"path": str(ROOT / "notebooks")}}
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources=where
    )
    client.execute(stderr=DEVNULL)
    text = "".join(o.text for o in last.outputs if o.get("name") == "stdout")
    return json.loads(text.splitlines()[-1])


def graphs(tell: Callable) -> Iterator[Row]:
    """A picture of a graph, ours with its backward pass and torchviz's without."""
    tell("graphs")
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    script = Path(__file__).with_name("graphs.py")
    said = run(RIVALS / "bin" / "python", script, env=env, cwd=ROOT).output
    told = json.loads(said.splitlines()[-1])
    note = "as SVG" if told["dot"] else "up to its DOT source: Graphviz is missing"
    for name, title, limit in (
        ("toy", "toy graph", None),
        ("large", "ResNet-18", 1000),
    ):
        yield Row(f"draw the {title}", 1000 * told[f"{name} ours"], "ms", limit)
        took = 1000 * told[f"{name} theirs"]
        yield Row(f"torchviz, the {title}", took, "ms", note=note)


def browser(tell: Callable) -> Iterator[Row]:
    """From a key to the changed picture, in the Lab in a browser."""
    tell("demos in the browser")
    script = ROOT / "tests" / "browser" / "latency.py"
    pytest = [VENV / "bin" / "python", "-m", "pytest", "-q", "-s", "-n", "0", script]
    said = run(*pytest, cwd=ROOT).output
    for line in said.splitlines():
        if line.startswith("{"):
            ((name, took),) = json.loads(line).items()
            yield Row(f"demo {name}, from key to picture in the Lab", took, "ms")


def setup(tell: Callable) -> Iterator[Row]:
    """The set-up of a new checkout, with the packages in pip's cache."""
    tell("set-up of a new checkout")
    with TemporaryDirectory(prefix="bench-") as folder:
        run("git", "clone", "--quiet", ROOT, folder)
        first = run("make", "-C", folder, ".venv/installed").seconds
        yield Row("set-up of a new checkout, packages in pip's cache", first)
        again = run("make", "-C", folder, ".venv/installed").seconds
        yield Row("… when it is set up", 1000 * again, "ms")


def size(tell: Callable) -> Iterator[Row]:
    """What the set-up takes on the disk."""
    tell("size")
    packages = Path(sysconfig.get_path("purelib"))
    torch = sum(_bytes(packages / name) for name in ("torch", "nvidia", "triton"))
    note = f"torch with its CUDA libraries {torch / 1e9:.2f} GB"
    yield Row("size of .venv", (_bytes(VENV) - _bytes(RIVALS)) / 1e9, "GB", note=note)


def _bytes(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.is_file())


def some_stems(quick: bool) -> list[str]:
    """The lessons to run."""
    return stems(room="notebooks")[:1] if quick else stems(room="notebooks")
