"""The kernel that nbval's cells talk to: bounded, isolated, the witness in it."""

from __future__ import annotations

import atexit
import math
import os
import secrets
import tempfile
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from queue import Empty

import zmq
from jupyter_client.manager import KernelManager

from course_utils.tools.kernels import WARM, Sandbox

from .job import (
    CRASHED,
    OUT_OF_MEMORY,
    TAMPERED,
    TIMED_OUT,
    TOO_MUCH_OUTPUT,
    Job,
    Limits,
    Stopped,
)

WITNESS = Path(__file__).with_name("witness.py").read_text(encoding="utf-8")
NAMES = (
    "{'__builtins__': dict(vars(__import__('builtins'))), '__name__': 'witness', "
    "'shell': get_ipython()}"
)
START_SECONDS, RECORD_SECONDS = 180, 15
OUTPUT_SECONDS = 5  # nbval's own, after a cell's reply

_sandboxes: dict[Limits, Sandbox] = {}


def _sandbox(limits: Limits) -> Sandbox:
    """This process's sandbox, started with its first notebook."""
    if limits not in _sandboxes:
        _sandboxes[limits] = Sandbox(memory=limits.memory)
        atexit.register(_sandboxes[limits].close)
    return _sandboxes[limits]


class Kernel:
    """A bounded kernel: `Stopped` where it dies, hangs or says too much."""

    def __init__(self, job: Job):
        self.job, self.check = job, False
        self.end = time.monotonic() + job.limits.notebook
        self.sandbox = _sandbox(job.limits) if job.isolated else None
        self.folder = None
        self.start()

    def start(self) -> None:
        """A fresh kernel with the witness in it, before any code of the learner's."""
        begin, end, self.end = time.monotonic(), self.end, math.inf
        self._launch()
        self._wait()
        self._install()
        self.end = end + time.monotonic() - begin

    def _launch(self) -> None:
        if self.sandbox:
            self.km = self.sandbox.kernel_manager()
            self.km.start_kernel()
        else:
            self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
            self.km = KernelManager(kernel_name="python3")
            os.environ.update(WARM)
            with open(os.devnull, "w") as nowhere:
                self.km.start_kernel(
                    cwd=self.folder.name, stdout=nowhere, stderr=nowhere
                )
        self.kc = self.km.client()
        self.kc.context.setsockopt(zmq.MAXMSGSIZE, self.job.limits.output)
        self.kc.start_channels(hb=False, stdin=False, control=False)
        self.sockets = [self.kc.shell_channel.socket, self.kc.iopub_channel.socket]
        self.arrived = {"shell": deque(), "iopub": deque()}
        self.poller = zmq.Poller()
        # A message above the limit is not taken in: ZMQ drops the connection instead.
        self.dropped = self.sockets[1].get_monitor_socket(zmq.EVENT_DISCONNECTED)
        for socket in (*self.sockets, self.dropped):
            self.poller.register(socket, zmq.POLLIN)
        self._count()

    def _wait(self) -> None:
        """Until both sockets carry: what is published before is lost."""
        for _ in range(30):
            sent = self.kc.kernel_info()
            self.await_reply(sent, START_SECONDS)
            with suppress(Empty):
                return self.await_idle(sent, 1)
        raise RuntimeError("the kernel publishes nothing")

    def _install(self) -> None:
        job = self.job
        call = f"install(shell, {job.stem!r}, {job.seed!r}, {job.setup!r})"
        code = f"exec(compile({WITNESS + call!r}, '<witness>', 'exec'), {NAMES})"
        content = {"code": code, "silent": True, "store_history": False,
                   "allow_stdin": False, "user_expressions": {}}  # fmt: skip
        reply = self._ask("execute_request", content, START_SECONDS)
        if reply["status"] != "ok":
            raise RuntimeError(f"{reply.get('ename')}: {reply.get('evalue')}")

    def _count(self) -> None:
        self.bytes = self.messages = 0

    def _send(self, kind: str, content: dict) -> str:
        message = self.kc.session.msg(kind, content)
        self.kc.shell_channel.send(message)
        return message["header"]["msg_id"]

    def execute_cell_input(self, cell_input: str, allow_stdin=None) -> str:
        """Send a cell: the learner's as Jupyter does, a check by the witness."""
        self._count()
        if self.check:
            return self._send("course_check", {"source": cell_input})
        return self.kc.execute(
            cell_input, store_history=False, allow_stdin=False, stop_on_error=False
        )

    def await_reply(self, msg_id: str, timeout: float | None = None) -> dict:
        """The reply's content; raises `Stopped` where none comes in time."""
        limit = min(time.monotonic() + (timeout or self.job.limits.cell), self.end)
        while True:
            for message in self._take("shell"):
                if message["parent_header"].get("msg_id") == msg_id:
                    return message["content"]
            if time.monotonic() > limit:
                raise Stopped(TIMED_OUT, self._late())
            self._pump(limit - time.monotonic())

    def _late(self) -> str:
        limits = self.job.limits
        if time.monotonic() >= self.end:
            return f"the notebook took more than {limits.notebook:g} seconds"
        return f"the cell took more than {limits.cell:g} seconds"

    def get_message(self, stream: str, timeout: float | None = None) -> dict:
        """The next message; output that never ends well is too much output."""
        limit = time.monotonic() + (timeout or OUTPUT_SECONDS)
        while not self.arrived[stream]:
            if time.monotonic() > limit:
                if self.bytes > 2**20:
                    raise Stopped(TOO_MUCH_OUTPUT, "the output did not come to an end")
                if timeout == OUTPUT_SECONDS:
                    raise Stopped(CRASHED, "the kernel no longer answers")
                raise Empty
            self._pump(limit - time.monotonic())
        return self.arrived[stream].popleft()

    def await_idle(self, parent_id: str, timeout: float) -> None:
        """Wait until all that a message caused has been published."""
        while True:
            message = self.get_message("iopub", timeout)
            if message["parent_header"].get("msg_id") == parent_id:
                if message["content"].get("execution_state") == "idle":
                    return

    def _take(self, stream: str):
        while self.arrived[stream]:
            yield self.arrived[stream].popleft()

    def _pump(self, seconds: float) -> None:
        """Take in what has arrived, within the limits."""
        ready = dict(self.poller.poll(max(0, min(seconds, 0.1)) * 1000))
        if not ready and not self.is_alive():
            raise Stopped(*self._ended())
        if self.dropped in ready:
            raise Stopped(*self._disconnected())
        for stream, socket in zip(self.arrived, self.sockets, strict=True):
            if socket in ready:
                self._receive(stream, socket.recv_multipart())

    def _receive(self, stream: str, frames: list[bytes]) -> None:
        limits = self.job.limits
        self.messages += 1
        self.bytes += sum(map(len, frames))
        if self.bytes > limits.output:
            raise Stopped(TOO_MUCH_OUTPUT, f"more than {limits.output // 2**20} MB")
        if self.messages > limits.messages:
            raise Stopped(TOO_MUCH_OUTPUT, f"more than {limits.messages:,} messages")
        with suppress(ValueError, KeyError, TypeError, RecursionError):
            _, parts = self.kc.session.feed_identities(frames)
            self.arrived[stream].append(self.kc.session.deserialize(parts))

    def _disconnected(self) -> tuple[str, str]:
        """The kernel's end, or a message of its that was too long."""
        for _ in range(20):
            if not self.is_alive():
                return self._ended()
            time.sleep(0.05)
        return TOO_MUCH_OUTPUT, f"more than {self.job.limits.output // 2**20} MB"

    def _ended(self) -> tuple[str, str]:
        reason = self.sandbox.ended if self.sandbox else "crashed"
        if reason == "memory":
            return OUT_OF_MEMORY, f"more than {self.job.limits.memory // 2**20} MB"
        if reason == "processes":
            return CRASHED, "too many processes were started"
        if reason == "hidden":
            return TAMPERED, "a process hid from the watch on its limits"
        return CRASHED, "the kernel died"

    def _ask(self, kind: str, content: dict, seconds: float) -> dict:
        """Send a message of the grader's own; its one reply, or `Stopped`."""
        self._count()
        sent = self._send(kind, content)
        reply = self.await_reply(sent, seconds)
        self.await_idle(sent, OUTPUT_SECONDS)
        for message in self._take("shell"):
            if message["parent_header"].get("msg_id") == sent:
                raise Stopped(TAMPERED, "a second reply to the grader's message")
        return reply

    def record(self) -> dict:
        """What the witness kept of the last check, asked for with a fresh nonce."""
        nonce = secrets.token_hex(16)
        try:
            reply = self._ask("course_record", {"nonce": nonce}, RECORD_SECONDS)
        except Stopped as reason:
            if reason.state != TIMED_OUT:
                raise
            raise Stopped(CRASHED, "the kernel no longer answers") from reason
        if reply.get("nonce") != nonce:
            raise Stopped(TAMPERED, "the check's record was answered by other code")
        if reply.get("rewritten"):
            names = ", ".join(map(str, reply["rewritten"]))
            raise Stopped(TAMPERED, f"rewritten: {names[:300]}")
        if reply.get("exit"):
            raise Stopped(CRASHED, "exit() was called")
        return reply

    def is_alive(self) -> bool:
        return hasattr(self, "km") and self.km.is_alive()

    def stop(self) -> None:
        """End the kernel and all that it started."""
        if hasattr(self, "km"):
            self.sockets[1].disable_monitor()
            self.dropped.close()
            self.kc.stop_channels()
            self.km.shutdown_kernel(now=True)
            self.km.cleanup_resources()
            del self.km
        if self.folder:
            self.folder.cleanup()
