"""Warm kernels for the Lab and the tests."""

from __future__ import annotations

import asyncio
import atexit
import os
import sys
import threading
from collections.abc import Mapping
from subprocess import DEVNULL, PIPE, STDOUT
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from .client import ForkedProcess, ForkServer, ServerError

MODULES = ("torch", "torchvision", "matplotlib.pyplot", "ipywidgets")
WARM = {"JUPYTER_DEFAULT_PROVISIONER_NAME": "course-warm"}

# Read while Python or a preloaded package starts; a kernel that wants another value
# cannot be forked from a server that started with this one.
IMPORT_TIME = (
    "PYTHON LC_ LANG LD_ MALLOC_ OMP_ GOMP_ KMP_ MKL_ OPENBLAS_ TORCH PYTORCH ATEN_ "
    "MPLCONFIGDIR MATPLOTLIBRC CUDA_MODULE PYDEVD DEBUGPY"
).split()

_server: ForkServer | None = None
_starting = threading.Lock()


def warm_up() -> ForkServer:
    """This process's fork server, started if need be; it imports in the background.

    Raises ServerError where fork is not safe (anything but Linux) or it cannot start.
    """
    global _server
    if sys.platform != "linux":
        raise ServerError("warm kernels need Linux")
    with _starting:
        if _server is None or not _server.usable:
            _server = ForkServer(MODULES, env=os.environ)
            atexit.register(_server.close)
        return _server


def _import_time(env: Mapping[str, str]) -> dict[str, str]:
    names = [n for n in env if n.startswith(tuple(IMPORT_TIME))]
    return {name: env[name] for name in names if name != "PYTHONEXECUTABLE"}


def _is_this_python(cmd: list[str]) -> bool:
    plain = cmd[1:3] == ["-m", "ipykernel_launcher"]
    return plain and os.path.abspath(cmd[0]) == os.path.abspath(sys.executable)


class WarmProvisioner(LocalProvisioner):
    """Starts kernels as Jupyter's LocalProvisioner does, but forks them ready-made."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a warm kernel; an ordinary one where that cannot be."""
        loop = asyncio.get_running_loop()
        try:
            self.process = await loop.run_in_executor(None, self._fork, cmd, kwargs)
        except ServerError as error:
            self.log.info("An ordinary kernel is started: %s", error)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid, self.pgid = self.process.pid, None  # signals go through the server
        self.cwd = kwargs.get("cwd") or os.getcwd()
        return self.connection_info

    def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> ForkedProcess:
        options = {k: v for k, v in kwargs.items() if k not in _PLAIN}
        streams = [kwargs.get(name) for name in ("stdin", "stdout", "stderr")]
        if options or {PIPE, STDOUT} & set(streams) or not _is_this_python(cmd):
            raise ServerError(f"it is not a plain kernel of {sys.executable}")
        server = warm_up()
        env = kwargs.get("env", os.environ)
        if _import_time(env) != _import_time(server.env):
            raise ServerError("its environment changes what is imported")
        cwd = str(kwargs.get("cwd") or os.getcwd())
        with _Streams(streams) as descriptors:
            reply = server.ask("fork", descriptors, argv=cmd, env=dict(env), cwd=cwd)
        return ForkedProcess(server, reply["pid"])


_PLAIN = {"env", "cwd", "stdin", "stdout", "stderr", "kernel_id", "extra_arguments"}


class _Streams:
    """Descriptors 0, 1, 2 as Popen would make them; stdin is at its end by default."""

    def __init__(self, streams: list[Any]) -> None:
        self.streams = streams
        self.ours: list[int] = []

    def __enter__(self) -> list[int]:
        return [self._descriptor(n, s) for n, s in enumerate(self.streams)]

    def _descriptor(self, number: int, stream: Any) -> int:
        if stream is None and number:
            return number
        if stream is None or stream == DEVNULL:
            self.ours.append(os.open(os.devnull, os.O_RDWR))
            return self.ours[-1]
        return stream if isinstance(stream, int) else stream.fileno()

    def __exit__(self, *_: object) -> None:
        for descriptor in self.ours:
            os.close(descriptor)
