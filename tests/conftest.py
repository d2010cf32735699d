"""What all tests share: warm kernels, and observations judged with their tolerances."""

import asyncio
import os
import random
import secrets
import shutil
import socket
import struct
import sys
import threading
from collections import Counter
from contextlib import contextmanager, suppress

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po
from hypothesis import HealthCheck, settings

from course_utils import locale
from course_utils.locale import again
from course_utils.tools.kernels import WARM, protections

os.environ.update(WARM)
SEED = int(os.environ.setdefault("TESTS_SEED", str(secrets.randbelow(10**6))))
settings.register_profile(  # a busy machine fails no test
    "course",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("course")
MIME = "application/vnd.course-observations+json"


def pytest_addoption(parser):
    parser.addoption("--seeds", type=int, default=1, help="batches of every answer")
    parser.addoption("--images", action="store_true", help="make notebooks/images")


def pytest_configure():
    """In the namespace that `make test` enters, loopback is still to be switched on."""
    if os.environ.get("COURSE_OFFLINE"):
        import fcntl

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            up_and_running = struct.pack("16sh", b"lo", 0x41)
            fcntl.ioctl(any_socket, 0x8914, up_and_running)  # SIOCSIFFLAGS


def pytest_runtest_setup():
    """Start each test from one seed, which stands in the summary."""
    random.seed(SEED)
    for name, seed in (("numpy.random", "seed"), ("torch", "manual_seed")):
        if name in sys.modules:
            getattr(sys.modules[name], seed)(SEED)


def missing(reason):
    """Skip a test that this machine cannot run; on CI it fails."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter):
    """The seed, and each reason for which tests were skipped, once."""
    terminalreporter.write_line(f"seed {SEED}; TESTS_SEED={SEED} draws the same")
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2] for report in skipped)
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} {reason[0].lower()}{reason[1:]}")


@pytest.fixture(scope="session")
def isolation():
    """What marks submissions needs: a machine that can close them in."""
    for _, on, remedy in protections():
        if not on:
            missing(f"submissions cannot be isolated here: {remedy}")


@pytest.fixture(scope="session")
def chromium():
    """The browser's program."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    return found or missing("chromium is not installed: `make system` installs it")


@pytest.fixture(scope="session")
def offline():
    """The namespace without a network that `make test` enters."""
    if not os.environ.get("COURSE_OFFLINE"):
        missing(
            "there is a network: `make test` leaves it with `unshare` (util-linux), "
            "as root or where users may make namespaces"
        )


@pytest.fixture
def serving():
    """Serves a class's board on loopback: `with serving(board) as desk`."""
    from course_utils.tools.teaching import serve

    @contextmanager
    def served(board):
        desk, ready = serve.Desk(board), threading.Event()
        loop = asyncio.new_event_loop()
        task = loop.create_task(serve.listen(desk, 0, True, ready.set))

        def run():
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(task)
            loop.close()

        thread = threading.Thread(target=run)
        thread.start()
        assert ready.wait(60)
        try:
            yield desk
        finally:
            loop.call_soon_threadsafe(task.cancel)
            thread.join()

    return served


def pytest_collection_modifyitems(config):
    """nbval compares cards to the letter, but observations as a check does."""
    from nbval.plugin import IPyNbCell

    from course_utils.tools.authoring.lesson import veil

    if getattr(IPyNbCell, "judges", False):
        return
    plain = IPyNbCell.compare_outputs
    IPyNbCell.judges = True

    def compare_outputs(self, test, ref, skip_compare=None):
        veil(ref)
        skip = (*self.parent.skip_compare, MIME)
        same = plain(self, test, ref, skip)
        new, stored = records(test), records(ref)
        return same and len(new) == len(stored) and all(map(alike, new, stored))

    IPyNbCell.compare_outputs = compare_outputs


def records(outputs):
    return [o["data"][MIME] for o in outputs if MIME in o.get("data", {})]


def alike(new, stored):
    from course_utils.judging.compare import compare

    verdict = compare(new, stored)
    if stored["error"]:
        return verdict.error["type"] == stored["error"]["type"]
    return verdict.state == "passed"


@pytest.fixture
def say(tmp_path, monkeypatch):
    """Makes catalogs of Korean in place of the course's, for this test alone."""
    monkeypatch.setattr(locale, "FOLDER", tmp_path / "catalogs")

    def say(stem="course", **said):
        path = tmp_path / "catalogs" / "ko" / f"{stem}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = Catalog("ko")
        for english, korean in said.items():
            catalog.add(english, korean)
        with path.open("wb") as file:
            write_po(file, catalog)
        forget()

    def forget():
        locale.words.cache_clear()
        again.shapes.cache_clear()

    yield say
    locale.use(locale.ENGLISH)
    forget()
