"""The kernel that nbval's cells talk to: bounded, isolated, the witness in it."""

from __future__ import annotations

import atexit
import math
import os
import secrets
import tempfile
import time
from contextlib import suppress
from queue import Empty

from jupyter_client.manager import KernelManager

from course_utils.judging.state import State
from course_utils.locale.again import N_
from course_utils.tools.kernels import End, IsolationError, Sandbox

from .channel import Channel
from .job import Stopped, Terms

WITNESS = f"{__package__}.witness"  # imported in the kernel, not here
START_SECONDS, RECORD_SECONDS = 180, 15
RESTARTS = 8  # of one notebook's kernel
OUTPUT_SECONDS = 5  # nbval's own: the longest silence before the end of a cell's output
MUCH = 2**20  # bytes after which output without an end is too much, not a crash
ENDS = {
    End.PROCESSES: (State.CRASHED, N_("too many processes were started")),
    End.HIDDEN: (State.TAMPERED, N_("a process hid from the watch on its limits")),
    End.CRASHED: (State.CRASHED, N_("the kernel died")),
}

_sandboxes: dict[Terms, Sandbox] = {}
_spares: dict[Terms, KernelManager] = {}  # kernels that start while others are judged


def sandbox(terms: Terms) -> Sandbox:
    """This process's sandbox for such notebooks, started when it is first asked for."""
    if terms not in _sandboxes:
        _sandboxes[terms] = Sandbox(terms.limits.memory, (*terms.modules, WITNESS))
        atexit.register(_sandboxes[terms].close)
    return _sandboxes[terms]


def _started(sandbox: Sandbox) -> KernelManager:
    """A kernel that has begun to start, in a sandbox that was swept."""
    manager = sandbox.kernel_manager()
    manager.start_kernel()
    return manager


class Kernel:
    """A kernel for one notebook; `Stopped` where it dies, hangs or says too much.

    It has the face of nbval's own kernel. setup: the reference's first cells, run by
    the witness. end: when the notebook's time is over; what the sandbox imports before
    any code of the learner's is not of that time. check: whether the next cell is a
    check, to be run by the witness.
    """

    def __init__(self, stem: str, setup: list[str], terms: Terms):
        self.stem, self.setup, self.terms = stem, setup, terms
        self.limits = terms.limits
        self.sandbox = sandbox(terms) if terms.isolated else None
        self.folder: tempfile.TemporaryDirectory | None = None
        self.manager: KernelManager | None = None
        self.check, self.restarts = False, 0
        if self.sandbox:
            self.sandbox.start()
            self.sandbox.wait_ready()
        begin, self.end = time.monotonic(), math.inf
        self.start()
        self.end = begin + self.limits.notebook

    # ----------------------------------------------------------------- start and stop

    def start(self) -> None:
        """A fresh kernel with the witness in it, before any code of the learner's."""
        self._launch()
        sent = self._install()
        for _ in range(30):  # what is published before both sockets carry is lost
            with suppress(Empty):
                return self._idle(sent, time.monotonic() + 1)
            sent = self.channel.send("kernel_info_request", {})
            self.await_reply(sent, START_SECONDS)
        raise RuntimeError("the kernel publishes nothing")

    def restart(self) -> None:
        """A fresh kernel in place of this one; `Stopped` where the notebook has had
        its number of them, or its time."""
        self.stop()
        if time.monotonic() > self.end:
            raise self.late()
        if self.restarts == RESTARTS:
            raise Stopped(
                State.CRASHED,
                N_("{restarts} kernels had ended before", restarts=RESTARTS),
            )
        self.restarts += 1
        self.start()

    def _launch(self) -> None:
        if self.sandbox:
            spare = _spares.pop(self.terms, None)
            alive = spare is not None and spare.is_alive()
            self.manager = spare if alive else _started(self.sandbox)
        else:
            self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
            self.manager = KernelManager(kernel_name="python3")
            with open(os.devnull, "w") as nowhere:
                self.manager.start_kernel(
                    cwd=self.folder.name, stdout=nowhere, stderr=nowhere
                )
        self.channel = Channel(self.manager.client(), self.limits, self.ended)

    def _install(self) -> str:
        """Have the witness take its place; returns the id of the message."""
        seed = self.terms.seed
        asked = f"get_ipython(), {self.stem!r}, {seed!r}, {self.setup!r}"
        code = f"__import__({WITNESS!r}, fromlist=['install']).install({asked})"
        content = {
            "code": code,
            "silent": True,
            "store_history": False,
            "allow_stdin": False,
            "user_expressions": {},
        }
        sent = self.channel.send("execute_request", content)
        reply = self.await_reply(sent, START_SECONDS)
        if reply["status"] != "ok":
            raise RuntimeError(f"{reply.get('ename')}: {reply.get('evalue')}")
        return sent

    def is_alive(self) -> bool:
        """Whether the kernel runs."""
        return self.manager is not None and self.manager.is_alive()

    def stop(self) -> None:
        """End the kernel and all that it started."""
        if self.manager:
            self.channel.close()
            self.manager.shutdown_kernel(now=True)
            self.manager.cleanup_resources()
            self.manager = None
            with suppress(IsolationError):  # then the next one says so
                if self.sandbox:
                    _spares[self.terms] = _started(self.sandbox)
        if self.folder:
            self.folder.cleanup()

    def ended(self) -> Stopped | None:
        """Why the kernel is gone, or `None` while it lives."""
        if self.is_alive():
            return None
        end = self.sandbox.ended if self.sandbox else End.CRASHED
        if end is End.MEMORY:
            note = N_("more than {memory} MB", memory=self.limits.memory // 2**20)
            return Stopped(State.OUT_OF_MEMORY, note)
        return Stopped(*ENDS[end or End.CRASHED])

    # ------------------------------------------------------------------ nbval's calls

    def execute_cell_input(self, source: str, allow_stdin: bool = False) -> str:
        """Send a cell: the learner's as Jupyter does, a check by the witness."""
        self.channel.count()
        if self.check:
            return self.channel.send("course_check", {"source": source})
        return self.channel.client.execute(
            source, store_history=False, allow_stdin=False, stop_on_error=False
        )

    def await_reply(self, sent: str, timeout: float) -> dict:
        """The content of the reply to a message."""
        until = min(time.monotonic() + timeout, self.end)
        with suppress(Empty):
            while True:
                message = self.channel.get("shell", until)
                if message["parent_header"].get("msg_id") == sent:
                    return message["content"]
        raise self.late()

    def get_message(self, stream: str, timeout: float) -> dict:
        """The next message; output that never ends well is too much output."""
        try:
            return self.channel.get(stream, time.monotonic() + timeout)
        except Empty:
            raise self._silent() from None

    # -------------------------------------------------------------------- the witness

    def record(self) -> dict:
        """What the witness kept of the last cell, asked for with a fresh nonce."""
        nonce = secrets.token_hex(16)
        try:
            reply = self._ask("course_record", {"nonce": nonce}, RECORD_SECONDS)
        except Stopped as reason:
            if reason.state == State.TIMED_OUT:
                raise self._silent() from reason
            raise
        if reply.get("nonce") != nonce:
            note = N_("the check's record was answered by other code")
            raise Stopped(State.TAMPERED, note)
        if reply.get("rewritten"):
            names = ", ".join(map(str, reply["rewritten"]))
            raise Stopped(State.TAMPERED, N_("rewritten: {names}", names=names[:300]))
        if reply.get("exit"):
            raise Stopped(State.CRASHED, N_("exit() was called"))
        return reply

    def _ask(self, kind: str, content: dict, seconds: float) -> dict:
        """Send a message of the grader's own; its one reply."""
        self.channel.count()
        sent = self.channel.send(kind, content)
        reply = self.await_reply(sent, seconds)
        try:
            self._idle(sent, time.monotonic() + OUTPUT_SECONDS)
        except Empty:
            raise self._silent() from None
        for message in self.channel.take("shell"):
            if message["parent_header"].get("msg_id") == sent:
                note = N_("a second reply to the grader's message")
                raise Stopped(State.TAMPERED, note)
        return reply

    def _idle(self, sent: str, until: float) -> None:
        """Wait until all that a message caused has been published."""
        while True:
            message = self.channel.get("iopub", until)
            if message["parent_header"].get("msg_id") == sent:
                if message["content"].get("execution_state") == "idle":
                    return

    def late(self) -> Stopped:
        """What is said of a cell, or a notebook, that took too long."""
        limits = self.limits
        if time.monotonic() >= self.end:
            note = N_(
                "the notebook took more than {notebook:g} seconds",
                notebook=limits.notebook,
            )
        else:
            note = N_("the cell took more than {cell:g} seconds", cell=limits.cell)
        return Stopped(State.TIMED_OUT, note)

    def _silent(self) -> Stopped:
        """What is said of a kernel that publishes nothing more, though it is alive."""
        if self.channel.bytes > MUCH:
            return Stopped(
                State.TOO_MUCH_OUTPUT, N_("the output did not come to an end")
            )
        return Stopped(State.CRASHED, N_("the kernel no longer answers"))
