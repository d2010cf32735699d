"""What an isolated fork server does to keep its kernels within their limits.

The server is process 1 of a process space of its own: the kernel (Linux) drops every
signal sent to it from inside, and all other processes end with it. It is not
dumpable, so no other process may read its memory or environment. It runs without
any privilege, as the same user as its kernels.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

PRIVATE = ("/tmp", "/dev/shm")
THREADS = 8  # threads allowed for each process allowed, on average

_PR_SET_DUMPABLE = 4
_LIMITS = [getattr(resource, n) for n in dir(resource) if n.startswith("RLIMIT_")]


class Guard:
    """Limits for one kernel and all that it starts."""

    def __init__(
        self, memory: int, processes: int, open_files: int, disk: int, uid: int | None
    ) -> None:
        """Become the user `uid` when that is given; bytes for `memory` and `disk`."""
        self.memory, self.processes = memory, processes
        self.open_files, self.disk = open_files, disk
        self.reason: str | None = None
        if uid is not None:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)

    def arm(self) -> None:
        """Protect this process, once everything is imported."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _dumpable(False)
        self.settings = _settings()
        self.data = _status("self").get("VmData", 0) * 1024

    def confine(self) -> None:
        """Put the limits on this process, a freshly forked kernel."""
        _dumpable(True)
        Path("/proc/self/oom_score_adj").write_text("1000")
        tasks = self.processes * THREADS
        for name, limit in {
            "DATA": self.data + 2 * self.memory,
            "NPROC": tasks,
            "NOFILE": self.open_files,
            "FSIZE": self.disk,
            "CORE": 0,
            "MSGQUEUE": 0,
            "MEMLOCK": 1 << 16,
        }.items():
            kind = getattr(resource, f"RLIMIT_{name}")
            most = resource.getrlimit(kind)[1]
            if most != resource.RLIM_INFINITY:
                limit = min(limit, most)
            resource.setrlimit(kind, (limit, limit))

    def look(self, running: set[int]) -> dict[int, int]:
        """Exit codes of kernels that ended; ends one that is above its limits."""
        if not running:
            return {}
        codes = self.reap(running)
        if not codes:
            self.reason = self._excess()
        if codes or self.reason:
            codes |= self.sweep(running - codes.keys())
        return codes

    def sweep(self, running: set[int]) -> dict[int, int]:
        """End every process but this one, empty the private folders."""
        codes = {}
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
        codes = self.reap(running, wait=True)
        for folder in PRIVATE:
            _empty(folder)
        if any(len(_lines(f"/proc/sysvipc/{k}")) > 1 for k in ("shm", "sem", "msg")):
            subprocess.run(["ipcrm", "--all"], check=False)
        if _settings() != self.settings:
            os._exit(1)  # a kernel changed the server's limits: the client starts anew
        return codes

    def reap(self, running: set[int], wait: bool = False) -> dict[int, int]:
        """Collect ended children; the exit codes of those that were kernels."""
        codes = {}
        while True:
            try:
                pid, status = os.waitpid(-1, 0 if wait else os.WNOHANG)
            except ChildProcessError:
                return codes
            if not pid:
                return codes
            if pid in running:
                codes[pid] = os.waitstatus_to_exitcode(status)

    def _excess(self) -> str | None:
        pids = list(_others())
        states = [_status(pid) for pid in pids]
        threads = sum(state.get("Threads", 0) for state in states)
        if len(pids) > self.processes or threads > self.processes * THREADS:
            return "processes"
        hidden = sum(_unmapped(pid) for pid in pids) + _shared_segments()
        roughly = sum(state.get("VmRSS", 0) for state in states) * 1024
        if hidden + roughly <= self.memory:
            return None
        exactly = sum(
            _proportional(pid, state) for pid, state in zip(pids, states, strict=True)
        )
        return "memory" if hidden + exactly > self.memory else None


def _dumpable(on: bool) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, int(on), 0, 0, 0)


def _settings() -> list:
    """What another process of the same user could change in this one."""
    limits = [resource.getrlimit(kind) for kind in _LIMITS]
    policy = os.sched_getscheduler(0), os.sched_getaffinity(0)
    return [limits, policy, os.getpriority(os.PRIO_PROCESS, 0)]


def _others() -> Iterator[str]:
    me = str(os.getpid())
    return (name for name in os.listdir("/proc") if name.isdigit() and name != me)


def _lines(path: str) -> list[str]:
    try:
        with open(path) as file:
            return file.read().splitlines()
    except OSError:
        return []


def _status(pid: str) -> dict[str, int]:
    """Numbers of /proc/PID/status; sizes in KiB."""
    fields = (line.partition(":") for line in _lines(f"/proc/{pid}/status"))
    words = ((name, rest.split()) for name, _, rest in fields)
    return {name: int(w[0]) for name, w in words if w and w[0].isdigit()}


def _proportional(pid: str, state: dict[str, int]) -> int:
    """Bytes of memory of a process, its share of what it shares with others."""
    for line in _lines(f"/proc/{pid}/smaps_rollup"):
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return state.get("VmRSS", 0) * 1024


def _unmapped(pid: str) -> int:
    """Bytes in memory files (memfd) of a process, which its memory does not show."""
    folder, total = f"/proc/{pid}/fd", 0
    try:
        for name in os.listdir(folder):
            if os.readlink(f"{folder}/{name}").startswith("/memfd:"):
                total += os.stat(f"{folder}/{name}").st_blocks * 512
    except OSError:
        pass
    return total


def _shared_segments() -> int:
    """Bytes in System V shared memory."""
    lines = _lines("/proc/sysvipc/shm")
    if len(lines) < 2:
        return 0
    column = lines[0].split().index("rss")
    return sum(int(line.split()[column]) for line in lines[1:])


def _empty(folder: str) -> None:
    def allow_and_retry(function, path, _):  # a folder without permissions
        os.chmod(os.path.dirname(path), stat.S_IRWXU)
        if os.path.isdir(path) and not os.path.islink(path):
            os.chmod(path, stat.S_IRWXU)
            shutil.rmtree(path, ignore_errors=True)
        else:
            function(path)

    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, onerror=allow_and_retry)
        else:
            os.unlink(entry.path)
