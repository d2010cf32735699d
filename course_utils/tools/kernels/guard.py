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
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .seccomp import refuse_depths
from .wire import End

PRIVATE = ("/private", "/dev/shm")

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
        self.threads = 2 * processes + 8 * (os.cpu_count() or 1)
        self.reason: End | None = None
        self.suspects: set[str] = set()
        self.mapped: dict[str, tuple[tuple, dict[str, int]]] = {}
        if uid is not None:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)

    def arm(self) -> None:
        """Protect this process, once everything is imported."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        self.let_others_look(False)
        self.settings = _settings()
        self.data = _status("self").get("VmData", 0) * 1024

    def let_others_look(self, on: bool) -> None:
        """Whether processes of the same user may look into this one."""
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, int(on), 0, 0, 0)

    def confine(self) -> None:
        """Put the limits on this process, a freshly forked kernel."""
        Path("/proc/self/oom_score_adj").write_text("1000")
        os.nice(5)
        for name, limit in {
            "DATA": self.data + 2 * self.memory,
            "NPROC": self.threads,
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
        refuse_depths()

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

    def _excess(self) -> End | None:
        pids = list(_others())
        if len(pids) > self.processes:
            return End.PROCESSES
        states = {pid: _status(pid) for pid in pids}
        if sum(s.get("Threads", 0) for s in states.values()) > 0.75 * self.threads:
            return End.PROCESSES  # before RLIMIT_NPROC, which only slows a bomb down
        unseen = {pid for pid in pids if _unreadable(pid)}
        if unseen & self.suspects:
            return End.HIDDEN
        self.suspects = unseen  # may only be about to end
        used = sum(map(_memory_files, pids)) + _shared_segments() + _on_disk()
        used += self._shared_mappings(states)
        if used + sum(s.get("VmRSS", 0) for s in states.values()) * 1024 < self.memory:
            return None
        return self._excess_exactly(used, states)

    def _shared_mappings(self, states: dict[str, dict]) -> int:
        """Bytes of memory without a name that processes share, looked up anew only
        where a process has mapped more or less than before."""
        before, self.mapped = self.mapped, {}
        sizes: dict[str, int] = {}
        for pid, state in states.items():
            now = state.get("VmSize", 0), state.get("RssShmem", 0)
            key, mapped = before.get(pid, ((), {}))
            self.mapped[pid] = now, mapped if key == now else _mappings(pid)
            for piece, size in self.mapped[pid][1].items():
                sizes[piece] = max(size, sizes.get(piece, 0))
        return sum(sizes.values())

    def _excess_exactly(self, used: int, states: dict[str, dict]) -> End | None:
        """Count memory that processes share only once; slow while they multiply."""
        for pid, state in states.items():
            used += _proportional(pid, state)
            if sum(1 for _ in _others()) > self.processes:
                return End.PROCESSES
        return End.MEMORY if used > self.memory else None


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
    """Bytes of a process's own memory, and its part of what it shares with others; not
    of memory that is a file's or a shared mapping's."""
    sizes = {}
    for line in _lines(f"/proc/{pid}/smaps_rollup"):
        name, _, rest = line.partition(":")
        if name in ("Pss", "Pss_Shmem"):
            sizes[name] = int(rest.split()[0]) * 1024
    if not sizes:
        return (state.get("VmRSS", 0) - state.get("RssShmem", 0)) * 1024
    return sizes["Pss"] - sizes.get("Pss_Shmem", 0)


def _unreadable(pid: str) -> bool:
    """Whether a living process hides from this one (by PR_SET_DUMPABLE)."""
    try:
        os.readlink(f"/proc/{pid}/cwd")
    except PermissionError:
        return True
    except OSError:  # it ended
        pass
    return False


def _memory_files(pid: str) -> int:
    """Bytes in memory files (memfd) of a process, which its memory does not show."""
    folder, total = f"/proc/{pid}/fd", 0
    try:
        for name in os.listdir(folder):
            if os.readlink(f"{folder}/{name}").startswith("/memfd:"):
                total += os.stat(f"{folder}/{name}").st_blocks * 512
    except OSError:
        pass
    return total


def _mappings(pid: str) -> dict[str, int]:
    """Bytes of each piece of memory that a process shares by mapping it only; one that
    was filled by a process which is gone is nobody's resident memory."""
    sizes: dict[str, int] = {}
    for line in _lines(f"/proc/{pid}/maps"):
        if line.endswith("/dev/zero (deleted)"):
            span, _, offset, _, piece = line.split()[:5]
            first, last = (int(end, 16) for end in span.split("-"))
            size = int(offset, 16) + last - first
            sizes[piece] = max(size, sizes.get(piece, 0))
    return sizes


def _on_disk() -> int:
    """Bytes in the private folders, which are in memory; also of files that have no
    name any more, and of those on their way through a socket."""
    rooms = map(os.statvfs, PRIVATE)
    return sum((room.f_blocks - room.f_bfree) * room.f_frsize for room in rooms)


def _shared_segments() -> int:
    """Bytes in System V shared memory."""
    lines = _lines("/proc/sysvipc/shm")
    if len(lines) < 2:
        return 0
    column = lines[0].split().index("rss")
    return sum(int(line.split()[column]) for line in lines[1:])


def _empty(folder: str) -> None:
    """Remove all that is in `folder`, whatever its permissions."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            os.chmod(entry.path, stat.S_IRWXU)
            _empty(entry.path)
            os.rmdir(entry.path)
        else:
            os.unlink(entry.path)
