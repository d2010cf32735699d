"""The command that closes a process in: what bubblewrap shows it, and what it hides."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from course_utils.errors import CourseError
from course_utils.tools.places import PACKAGE, ROOT

HOME = "/private"
SYSTEM = "/usr /bin /sbin /lib /lib32 /lib64 /nix /gnu".split()
SETTINGS = [
    "/sys/devices/system/cpu",
    *(f"/etc/{n}" for n in ("ld.so.cache", "fonts", "localtime", "alternatives")),
]

NAMES = (
    "no network",
    "its own processes",
    "no privileges",
    "other files hidden",
    "files read-only",
    "no new namespaces",
    "a private folder of limited size",
    "limits on processes, and on memory by a watch",
)
KEYS = str(PACKAGE / "keys")
DISK = 2**29  # bytes of the private folder
ELSEWHERE = "only Linux can: grade there, for example in WSL or Docker"


class Protection(NamedTuple):
    """One thing that a sandbox keeps from happening: whether it does here, or how."""

    name: str
    on: bool
    remedy: str


class IsolationError(CourseError):
    """This machine cannot isolate kernels; the message says why, and the remedy."""


def environment() -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": HOME,
        "TMPDIR": HOME,
        "USER": "learner",
        "LOGNAME": "learner",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "OMP_NUM_THREADS": "1",  # the cores are busy with other notebooks
        # There is no network: what would wait for one fails at once.
        "PIP_NO_INDEX": "1",
        "PIP_RETRIES": "0",
        "PIP_TIMEOUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_OFFLINE": "1",
        "CONDA_OFFLINE": "1",
    }


def plain_user() -> int | None:
    """The user that root's sandbox becomes: one with no files and no processes."""
    if os.geteuid() != 0:
        return None
    rows = [
        map(int, r.split()) for r in Path("/proc/self/uid_map").read_text().splitlines()
    ]
    spans = [(inside, inside + count) for inside, _, count in rows]
    for uid in (2_000_000_000 + os.getpid(), 65534):
        if any(first <= uid < end for first, end in spans):
            return uid
    return None


def wrapper(memory: int) -> list[str]:
    """The command that comes before the fork server's; raises IsolationError."""
    if sys.platform != "linux":
        raise IsolationError(ELSEWHERE)
    program = shutil.which("bwrap")
    if program is None:
        raise IsolationError(remedy("bwrap is not installed"))
    command = [program, "--as-pid-1", "--new-session", "--cap-drop", "ALL"]
    for space in ("ipc", "pid", "net", "uts", "cgroup-try"):
        command.append(f"--unshare-{space}")
    if plain_user() is not None:
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command.append("--unshare-user")
        if "--disable-userns" in _help(program):
            command.append("--disable-userns")
    for path in SYSTEM:
        if os.path.islink(path):
            command += ["--symlink", os.readlink(path), path]
        else:
            command += ["--ro-bind-try", path, path]
    python = {sys.base_prefix, sys.prefix, str(PACKAGE)} - {"/usr"}
    shown = [*SETTINGS, *sorted(python)]
    if not any(path.startswith("/tmp/") for path in shown):
        command += ["--symlink", HOME, "/tmp"]
    for parent in sorted({str(p) for path in shown for p in Path(path).parents}):
        command += ["--perms", "0755", "--dir", parent]
    for path in shown:
        command += ["--ro-bind-try", path, path]
    command += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    for path, size in ((HOME, DISK), ("/dev/shm", memory // 2)):
        command += ["--perms", "1777", "--size", str(size), "--tmpfs", path]
    if os.path.isdir(KEYS):
        command += ["--tmpfs", KEYS, "--remount-ro", KEYS]
    return [*command, "--remount-ro", "/", "--chdir", "/", "--"]


def _help(program: str) -> str:
    return subprocess.run([program, "--help"], capture_output=True, text=True).stdout


def remedy(said: str) -> str:
    if "not installed" in said:
        return f"{said}: install bubblewrap (for example `apt install bubblewrap`)"
    if "user namespace" in said or "uid map" in said or "Operation not perm" in said:
        return (
            f"{said}: this machine does not let users make namespaces; allow it with "
            "`sysctl kernel.unprivileged_userns_clone=1`, "
            "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or outside "
            "this container"
        )
    return said


def protections() -> list[Protection]:
    """What holds on this machine, tried out."""
    try:
        command = wrapper(2**20)
    except IsolationError as error:
        return [Protection(name, False, str(error)) for name in NAMES]
    hidden = [str(Path.home()), str(ROOT / "solutions")]
    probe = [sys.executable, "-m", f"{__package__}.probe"]
    question = json.dumps({"uid": plain_user(), "hidden": hidden, "disk": DISK})
    tried = subprocess.run(
        [*command, *probe, question],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if tried.returncode:
        said = (tried.stderr.strip().splitlines() or ["bwrap failed"])[-1]
        return [Protection(name, False, remedy(said)) for name in NAMES]
    facts = json.loads(tried.stdout)
    update = "update bubblewrap and the kernel"
    return [
        Protection(name, facts[name], "" if facts[name] else update) for name in NAMES
    ]
