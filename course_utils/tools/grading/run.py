"""Run composed notebooks with nbval; the only module that knows nbval and pytest.

`run` is a pytest session with one plugin of ours and one notebook. nbval sends the
cells and reads their outputs; beneath it `Kernel` bounds time and output and sees a
dead kernel at once; above it `Cell` lets only the record of a check count, and after a
crash or a hang begins anew and replays the learner's other cells.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import defaultdict
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell
from nbval.plugin import IPyNbCell, IPyNbFile

from course_utils.judging.state import State
from course_utils.locale.again import N_

from .job import Outcome, Raised, Shown, Step, Stopped, Terms
from .kernel import Kernel

RECORD_BYTES = 2**21
LEFT_OUT = (  # pytest's own plugins that a notebook has no use for
    "cacheprovider debugging doctest faulthandler junitxml logging monkeypatch "
    "pastebin python recwarn setuponly setupplan skipping stepwise subtests terminal "
    "threadexception tmpdir unittest unraisableexception warnings"
).split()
OPTIONS = ["-p", "nbval.plugin", "--capture=sys", "--noconftest", "-c", os.devnull]
OPTIONS += [word for name in LEFT_OUT for word in ("-p", f"no:{name}")]

_one_at_a_time = threading.Lock()  # pytest is: a worker of Dask's may have threads


def run(stem: str, setup: list[str], steps: list[Step], terms: Terms) -> Outcome:
    """What the run of a notebook shows. What a submission does never raises."""
    # What else is installed for pytest has no business here.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    plugin = Plugin(stem, setup, steps, terms)
    with _one_at_a_time:
        limit = f"--nbval-cell-timeout={terms.limits.cell}"
        pytest.main(
            [*OPTIONS, limit, f"--rootdir={os.path.dirname(__file__)}"], [plugin]
        )
    if plugin.failure:
        raise RuntimeError(plugin.failure)
    return plugin.notebook.outcome()


class Plugin:
    """Gives pytest one notebook in the place of files to look for."""

    def __init__(self, stem: str, setup: list[str], steps: list[Step], terms: Terms):
        self.stem, self.setup, self.steps, self.terms = stem, setup, steps, terms
        self.failure = ""

    def pytest_addoption(self, parser) -> None:
        parser.addoption("--color", default="no")  # nbval asks; we have no terminal

    def pytest_collection(self, session) -> bool:
        """The notebook's cells are all there is."""
        # nbval's class wants the path of a file; nobody opens it.
        self.notebook = Notebook.from_parent(session, path=Path(f"{self.stem}.ipynb"))
        self.notebook.begin = lambda: Kernel(self.stem, self.setup, self.terms)
        self.notebook.steps = self.steps
        session.items = self.notebook.collect()
        session.testscollected = len(session.items)
        return True

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed:
            self.failure = str(report.longrepr)[-2000:]


class Notebook(IPyNbFile):
    """One notebook: its kernel, its cells, and which of them were stopped."""

    steps: list[Step]

    def setup(self) -> None:
        self.fresh, self.stopped, self.over = True, {}, None
        self.setup_sanitize_files()
        self.kernel = self.begin()

    def collect(self) -> list[Cell]:
        self.cells = [
            Cell.from_parent(
                self,
                name=f"Cell {number}",
                cell_num=number,
                cell=new_code_cell(step.source),
                options=defaultdict(bool, check_exception=True),
            )
            for number, step in enumerate(self.steps)
        ]
        for cell, step in zip(self.cells, self.steps, strict=True):
            cell.step = step
        return self.cells

    def teardown(self) -> None:
        if self.kernel is not None:
            self.kernel.stop()

    def stop(self, cell: Cell, reason: Stopped) -> None:
        """Leave a cell out from now on; the next cell begins in a fresh kernel."""
        self.stopped[cell.cell_num] = reason
        self.fresh = False

    def renew(self, upto: int) -> None:
        """Begin anew where a cell was stopped, and replay the learner's other cells.

        Raises `Stopped` where the notebook is over."""
        while not self.fresh:
            if self.over:
                raise self.over
            try:
                self.kernel.restart()
            except Stopped as reason:
                self.over = reason
                continue
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
            if key in self.steps[number].tasks:
                return reason
        return None

    def outcome(self) -> Outcome:
        """What was seen of each check, and why cells were stopped."""
        checks = {cell.step.check: self._shown(cell) for cell in self.cells}
        checks.pop("", None)
        notes = []
        for number, reason in self.stopped.items():
            step = self.steps[number]
            facts = {"state": reason.state, "note": reason.note}
            told = N_("Cell {cell}: {state}, {note}.", cell=step.cell, **facts)
            if not step.cell:
                check = N_("The check of {check}: {state}, {note}.")
                told = check.format(check=step.check, **facts)
            notes.append(told)
        return Outcome(checks, notes)

    def _shown(self, check: Cell) -> Shown:
        key = check.step.check
        cells = [cell for cell in self.cells if key in cell.step.tasks]
        errors = [cell.raised for cell in cells if cell.raised]
        shown = Shown(
            seconds=round(sum(cell.seconds for cell in cells), 2),
            raised=errors[-1] if errors else None,
        )
        if reason := self.reason(key):
            shown.state, shown.note = reason.state, reason.note
        else:
            shown.record = check.record
        return shown


class Cell(IPyNbCell):
    """A step: run by nbval; of a check, only the witness's record counts.

    record: of a check. raised: the error that a learner's cell ended with. seconds: the
    time that the last run took.
    """

    step: Step
    record: dict | None = None
    raised: Raised | None = None
    seconds = 0.0

    def runtest(self) -> None:
        """Run this step whatever befell the ones before; never raises for a learner."""
        notebook = self.parent
        try:
            if notebook.runs(self):
                notebook.renew(self.cell_num)
            if notebook.runs(self):
                if time.monotonic() > notebook.kernel.end:
                    raise notebook.kernel.late()
                self.attempt()
        except Stopped as reason:
            notebook.stop(self, reason)

    def attempt(self) -> None:
        """Run the cell in the kernel as it is; a stop is noted."""
        start = time.monotonic()
        kernel = self.parent.kernel
        kernel.check = bool(self.step.check)
        try:
            self._send()
            if self.step.check:
                self.record = _record(kernel.record())
            else:
                if kernel.channel.warned:
                    kernel.record()
                self.raised = _error(self.test_outputs)
        except Stopped as reason:
            self.parent.stop(self, reason)
        self.seconds = time.monotonic() - start

    def _send(self) -> None:
        """Have nbval send the cell and read its outputs."""
        try:
            super().runtest()
        except Stopped:
            raise
        except Exception as error:  # nbval believes that messages are well formed
            note = N_("a message out of form ({name})", name=type(error).__name__)
            reason = self.parent.kernel.ended() or Stopped(State.TAMPERED, note)
            raise reason from error


def _record(reply: dict) -> dict:
    """The record of a check in the witness's reply; raises `Stopped` for none."""
    if len(str(reply.get("record"))) > RECORD_BYTES:
        raise Stopped(State.TOO_MUCH_OUTPUT, N_("the check's record is too long"))
    try:
        records = json.loads(reply["record"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        note = N_("the check's record is not well formed")
        raise Stopped(State.TAMPERED, note) from error
    if not isinstance(records, list):
        raise Stopped(State.TAMPERED, N_("the check's record is not well formed"))
    if len(records) == 1:
        return records[0]
    if records:
        raise Stopped(
            State.TAMPERED,
            N_("{count} records of one check", count=len(records)),
        )
    why = N_("the check was ended by {value}", value=reply.get("error", "?"))
    raise Stopped(State.CRASHED, why[:80])


def _error(outputs: list) -> Raised | None:
    """The last error of a learner's cell; raises `Stopped` for one that ended it."""
    errors = [output for output in outputs if output.output_type == "error"]
    if not errors:
        return None
    raised = Raised(str(errors[-1].ename), str(errors[-1].evalue))
    if raised.type == SystemExit.__name__:
        raise Stopped(State.CRASHED, N_("the cell ended with {type}", type=raised.type))
    return raised
