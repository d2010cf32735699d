"""`course doctor`: is everything here that the course needs?"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from subprocess import DEVNULL

from course_utils.locale.again import N_
from course_utils.locale.again import again as said
from course_utils.tools.places import PACKED, ROOT


@dataclass
class Finding:
    """One line of the doctor: what was looked at, whether it is well, the remedy.

    Its words are English until they are shown.
    """

    what: str
    well: bool
    told: str
    remedy: str = ""

    def __str__(self) -> str:
        sign = "✓" if self.well else "✗"
        line = f"{sign} {said(self.what)}: {said(self.told)}"
        if self.well or not self.remedy:
            return line
        return f"{line}\n    {said(self.remedy)}"


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


WHAT = "pytorch-basics-course" if ROOT == PACKED else "-e ."
PIP = f"`{sys.executable} -m pip install --force-reinstall {WHAT}`"
PYTHON = {
    "win32": "`winget install Python.Python.3.12`, or python.org",
    "darwin": "`brew install python@3.12`, or python.org",
}


def again(platform: str = sys.platform) -> str:
    """How to repair an installation on this platform."""
    if platform == "linux" and ROOT != PACKED:
        return N_("Run `make lab` again; it repairs an installation.")
    return N_("Run {pip}; it repairs an installation.", pip=PIP)


AGAIN = again()


def _python() -> list[Finding]:
    well = sys.version_info >= (3, 10)
    told = ".".join(map(str, sys.version_info[:3]))
    how = PYTHON.get(sys.platform, N_("your system's packages have it"))
    return [
        Finding(
            "Python", well, told, N_("Install Python 3.10 or newer: {how}.", how=how)
        )
    ]


def _torch() -> list[Finding]:
    import torch
    import torchvision

    torchvision.ops.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)
    total = (torch.ones(2, 2) @ torch.ones(2, 1)).sum().item()
    facts = {"torch": torch.__version__, "vision": torchvision.__version__}
    told = N_("{torch} with torchvision {vision}", **facts)
    return [Finding("torch", total == 4, told, AGAIN)]


def _device() -> list[Finding]:
    import torch

    count, told = torch.get_num_threads(), ""
    if torch.accelerator.is_available():
        name = torch.accelerator.current_accelerator()
        told = N_("{name}, CPU with {count} threads", name=name, count=count)
    else:
        told = N_(
            "CPU with {count} threads; that is enough for this course", count=count
        )
    return [Finding(N_("device"), True, told)]


def _jupyter() -> list[Finding]:
    return [_installed(name) for name in ("jupyterlab", "ipywidgets", "nbval")]


def _installed(package: str) -> Finding:
    try:
        return Finding(package, True, version(package))
    except PackageNotFoundError:
        return Finding(package, False, N_("not installed"), AGAIN)


def _kernel() -> list[Finding]:
    from jupyter_client.manager import start_new_kernel

    start = time.perf_counter()
    manager, client = start_new_kernel(kernel_name="python3", stderr=DEVNULL)
    try:
        reply = client.execute_interactive("import torch", timeout=120)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    seconds = time.perf_counter() - start
    told = N_("runs torch, {seconds:.1f} s after its start", seconds=seconds)
    return [Finding(N_("kernel"), reply["content"]["status"] == "ok", told, AGAIN)]


def _warm() -> list[Finding]:
    from course_utils.tools.kernels import ServerError, warm_up

    try:
        warm_up()
    except ServerError as error:
        told = N_("ordinary ones instead: {error}", error=error)
        return [Finding(N_("warm kernels"), True, told)]
    told = N_("on in the Lab that `course lab` opens")
    return [Finding(N_("warm kernels"), True, told)]


def _data() -> list[Finding]:
    from course_utils.data import Digits, place_names

    facts = {"digits": len(Digits()), "names": len(place_names())}
    told = N_("{digits} digits, {names} place names, all offline", **facts)
    return [Finding(N_("data"), True, told)]


def _grader() -> list[Finding]:
    from course_utils.tools.kernels import protections
    from course_utils.tools.kernels.bubblewrap import ELSEWHERE

    if sys.platform != "linux":  # which no learner needs
        return [
            Finding(N_("grader"), True, f"does not protect itself here; {ELSEWHERE}")
        ]
    return [
        Finding(
            f"grader, {name}",
            on,
            N_("protected") if on else N_("not protected"),
            remedy,
        )
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
