"""Isolated warm kernels: a fork server inside bubblewrap."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from . import bubblewrap
from .bubblewrap import IsolationError
from .client import ForkedProcess, ForkServer, ServerError
from .warm import WarmProvisioner
from .wire import End

PROCESSES, OPEN_FILES = 32, 1024  # of a kernel and all that it starts


class Sandbox:
    """A started fork server whose kernels see and reach nothing but themselves.

    No network; processes and signals of their own; the system, Python and this package
    readable, all else of this machine absent, and the keys empty; nothing
    writable but two folders in memory, `/private` (their working directory, and `/tmp`)
    and `/dev/shm`, both emptied when a kernel ends; no privileges; a clean environment.
    """

    def __init__(self, memory: int = 4 * 2**30, modules: Sequence[str] = ()) -> None:
        """Start it; it imports in the background. Raises IsolationError.

        memory: bytes for a kernel and all processes that it starts, together.
        modules: what is imported once for all kernels, beside what each of them needs.
        """
        self.modules = modules
        self.limits = {
            "memory": memory,
            "processes": PROCESSES,
            "open_files": OPEN_FILES,
            "disk": bubblewrap.DISK,
            "uid": bubblewrap.plain_user(),
        }
        self.environment = bubblewrap.environment()
        self.wrapper = bubblewrap.wrapper(memory)
        self.folder = Path(tempfile.mkdtemp(prefix="course-"))
        self.server: ForkServer | None = None
        self.process: ForkedProcess | None = None
        self.log = tempfile.TemporaryFile("w+", errors="replace")
        try:
            self.start()
        except IsolationError:
            self.close()
            raise

    def start(self) -> None:
        """Start the fork server, in place of one that died; raises IsolationError."""
        if self.server and self.server.usable:
            return
        try:
            self.server = ForkServer(
                self.modules, self.wrapper, self.environment, self.limits, self.log
            )
        except ServerError as error:
            raise IsolationError(str(error)) from error

    def wait_ready(self) -> None:
        """Wait for the server's imports; raises IsolationError when they fail."""
        try:
            self.server.wait_ready()
        except ServerError as error:
            self.log.seek(0)
            said = (self.log.read().strip().splitlines() or [str(error)])[-1]
            raise IsolationError(bubblewrap.remedy(said)) from error

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
    def ended(self) -> End | None:
        """None, or why the kernel ended although nobody asked it to."""
        process = self.process
        if process is None or process.poll() is None:
            return None
        return process.reason or (None if process.dismissed else End.CRASHED)

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
        self.log.close()
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
        self.sandbox.wait_ready()
        info = dict(self.connection_info, ip="channel", key=self._key())
        ports = [info[f"{n}_port"] for n in "shell iopub stdin hb control".split()]
        listening = [_listen(f"{self.connection_info['ip']}-{port}") for port in ports]
        null = os.open(os.devnull, os.O_RDWR)
        file = f"{bubblewrap.HOME}/.kernel.json"
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", file]
        try:
            reply = self.sandbox.server.ask(
                "fork",
                [null] * 3 + [s.fileno() for s in listening],
                argv=[*argv, "--HistoryManager.enabled=False"],
                env=self.sandbox.environment,
                cwd=bubblewrap.HOME,
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

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and all that it started, and wait for it."""
        if self.process:
            self.process.dismissed = True
            await self.cleanup()

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
