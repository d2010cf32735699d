"""The Lab that `make lab` starts, in Debian's chromium: one Lab, one page a worker."""

import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import get_type_hints
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from playwright.sync_api import expect

from course_utils.demos.base import Demo
from course_utils.tools.places import PACKAGE, ROOT

PATIENCE = 180  # seconds; no test passes or fails by them unless something hangs
expect.set_options(timeout=PATIENCE * 1000)
# A kernel takes seconds to end; only one of the same notebook would be in the way.
OPEN = """async path => {
    const {sessions} = jupyterapp.serviceManager;
    for (const one of [...sessions.running()]) {
        const ended = sessions.shutdown(one.id).catch(() => null);
        if (one.path === path) await ended;
    }
    [...jupyterapp.shell.widgets('main')].forEach(one => one.dispose());
    await jupyterapp.commands.execute('docmanager:open', {
        path, factory: 'Notebook', kernel: {name: 'python3'}});
}"""
READY = """path => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.context?.path === path && panel.context.isReady
        && panel.sessionContext.isReady
        && panel.sessionContext.session?.kernel?.status === 'idle';
}"""
# Widgets speak to the kernel beside its cells, in threads of their own: what was sent
# is answered when the kernel has said that it is idle again for just that message.
LISTEN = """() => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const unanswered = window.unanswered = new Set();
    kernel.anyMessage.connect((_, {msg, direction}) => {
        if (direction === 'send' && msg.header.msg_type === 'comm_msg') {
            unanswered.add(msg.header.msg_id);
        } else if (msg.content.execution_state === 'idle') {
            unanswered.delete(msg.parent_header.msg_id);
        }
    });
}"""
EXECUTE = """async code => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code, store_history: false});
    let said = '';
    future.onIOPub = message => { said += message.content.text ?? ''; };
    await future.done;
    return said;
}"""
# Also of cells that the page leaves out.
OUTPUTS = """() => jupyterapp.shell.currentWidget.content.widgets
    .flatMap(cell => cell.model.toJSON().outputs ?? [])"""

# How a demo is called, where it is not without arguments.
CALLS = {
    "stepper": """import torch

x = torch.tensor([[1.0, -2.0], [0.0, 3.0]])
w = torch.tensor([[0.5], [1.0]], requires_grad=True)
stepper(lambda: torch.relu(x @ w).sum())"""
}


def demos():
    """The demos' names: modules with a function of their own name that makes one."""
    for path in sorted((PACKAGE / "demos").glob("[!_]*.py")):
        module = importlib.import_module(f"course_utils.demos.{path.stem}")
        make = getattr(module, path.stem, None)
        kind = get_type_hints(make).get("return") if make else None
        if isinstance(kind, type) and issubclass(kind, Demo):
            yield path.stem


def pytest_generate_tests(metafunc):
    """A test that asks for `name_of_demo` is run for each."""
    if "name_of_demo" in metafunc.fixturenames:
        metafunc.parametrize("name_of_demo", [*demos()], scope="module")


@pytest.fixture(scope="session")
def source():
    """Of a demo's name, a cell that shows it."""

    def cell(name):
        call = CALLS.get(name, f"{name}()")
        return f"from course_utils.demos.{name} import {name}\n\n{call}"

    return cell


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium):
    return {
        "executable_path": chromium,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def page(browser):
    """The page that a worker's tests share: the Lab is loaded once."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    page.context.close()


@pytest.fixture
def new_page(browser):
    """A page of the test's own."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    page.context.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A running Lab on a copy of the notebooks, which it may save."""
    folder = tmp_path_factory.mktemp("lab")
    for room in ("notebooks", "exercises"):
        shutil.copytree(ROOT / room, folder / room)
    with running(folder, "01_dataset", f"--ServerApp.root_dir={folder}") as lab:
        yield lab


@pytest.fixture(scope="module")
def presented(tmp_path_factory):
    """A Lab for a class, on the copies that it makes itself, which stay."""
    folder = tmp_path_factory.mktemp("class")
    words = ("04_autograd", "--present", "--keep", str(folder / "kept"))
    with running(folder, *words) as lab:
        lab.folder = folder / "kept"
        yield lab


@pytest.fixture
def notebook7(tmp_path):
    """Jupyter Notebook 7 on a folder of its own."""
    options = ["--no-browser", "--allow-root", f"--ServerApp.root_dir={tmp_path}"]
    exposed = "--JupyterNotebookApp.expose_app_in_browser=True"
    with served(tmp_path, "notebook", *options, exposed) as server:
        yield server


@contextmanager
def running(folder, *words):
    """A Lab as the command starts it, with settings and signatures in `folder`."""
    options = ["--no-browser", "--LabApp.expose_app_in_browser=True"]
    with served(folder, "course_utils.tools.cli", "lab", *words, *options) as lab:
        yield lab


@contextmanager
def served(folder, *module_and_words):
    """A module that serves notebooks, with settings and signatures in `folder`."""
    own = {
        f"JUPYTER{name}": str(folder / ".jupyter" / name)
        for name in ("_DATA_DIR", "LAB_SETTINGS_DIR", "LAB_WORKSPACES_DIR")
    }
    log = folder / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *module_and_words],
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **own},
        )
    try:
        yield Lab(*address(process, log), folder)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()


def address(process, log):
    """The running Lab's address and token; it tells them before it answers."""
    pattern = r"(http://127\.0\.0\.1:\d+)/(?:lab|doc|tree)\S*\?token=(\w+)"
    for _ in range(PATIENCE * 20):
        found = re.search(pattern, log.read_text())
        with suppress(URLError):
            if found and urlopen(f"{found[1]}/api").read():
                return found.groups()
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    raise TimeoutError(log.read_text())


class Lab:
    """Opens notebooks of the running Lab."""

    def __init__(self, address, token, folder):
        self.address, self.token, self.folder = address, token, folder

    def write(self, name, *sources):
        """Write a notebook of code cells; returns its path in the Lab."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), self.folder / name)
        return name

    def open(self, page, path):
        """Open a notebook, as the only one, with a kernel of its own that is idle."""
        if not page.url.startswith(self.address):
            page.goto(f"{self.address}/lab?reset&token={self.token}")
            page.wait_for_function("window.jupyterapp")
            page.evaluate("jupyterapp.restored.then(() => null)")
        page.evaluate(OPEN, path)
        self.ready(page, path)

    def ready(self, page, path):
        """Wait until a notebook is open and its kernel idle."""
        page.wait_for_function(READY, arg=path)
        page.evaluate(LISTEN)

    def run_all(self, page):
        """Run all cells and wait for the last to end."""
        page.evaluate("""() => {
            window.ran = false;
            jupyterapp.commands.execute('notebook:run-all-cells').then(() => {
                window.ran = true;
            });
        }""")
        page.wait_for_function("window.ran")

    def settle(self, page):
        """Wait until the kernel has answered all that the controls sent it."""
        page.wait_for_function("window.unanswered.size === 0")

    def execute(self, page, code):
        """Run code in the notebook's kernel, past its cells; returns what it prints."""
        return page.evaluate(EXECUTE, code)

    def outputs(self, page):
        """The outputs of all cells, on the page or not."""
        return page.evaluate(OUTPUTS)

    def theme(self, page, name):
        """Change to the theme `JupyterLab Light` or `JupyterLab Dark`."""
        page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
            f"JupyterLab {name}",
        )
        page.locator(f"body[data-jp-theme-name='JupyterLab {name}']").wait_for(
            state="attached"
        )
