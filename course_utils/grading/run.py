"""Run composed notebooks with nbval in warm kernels; the only module that knows nbval.

`mark` runs one notebook in this process: a pytest session of nbval's with one plugin of
ours. nbval sends the cells and reads their outputs; beneath it `Kernel` bounds time and
output and sees a dead kernel at once, above it `Cell` lets only the record of a check
count, and after a crash or a hang starts anew and replays the learner's other cells.
"""

from __future__ import annotations

import atexit
import json
import math
import os
import secrets
import tempfile
import threading
import time
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import Empty

import nbformat
import pytest
import zmq
from jupyter_client.manager import KernelManager
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile

from course_utils.grading.compose import Step
from course_utils.kernels import WARM, Sandbox

CRASHED, TIMED_OUT, TAMPERED = "crashed", "timed out", "tampered"
OUT_OF_MEMORY, TOO_MUCH_OUTPUT = "out of memory", "too much output"
WITNESS = Path(__file__).with_name("witness.py").read_text(encoding="utf-8")
NAMES = (
    "{'__builtins__': dict(vars(__import__('builtins'))), '__name__': 'witness', "
    "'shell': get_ipython()}"
)
START_SECONDS, RECORD_SECONDS, RECORD_BYTES = 180, 15, 2**21
PYTEST = ["-p", "nbval.plugin", "-p", "no:cacheprovider", "-p", "no:terminal",
          "-p", "no:warnings", "-p", "no:faulthandler", "-p", "no:unraisableexception",
          "-p", "no:threadexception", "--capture=sys", "--noconftest",
          "-c", os.devnull]  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What a notebook may use: seconds; bytes and messages a cell; bytes of memory."""

    cell: float = 60
    notebook: float = 300
    output: int = 20 * 2**20
    messages: int = 5_000
    memory: int = 4 * 2**30


@dataclass
class Job:
    """One notebook to mark, complete in itself: it may be marked on another machine."""

    stem: str
    setup: list[str]
    steps: list[Step]
    seed: int
    limits: Limits = field(default_factory=Limits)
    isolated: bool = True


class Stopped(Exception):
    """What ended a cell before its time: a state, and a note in words."""

    def __init__(self, state: str, note: str):
        super().__init__(note)
        self.state, self.note = state, note


def mark(job: Job) -> dict:
    """Run a notebook: `{"checks": {key: {"record", "state", "note", "seconds"}},
    "notes": [...], "errors": {key: text}}`. What a submission does never raises."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    with _LOCK, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "notebook.ipynb")
        path.write_text(json.dumps(_notebook(job)), encoding="utf-8")
        plugin = Plugin(job)
        limit = f"--nbval-cell-timeout={job.limits.cell}"
        pytest.main([*PYTEST, limit, f"--rootdir={folder}", str(path)], [plugin])
    if plugin.failure:
        raise RuntimeError(plugin.failure)
    return plugin.result


_LOCK = threading.Lock()
_sandboxes: dict[Limits, Sandbox] = {}


def _sandbox(limits: Limits) -> Sandbox:
    """This process's sandbox, started with its first notebook."""
    if limits not in _sandboxes:
        _sandboxes[limits] = Sandbox(memory=limits.memory)
        atexit.register(_sandboxes[limits].close)
    return _sandboxes[limits]


def _notebook(job: Job) -> dict:
    empty = {"cell_type": "code", "outputs": [], "execution_count": None}
    cells = [
        {
            **empty,
            "id": f"step-{n}",
            "source": s.source,
            "metadata": {"step": asdict(s)},
        }
        for n, s in enumerate(job.steps)
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


class Plugin:
    """Collects the notebook of a job and keeps its result."""

    def __init__(self, job: Job):
        self.job, self.failure = job, ""
        self.result: dict = {"checks": {}, "notes": [], "errors": {}}

    def pytest_addoption(self, parser) -> None:
        parser.addoption("--color", default="no")  # nbval asks; we have no terminal

    def pytest_collect_file(self, file_path: Path, parent) -> Notebook:
        notebook = Notebook.from_parent(parent, path=file_path)
        notebook.job, notebook.result = self.job, self.result
        return notebook

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed:
            self.failure = str(report.longrepr)[-2000:]

    def pytest_collectreport(self, report) -> None:
        if report.failed:
            self.failure = str(report.longrepr)[-2000:]


class Kernel(RunningKernel):
    """nbval's kernel, bounded: `Stopped` where it dies, hangs or says too much."""

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
        self._ensure_iopub_up()
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
        return super().execute_cell_input(cell_input, allow_stdin=False)

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
        limit = time.monotonic() + (timeout or 5)
        while not self.arrived[stream]:
            if time.monotonic() > limit:
                if self.bytes > 2**20 or timeout == 5:
                    raise Stopped(TOO_MUCH_OUTPUT, "the output did not come to an end")
                raise Empty
            self._pump(limit - time.monotonic())
        return self.arrived[stream].popleft()

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
        return CRASHED, "the kernel died"

    def _ask(self, kind: str, content: dict, seconds: float) -> dict:
        """Send a message of the grader's own; its one reply, or `Stopped`."""
        self._count()
        sent = self._send(kind, content)
        reply = self.await_reply(sent, seconds)
        self.await_idle(sent, 5)
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


class Notebook(IPyNbFile):
    """One notebook: its kernel, its cells, and what each of its checks showed."""

    job: Job
    result: dict

    def setup(self) -> None:
        self.fresh, self.stopped = True, {}
        self.setup_sanitize_files()
        self.kernel = Kernel(self.job)

    def collect(self):
        self.cells = []
        for number, cell in enumerate(nbformat.read(self.path, as_version=4).cells):
            options = defaultdict(bool, check_exception=True)
            self.cells.append(
                Cell.from_parent(self, name=f"Cell {number}", cell_num=number,
                                 cell=cell, options=options)
            )  # fmt: skip
        return self.cells

    def teardown(self) -> None:
        if self.kernel is not None:
            self.kernel.stop()

    def stop(self, cell: Cell, reason: Stopped) -> None:
        """Leave a cell out from now on; the next cell begins in a fresh kernel."""
        self.stopped[cell.cell_num] = reason
        self.fresh = False
        step = cell.step
        what = f"Cell {step.cell}" if step.cell else f"The check of {step.check}"
        self.result["notes"].append(f"{what}: {reason.state}, {reason.note}.")

    def renew(self, upto: int) -> None:
        """Start anew where a cell was stopped, and replay the learner's other cells."""
        while not self.fresh:
            self.kernel.stop()
            if time.monotonic() > self.kernel.end:
                return
            self.kernel.start()
            self.fresh = True
            for cell in self.cells[:upto]:
                if self.fresh and not cell.step.check and self.runs(cell):
                    cell.attempt()

    def runs(self, cell: Cell) -> bool:
        """Whether neither this cell nor the task it belongs to was stopped."""
        return not any(self.reason(key) for key in cell.step.tasks) and (
            cell.cell_num not in self.stopped
        )

    def reason(self, key: str) -> Stopped | None:
        """Why a task was stopped, if it was."""
        for number, reason in self.stopped.items():
            if key in self.cells[number].step.tasks:
                return reason
        return None


class Cell(IPyNbCell):
    """A step: run by nbval; of a check, only the witness's record counts."""

    def __init__(self, cell, **more):
        super().__init__(cell=cell, **more)
        told = dict(cell.metadata["step"])
        self.step = Step(**{**told, "tasks": list(told["tasks"])})

    def runtest(self) -> None:
        """Run this step whatever befell the ones before; never raises for a learner."""
        notebook, step = self.parent, self.step
        self.seconds = 0.0
        if notebook.runs(self):
            notebook.renew(self.cell_num)
        if notebook.runs(self):
            if time.monotonic() > notebook.kernel.end:
                notebook.stop(self, Stopped(TIMED_OUT, notebook.kernel._late()))
            else:
                self.attempt()
        if step.check:
            reason = notebook.reason(step.check)
            told = {"record": None, "seconds": self._total(), "state": "", "note": ""}
            if reason:
                told |= {"state": reason.state, "note": reason.note}
            else:
                told["record"] = self.record
            notebook.result["checks"][step.check] = told

    def attempt(self) -> None:
        """Run the cell in the kernel as it is; a stop is noted."""
        start = time.monotonic()
        kernel = self.parent.kernel
        kernel.check = bool(self.step.check)
        try:
            super().runtest()
            reply = kernel.record()
            if self.step.check:
                self.record = self._record(reply)
            else:
                self._errors()
        except Stopped as reason:
            self.parent.stop(self, reason)
        self.seconds = time.monotonic() - start

    def _total(self) -> float:
        cells = [c for c in self.parent.cells if self.step.check in c.step.tasks]
        return round(sum(getattr(cell, "seconds", 0) for cell in cells), 2)

    def _record(self, reply: dict) -> dict:
        if len(str(reply.get("record"))) > RECORD_BYTES:
            raise Stopped(TOO_MUCH_OUTPUT, "the check's record is too long")
        try:
            records = json.loads(reply["record"])
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise Stopped(TAMPERED, "the check's record is not well formed") from error
        if len(records) == 1:
            return records[0]
        if records:
            raise Stopped(TAMPERED, f"{len(records)} records of one check")
        raise Stopped(CRASHED, f"the check was ended by {reply.get('error', '?')}"[:80])

    def _errors(self) -> None:
        """Keep the last error of the learner's own cell, to be told beside its card."""
        for output in self.test_outputs:
            if output.output_type == "error":
                text = f"{output.ename}: {output.evalue}"[:300]
                for key in self.step.tasks:
                    self.parent.result["errors"][key] = text
                if output.ename == "SystemExit":
                    raise Stopped(CRASHED, "the cell ended with SystemExit")
