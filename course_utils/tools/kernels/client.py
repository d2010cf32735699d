"""The client's side of a fork server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from .wire import End, receive, send

START_SECONDS = 180.0
REPLY_SECONDS = 30.0


class ServerError(RuntimeError):
    """The fork server could not start, or is gone."""


class ForkServer:
    """A running fork server. It ends with this object's process, however that ends."""

    def __init__(
        self,
        modules: Sequence[str],
        wrapper: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        limits: dict | None = None,
        stderr: Any = None,
    ) -> None:
        """Start it, as `wrapper` + Python's command; does not wait for its imports.

        modules: what it imports, beside what every kernel needs.
        limits: arguments of `guard.Guard`, for isolated kernels.
        """
        self.owner = os.getpid()
        self.env = dict(os.environ if env is None else env)
        self.pid: int | None = None
        self.lock = threading.RLock()
        self.channel, theirs = socket.socketpair()
        command = [sys.executable, "-m", f"{__package__}.server"]
        command += [str(theirs.fileno()), json.dumps(list(modules)), json.dumps(limits)]
        try:
            self.process = subprocess.Popen(
                [*wrapper, *command],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
                cwd="/",
                env=self.env,
                start_new_session=True,
            )
        except OSError as error:
            self.channel.close()
            raise ServerError(f"the fork server did not start: {error}") from error
        finally:
            theirs.close()

    @property
    def usable(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None

    def wait_ready(self) -> None:
        """Wait for the imports; raises ServerError when they fail."""
        with self.lock:
            if self.pid is None:
                reply = self._reply(START_SECONDS)
                if "error" in reply:
                    self.close()
                    raise ServerError(f"the fork server failed: {reply['error']}")
                self.pid = reply["pid"]

    def ask(self, what: str, descriptors: Sequence[int] = (), **details: Any) -> dict:
        """The server's answer; raises ServerError when there is none."""
        with self.lock:
            self.wait_ready()
            try:
                send(self.channel, {"do": what, **details}, descriptors)
            except OSError as error:
                self.close()
                raise ServerError("the fork server is gone") from error
            return self._reply(REPLY_SECONDS)

    def _reply(self, seconds: float) -> dict:
        try:
            self.channel.settimeout(seconds)
            return receive(self.channel)[0]
        except (OSError, EOFError) as error:
            self.close()
            raise ServerError("the fork server is gone") from error

    def close(self) -> None:
        """End the server and with it every process of an isolated one."""
        self.channel.close()
        if self.owner == os.getpid():
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class ForkedProcess:
    """A process forked by a server, with the part of Popen's face that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, server: ForkServer, pid: int) -> None:
        self.server = server
        self.pid = pid
        self.returncode: int | None = None
        self.reason: End | None = None
        self.dismissed = False

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self.returncode is None:
            try:
                reply = self.server.ask("poll", pid=self.pid)
            except ServerError:
                reply = {"code": -signal.SIGKILL, "reason": None}
            self.returncode = reply["code"]
            self.reason = End(reply["reason"]) if reply["reason"] else None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises subprocess.TimeoutExpired."""
        end = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(0.02)
        return self.returncode or 0

    def send_signal(self, signum: int) -> None:
        """Send a signal to its process group."""
        if self.poll() is None:
            self.dismissed |= signum in (signal.SIGKILL, signal.SIGTERM)
            try:
                self.server.ask("signal", pid=self.pid, signum=int(signum))
            except ServerError:
                self.poll()

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)
