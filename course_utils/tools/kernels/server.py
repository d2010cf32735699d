"""The fork server: imports what every kernel needs, then forks kernels on request.

Run with DESCRIPTOR, MODULES and LIMITS as arguments: its end of a socket pair, a JSON
list of what it imports beside what every kernel needs, and `null` for warm kernels or
a JSON object for isolated ones. It never computes: no OpenMP thread, no ZMQ context,
nothing that a fork would break. It ends when the other end of the socket closes.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import multiprocessing
import os
import random
import runpy
import select
import signal
import socket
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from .wire import receive, send

KERNEL = (
    "torch",
    "ipykernel.ipkernel",
    "ipykernel.debugger",  # half of a kernel's own start
    "psutil",
    "ipykernel.zmqshell",
    "ipykernel.kernelapp",
)
# What a kernel imports while it starts, in the versions that have it.
START = (
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect"),
    *("IPython.extensions.storemagic", "sqlite3", "tornado.platform.asyncio"),
    *("PIL.JpegImagePlugin", "PIL.PngImagePlugin"),  # of a first picture
)
PLOTS, INLINE = "matplotlib.pyplot", "matplotlib_inline.backend_inline"
# These read the environment or look for IPython while they are imported, so that
# each kernel imports them again: some 20 ms, as all they need is there already.
AGAIN = (PLOTS, INLINE, "ipykernel.kernelapp")


@dataclass
class Kernel:
    """What a forked process has to become."""

    argv: list[str]
    env: dict[str, str]
    cwd: str
    descriptors: list[int] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    endpoints: list[str] = field(default_factory=list)


class Server:
    """Answers requests over `channel`: fork, poll, signal, sweep."""

    def __init__(self, channel: socket.socket, guard: Any = None) -> None:
        self.channel = channel
        self.guard = guard
        self.running: set[int] = set()
        self.codes: dict[int, int] = {}

    def serve(self) -> Kernel | None:
        """Serve until the client is gone; in a forked process, what it has to be."""
        while True:
            ready = select.select([self.channel], [], [], self.tick)[0]
            if self.guard:
                self.codes.update(self.guard.look(self.running))
                self.running -= self.codes.keys()
            if ready:
                try:
                    request, descriptors = receive(self.channel)
                except (EOFError, ConnectionError):
                    return None
                kernel = self.answer(request, descriptors)
                if kernel:
                    return kernel

    @property
    def tick(self) -> float | None:
        return 0.05 if self.guard and self.running else None

    def answer(self, request: dict, descriptors: list[int]) -> Kernel | None:
        """Do what `request` says; a Kernel in the process that was forked for it."""
        what, pid = request.pop("do"), request.get("pid", 0)
        if what == "fork":
            return self.fork(Kernel(**request, descriptors=descriptors))
        reply: dict[str, Any] = {}
        if what == "poll":
            reply = {"code": self.poll(pid)}
            reply["reason"] = self.guard.reason if self.guard else None
        elif what == "signal" and self.poll(pid) is None:
            self.signal(pid, request["signum"])
        elif what == "sweep" and self.guard:
            self.codes.update(self.guard.sweep(self.running))
            self.running.clear()
        send(self.channel, reply)
        return None

    def fork(self, kernel: Kernel) -> Kernel | None:
        if self.guard:
            self.codes.update(self.guard.sweep(self.running))
            self.running.clear()
            self.guard.reason = None
            self.guard.let_others_look(True)  # into the kernel; nobody is there yet
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()  # the only threads are OpenBLAS's, which expects a fork
        if self.guard and pid:
            self.guard.let_others_look(False)
        if not pid:
            self.channel.close()
            return kernel
        self.running.add(pid)
        self.codes.pop(pid, None)
        for descriptor in kernel.descriptors:
            os.close(descriptor)
        send(self.channel, {"pid": pid})
        return None

    def poll(self, pid: int) -> int | None:
        """The exit code of `pid`, negative for a signal; None while it runs."""
        if pid in self.running and not self.guard:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self.running.discard(pid)
                self.codes[pid] = os.waitstatus_to_exitcode(status)
        return None if pid in self.running else self.codes.get(pid, 0)

    def signal(self, pid: int, signum: int) -> None:
        """Signal the kernel's process group, as Jupyter does."""
        try:
            os.killpg(pid, signum)
        except OSError:  # not yet a group of its own
            os.kill(pid, signum)


def preload(modules: list[str]) -> None:
    """Import what kernels need."""
    os.environ["MPLBACKEND"] = f"module://{INLINE}"
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # or the debugger warns
    for name in KERNEL:
        importlib.import_module(name)
    for name in (*START, *modules):
        with suppress(ImportError):  # the kernel that imports it will say so
            importlib.import_module(name)
    if PLOTS in sys.modules:
        importlib.import_module(INLINE)
    for name in AGAIN:
        parent, _, child = name.rpartition(".")
        if sys.modules.pop(name, None):
            delattr(sys.modules[parent], child)
    gc.collect()
    gc.freeze()  # kernels share these objects for as long as nobody touches them


def become(kernel: Kernel, guard: Any = None) -> None:
    """Turn this freshly forked process into an ordinary kernel process."""
    if os.getpid() != os.getsid(0):
        os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    channels = _standard_streams(kernel.descriptors)
    os.environ.clear()
    os.environ.update(kernel.env, JPY_PARENT_PID=str(os.getppid()))
    os.environ.setdefault(
        "PYDEVD_USE_FRAME_EVAL", "NO"
    )  # as the debugger's import does
    os.chdir(kernel.cwd)
    for path, text in kernel.files.items():
        with open(path, "w") as file:
            file.write(text)
    if guard:
        guard.confine()
    _listen_on(dict(zip(kernel.endpoints, channels, strict=True)))
    _fresh_random_state()
    _matplotlib_backend()
    sys.argv, sys.orig_argv = kernel.argv[2:], kernel.argv
    sys.path.insert(0, kernel.cwd)
    atexit.register(gc.unfreeze)  # or libraries complain of what was not freed


def _standard_streams(descriptors: list[int]) -> list[int]:
    """Put the first three descriptors in place as 0, 1, 2; the others are left."""
    for target, descriptor in enumerate(descriptors[:3]):
        os.dup2(descriptor, target)
        os.close(descriptor)
    sys.stdout.reconfigure(line_buffering=os.isatty(1))
    return descriptors[3:]


def _listen_on(sockets: dict[str, int]) -> None:
    """Have ZMQ bind these addresses to sockets that listen already."""
    if not sockets:
        return
    import zmq

    bind = zmq.Socket.bind

    def bind_given(self: zmq.Socket, address: str) -> Any:
        if address in sockets:
            self.setsockopt(zmq.USE_FD, sockets.pop(address))
        return bind(self, address)

    zmq.Socket.bind = bind_given


def _fresh_random_state() -> None:
    import numpy
    import torch

    random.seed()
    numpy.random.seed()
    torch.default_generator.seed()
    multiprocessing.current_process().authkey = os.urandom(32)


def _matplotlib_backend() -> None:
    """Have plots drawn as an ordinary kernel would; the server's choice is not its."""
    if matplotlib := sys.modules.get("matplotlib"):
        backend = os.environ.get("MPLBACKEND") or f"module://{INLINE}"
        matplotlib.rcParams["backend"] = backend


def main() -> None:
    descriptor, modules, limits = map(json.loads, sys.argv[1:])
    channel = socket.socket(fileno=descriptor)
    channel.set_inheritable(False)
    guard = None
    del sys.path[0]
    if limits:
        from .guard import Guard

        guard = Guard(**limits)
    try:
        preload(modules)
        if guard:
            guard.arm()
    except Exception as error:
        with suppress(ConnectionError):
            send(channel, {"error": f"{type(error).__name__}: {error}"})
        return
    with suppress(ConnectionError):  # who asked may have gone meanwhile: then it ends
        send(channel, {"pid": os.getpid()})
    kernel = Server(channel, guard).serve()
    if kernel is None:
        os._exit(0)
    become(kernel, guard)
    module = kernel.argv[2]
    del kernel, guard, channel
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
