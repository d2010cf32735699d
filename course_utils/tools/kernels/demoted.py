"""Become a kernel without root's rights; run by its path, so that it starts at once.

For a container in which no namespace can be made: the kernel runs as a user who owns
nothing but a new folder, so it can neither read what is root's alone nor write there.
What such a user left running before is ended.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import tempfile
from contextlib import suppress

NO_NEW_PRIVILEGES = 38
LIMITS = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_FSIZE: 2**29,
    resource.RLIMIT_NPROC: 500,
}
PASSED_ON = ("JPY_PARENT_PID", "PATH")


def demote(user: int, memory: int) -> str:
    """Give up root's rights in this process for good; returns the user's folder."""
    folder = tempfile.mkdtemp(prefix="learner-", dir="/tmp")
    os.chown(folder, user, user)
    os.chdir(folder)
    for limit, value in {**LIMITS, resource.RLIMIT_DATA: memory}.items():
        resource.setrlimit(limit, (value, value))
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    with suppress(ProcessLookupError):  # all of this user's, without this process
        os.kill(-1, signal.SIGKILL)
    return folder


def main(user: str, memory: str, connection: str) -> None:
    """Replace this process by a kernel that talks through a connection file."""
    with open(connection, "rb") as file:
        facts = file.read()
    folder = demote(int(user), int(memory))
    own = os.path.join(folder, "connection.json")
    with open(own, "wb") as file:
        file.write(facts)
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment |= {
        "HOME": folder,
        "TMPDIR": folder,
        "USER": "learner",
        "LOGNAME": "learner",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
    }
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", own]
    os.execve(sys.executable, command, environment)


if __name__ == "__main__":
    main(*sys.argv[1:])
