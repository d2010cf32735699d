"""Run composed notebooks with nbval in warm kernels; the only module that knows nbval.

`mark` runs one notebook in this process: a pytest session of nbval's with one plugin of
ours. nbval sends the cells and reads their outputs; beneath it `Kernel` bounds time and
output and sees a dead kernel at once, above it `Cell` lets only the record of a check
count, and after a crash or a hang starts anew and replays the learner's other cells.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from .compose import Step
from .job import CRASHED, TAMPERED, TIMED_OUT, TOO_MUCH_OUTPUT, Job, Stopped
from .kernel import Kernel

RECORD_BYTES = 2**21
PYTEST = ["-p", "nbval.plugin", "-p", "no:cacheprovider", "-p", "no:terminal",
          "-p", "no:warnings", "-p", "no:faulthandler", "-p", "no:unraisableexception",
          "-p", "no:threadexception", "--capture=sys", "--noconftest",
          "-c", os.devnull]  # fmt: skip


def mark(job: Job) -> dict:
    """Run a notebook: `{"checks": {key: {"record", "state", "note", "seconds"}},
    "notes": [...], "errors": {key: text}}`. What a submission does never raises."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    with _LOCK, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "notebook.ipynb")
        path.write_text(json.dumps(_notebook(job)), encoding="utf-8")
        plugin = Plugin(job)
        limit = f"--nbval-cell-timeout={job.limits.cell}"
        here = [f"--rootdir={folder}", f"--confcutdir={folder}"]
        pytest.main([*PYTEST, limit, *here, str(path)], [plugin])
    if plugin.failure:
        raise RuntimeError(plugin.failure)
    return plugin.result


_LOCK = threading.Lock()


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
