"""Run inside a sandbox: which of its protections hold, as JSON."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import socket
import sys

from .bubblewrap import NAMES
from .guard import Guard
from .seccomp import NEW_USER, refuse_depths


def facts(uid: int | None, hidden: list[str], disk: int) -> dict[str, bool]:
    """Try out each protection of NAMES, as the user `uid` if given."""
    Guard(memory=0, processes=0, open_files=0, disk=0, uid=uid)
    with open("/proc/self/status") as file:
        status = dict(line.split(":\t") for line in file.read().splitlines())
    room = os.statvfs("/private")
    found = [
        {name for _, name in socket.if_nameindex()} <= {"lo"},
        os.getpid() == 1,
        int(status["CapEff"], 16) == 0 and status["NoNewPrivs"] == "1",
        not any(os.path.isdir(p) and _holds_files(p) for p in hidden),
        not any(os.access(p, os.W_OK) for p in ("/", "/usr", "/dev", sys.prefix)),
        _no_new_namespaces(),
        room.f_blocks * room.f_frsize <= disk,
        _limited(),
    ]
    return dict(zip(NAMES, found, strict=True))


def _holds_files(folder: str) -> bool:
    """Whether there are plain files in it; a folder on the way to Python is none."""
    return any(entry.is_file() for entry in os.scandir(folder))


def _no_new_namespaces() -> bool:
    refuse_depths()
    return ctypes.CDLL(None).unshare(NEW_USER) == -1


def _limited() -> bool:
    """Whether memory is limited, and all processes are in sight of the guard."""
    resource.setrlimit(resource.RLIMIT_DATA, (2**27, 2**27))
    try:
        bytearray(2**28)
    except MemoryError:
        return os.getpid() == 1 and os.path.exists("/proc/1/status")
    return False


if __name__ == "__main__":
    print(json.dumps(facts(**json.loads(sys.argv[1]))))
