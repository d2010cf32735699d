"""Isolated warm kernels: a fork server inside bubblewrap."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from course_utils.kernels.client import ForkedProcess, ForkServer, ServerError
from course_utils.kernels.probe import NAMES
from course_utils.kernels.warm import WarmProvisioner

HOME = "/private"
SYSTEM = "/usr /bin /sbin /lib /lib32 /lib64 /nix /gnu".split()
SETTINGS = [
    "/sys/devices/system/cpu",
    *(f"/etc/{n}" for n in ("ld.so.cache", "fonts", "localtime", "alternatives")),
]
PACKAGE = Path(__file__).parents[1]


class IsolationError(RuntimeError):
    """This machine cannot isolate kernels; the message says why, and the remedy."""


class Sandbox:
    """A started fork server whose kernels see and reach nothing but themselves.

    No network; processes and signals of their own; the system, Python and this package
    readable, all else of this machine absent, `covered` and the keys empty; nothing
    writable but two folders in memory, `/private` (their working directory, and `/tmp`)
    and `/dev/shm`, both emptied when a kernel ends; no privileges; a clean environment.
    """

    def __init__(
        self,
        memory: int = 4 * 2**30,
        processes: int = 32,
        disk: int = 2**29,
        open_files: int = 1024,
        readable: Sequence[str | os.PathLike] = (),
        covered: Sequence[str | os.PathLike] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it and wait until it is warm; raises IsolationError.

        memory: bytes for a kernel and all processes that it starts, together.
        processes: how many, the kernel's own included.
        disk: bytes of its private folder.
        readable: more that it may read, if all users may (root's kernels are not root).
        covered: folders that it must not see although they lie in a readable one.
        environment: more variables, such as OMP_NUM_THREADS.
        """
        self.limits = {
            "memory": memory,
            "processes": processes,
            "open_files": open_files,
            "disk": disk,
            "uid": _plain_user(),
        }
        self.environment = _environment() | dict(environment or {})
        self.wrapper = _bubblewrap(disk, memory, readable, covered)
        self.folder = Path(tempfile.mkdtemp(prefix="course-"))
        self.server: ForkServer | None = None
        self.process: ForkedProcess | None = None
        try:
            self.start()
        except IsolationError:
            self.close()
            raise

    def start(self) -> None:
        """Start the fork server, in place of one that died; raises IsolationError."""
        if self.server and self.server.usable:
            return
        with tempfile.TemporaryFile("w+", errors="replace") as log:
            try:
                self.server = ForkServer(
                    self.wrapper, self.environment, self.limits, stderr=log
                )
                self.server.wait_ready()
            except ServerError as error:
                log.seek(0)
                said = (log.read().strip().splitlines() or [str(error)])[-1]
                raise IsolationError(_remedy(said)) from error

    def kernel_manager(self) -> KernelManager:
        """A manager for one kernel (and its restarts) in this sandbox."""
        manager = KernelManager(
            transport="ipc",
            ip=str(self.folder / "channel"),
            connection_file=str(self.folder / "kernel.json"),
            kernel_spec_manager=_CourseKernel(),
            kernel_name="course",
        )
        manager.provisioner = IsolatedProvisioner(
            parent=manager, kernel_spec=manager.kernel_spec, sandbox=self
        )
        return manager

    @property
    def ended(self) -> str | None:
        """None, or why it ended: "memory", "processes", "hidden" or "crashed"."""
        process = self.process
        if process is None or process.poll() is None:
            return None
        return process.reason or (None if process.dismissed else "crashed")

    def sweep(self) -> None:
        """End all that runs in the sandbox and empty its folders."""
        if self.server:
            try:
                self.server.ask("sweep")
            except ServerError:
                pass

    def close(self) -> None:
        """End the server and all that runs in the sandbox."""
        if self.server:
            self.server.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class IsolatedProvisioner(WarmProvisioner):
    """Forks kernels in a sandbox and hands them sockets that listen already."""

    def __init__(self, sandbox: Sandbox, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sandbox = sandbox

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Sweep away the kernel before and fork one; raises IsolationError."""
        self.sandbox.start()
        info = dict(self.connection_info, ip="channel", key=self._key())
        ports = [info[f"{n}_port"] for n in "shell iopub stdin hb control".split()]
        listening = [_listen(f"{self.connection_info['ip']}-{port}") for port in ports]
        null = os.open(os.devnull, os.O_RDWR)
        file = f"{HOME}/.kernel.json"
        try:
            reply = self.sandbox.server.ask(
                "fork",
                [null] * 3 + [s.fileno() for s in listening],
                argv=[sys.executable, "-m", "ipykernel_launcher", "-f", file],
                env=self.sandbox.environment,
                cwd=HOME,
                files={file: json.dumps(info)},
                endpoints=[f"ipc://channel-{port}" for port in ports],
            )
        except ServerError as error:
            raise IsolationError(str(error)) from error
        finally:
            os.close(null)
            for listener in listening:
                listener.close()
        self.process = ForkedProcess(self.sandbox.server, reply["pid"])
        self.sandbox.process = self.process
        return self.connection_info

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Remember that its end is wanted."""
        if self.process and self.process.poll() is None:
            self.process.dismissed = True

    def _key(self) -> str:
        key = self.connection_info["key"]
        return key.decode() if isinstance(key, bytes) else key

    async def cleanup(self, restart: bool = False) -> None:
        """Leave nothing of the kernel behind."""
        if self.sandbox.process is self.process or self.process is None:
            self.sandbox.sweep()


class _CourseKernel(KernelSpecManager):
    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Course", language="python")


def _listen(path: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    Path(path).unlink(missing_ok=True)
    listener.bind(path)
    listener.listen(128)
    return listener


def _environment() -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": HOME,
        "TMPDIR": HOME,
        "USER": "learner",
        "LOGNAME": "learner",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
    }


def _plain_user() -> int | None:
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


def _bubblewrap(
    disk: int,
    memory: int,
    readable: Sequence[str | os.PathLike],
    covered: Sequence[str | os.PathLike],
) -> list[str]:
    """The command that comes before the fork server's; raises IsolationError."""
    program = shutil.which("bwrap")
    if sys.platform != "linux" or program is None:
        raise IsolationError(_remedy("bwrap is not installed"))
    command = [program, "--as-pid-1", "--new-session", "--cap-drop", "ALL"]
    for space in ("ipc", "pid", "net", "uts", "cgroup-try"):
        command.append(f"--unshare-{space}")
    if _plain_user() is not None:
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
    shown = [*SETTINGS, *sorted(python), *map(os.path.abspath, readable)]
    if not any(path.startswith("/tmp/") for path in shown):
        command += ["--symlink", HOME, "/tmp"]
    for parent in sorted({str(p) for path in shown for p in Path(path).parents}):
        command += ["--perms", "0755", "--dir", parent]
    for path in shown:
        command += ["--ro-bind-try", path, path]
    command += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    for path, size in ((HOME, disk), ("/dev/shm", memory // 2)):
        command += ["--perms", "1777", "--size", str(size), "--tmpfs", path]
    for path in [PACKAGE / "keys", *map(os.path.abspath, covered)]:
        if os.path.isdir(path):
            command += ["--tmpfs", str(path), "--remount-ro", str(path)]
    return [*command, "--remount-ro", "/", "--chdir", "/", "--"]


def _help(program: str) -> str:
    return subprocess.run([program, "--help"], capture_output=True, text=True).stdout


def _remedy(said: str) -> str:
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


def protections() -> list[tuple[str, bool, str]]:
    """What holds on this machine, tried out: (name, is it on, the remedy or "")."""
    try:
        wrapper = _bubblewrap(2**20, 2**20, (), ())
    except IsolationError as error:
        return [(name, False, str(error)) for name in NAMES]
    hidden = [str(Path.home()), str(PACKAGE.parent / "solutions")]
    probe = [sys.executable, "-m", "course_utils.kernels.probe"]
    question = json.dumps({"uid": _plain_user(), "hidden": hidden})
    tried = subprocess.run(
        [*wrapper, *probe, question],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if tried.returncode:
        said = (tried.stderr.strip().splitlines() or ["bwrap failed"])[-1]
        return [(name, False, _remedy(said)) for name in NAMES]
    facts = json.loads(tried.stdout)
    remedy = "update bubblewrap and the kernel"
    return [(name, facts[name], "" if facts[name] else remedy) for name in NAMES]
