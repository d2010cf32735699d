"""`course doctor`: is everything here that the course needs?"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from subprocess import DEVNULL


@dataclass
class Finding:
    """One line of the doctor: what was looked at, whether it is well, the remedy."""

    what: str
    well: bool
    told: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{'✓' if self.well else '✗'} {self.what}: {self.told}"
        return line if self.well or not self.remedy else f"{line}\n    {self.remedy}"


def examine(grader: bool = True) -> list[Finding]:
    """Every finding, in the order in which a learner needs the parts."""
    looks = [_python, _torch, _device, _jupyter, _kernel, _warm, _data]
    looks += [_grader] if grader else []
    return [finding for look in looks for finding in _safely(look)]


def _safely(look: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return look()
    except Exception as error:
        first = (str(error).splitlines() or [""])[0]
        name = look.__name__.strip("_")
        return [Finding(name, False, f"{type(error).__name__}: {first}", AGAIN)]


AGAIN = "Run `make lab` again; it repairs an installation."


def _python() -> list[Finding]:
    well = sys.version_info >= (3, 10)
    told = ".".join(map(str, sys.version_info[:3]))
    return [Finding("Python", well, told, "Install Python 3.10 or newer.")]


def _torch() -> list[Finding]:
    import torch
    import torchvision

    torchvision.ops.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)
    total = (torch.ones(2, 2) @ torch.ones(2, 1)).sum().item()
    told = f"{torch.__version__} with torchvision {torchvision.__version__}"
    return [Finding("torch", total == 4, told, AGAIN)]


def _device() -> list[Finding]:
    import torch

    threads = f"CPU with {torch.get_num_threads()} threads"
    if torch.accelerator.is_available():
        return [
            Finding(
                "device", True, f"{torch.accelerator.current_accelerator()}, {threads}"
            )
        ]
    return [Finding("device", True, f"{threads}; that is enough for this course")]


def _jupyter() -> list[Finding]:
    return [_installed(name) for name in ("jupyterlab", "ipywidgets", "nbval")]


def _installed(package: str) -> Finding:
    try:
        return Finding(package, True, version(package))
    except PackageNotFoundError:
        return Finding(package, False, "not installed", AGAIN)


def _kernel() -> list[Finding]:
    from jupyter_client.manager import start_new_kernel

    start = time.perf_counter()
    manager, client = start_new_kernel(kernel_name="python3", stderr=DEVNULL)
    try:
        reply = client.execute_interactive("import torch", timeout=120)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    told = f"runs torch, {time.perf_counter() - start:.1f} s after its start"
    return [Finding("kernel", reply["content"]["status"] == "ok", told, AGAIN)]


def _warm() -> list[Finding]:
    from course_utils.tools.kernels import ServerError, warm_up

    try:
        warm_up()
    except ServerError as error:
        return [Finding("warm kernels", True, f"ordinary ones instead: {error}")]
    return [Finding("warm kernels", True, "on in the Lab that `course lab` opens")]


def _data() -> list[Finding]:
    from course_utils.data import Digits, place_names

    told = f"{len(Digits())} digits, {len(place_names())} place names, all offline"
    return [Finding("data", True, told)]


def _grader() -> list[Finding]:
    from course_utils.tools.kernels import protections
    from course_utils.tools.kernels.bubblewrap import ELSEWHERE

    if sys.platform != "linux":  # which no learner needs
        return [Finding("grader", True, f"does not protect itself here; {ELSEWHERE}")]
    return [
        Finding(f"grader, {name}", on, "protected" if on else "not protected", remedy)
        for name, on, remedy in protections()
    ]


def one_line(findings: list[Finding]) -> str:
    """What an instructor needs to know the day before, for a learner to send.

    It tells of the machine and of what does not work; nobody's name and no folder.
    """
    told = {finding.what: finding.told for finding in findings if finding.well}
    wrong = [finding.what for finding in findings if not finding.well]
    facts = [
        platform.system() or "unknown system",
        f"Python {told.get('Python', '?')}",
        f"torch {told.get('torch', '?').partition(' with')[0]}",
        told.get("device", "?").partition(";")[0],
        f"kernel {told.get('kernel', '?').removeprefix('runs torch, ')}",
        "warm" if told.get("warm kernels", "").startswith("on") else "not warm",
    ]
    state = f"NOT READY ({', '.join(wrong)}: see `course doctor`)" if wrong else "ready"
    line = f"course {version('pytorch-basics-course')} {state} · {' · '.join(facts)}"
    return " ".join(line.split())[:300]
