"""The Lab that `make lab` starts, in Debian's chromium."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from course_utils.lab import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items):
    if not CHROMIUM and not os.environ.get("CI"):
        for item in items:
            if "browser" in item.nodeid:
                item.add_marker(pytest.mark.skip(reason="needs chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A running Lab on a copy of the notebooks, which it may save."""
    folder = tmp_path_factory.mktemp("lab")
    for room in ("notebooks", "exercises"):
        shutil.copytree(ROOT / room, folder / room)
    command = [sys.executable, "-m", "course_utils.cli", "lab", "01_dataset"]
    log = folder / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "--no-browser", f"--ServerApp.root_dir={folder}"],
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield wait_for_address(process, log)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def wait_for_address(process, log):
    for _ in range(600):
        found = re.search(
            r"(http://127\.0\.0\.1:\d+)/lab/\S*\?token=(\w+)", log.read_text()
        )
        if found:
            return Lab(*found.groups())
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise TimeoutError(log.read_text())


class Lab:
    """Opens notebooks of the running Lab."""

    def __init__(self, address, token):
        self.address, self.token = address, token

    def open(self, page, path):
        """Open a notebook and wait until its kernel is idle."""
        page.set_default_timeout(60_000)
        page.set_viewport_size({"width": 1280, "height": 1000})
        page.goto(
            f"{self.address}/lab/workspaces/auto-{time.time_ns()}/tree/{path}?token={self.token}"
        )
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_selector(".jp-NotebookPanel-toolbar [data-status=idle]")

    def run_all(self, page, seconds=90):
        """Run all cells and wait for the last to end."""
        page.click("text=Run >> nth=0")
        page.click("text=Run All Cells >> nth=0")
        page.wait_for_function(
            """() => {
                const prompts = [...document.querySelectorAll(
                    '.jp-CodeCell .jp-InputPrompt')].map(e => e.textContent);
                return prompts.length && !prompts.some(p => p.includes('*'));
            }""",
            timeout=seconds * 1000,
        )
        page.wait_for_selector(".jp-NotebookPanel-toolbar [data-status=idle]")
