"""Kernels to test with, and one way to run code in them."""

import time

import pytest
from jupyter_client.manager import KernelManager

from course_utils.tools.kernels import Sandbox


class Running:
    """A started kernel and its client."""

    def __init__(self, manager, **options):
        self.manager = manager
        manager.start_kernel(**options)
        self.client = manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=180)

    def run(self, code):
        """What the code printed, and its error if there was one."""
        said = []
        self.client.execute_interactive(
            code, timeout=180, output_hook=lambda m: said.append(m["content"])
        )
        lines = (c.get("text", "") + c.get("evalue", "") for c in said)
        return "".join(lines).strip()

    def run_to_death(self, code):
        """Run code that ends the kernel, and wait for that."""
        self.client.execute(code)
        end = time.monotonic() + 180
        while self.manager.is_alive():
            assert time.monotonic() < end, "it lives"
            time.sleep(0.02)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel():
    kernel = Running(KernelManager(kernel_name="python3"))
    yield kernel
    kernel.stop()


@pytest.fixture(scope="module")
def sandbox(isolation):
    with Sandbox(memory=2**30) as sandbox:
        yield sandbox


@pytest.fixture
def isolated(sandbox):
    kernel = Running(sandbox.kernel_manager())
    yield kernel
    kernel.stop()


@pytest.fixture
def start():
    """Start the kernel of a manager."""
    started = []

    def start(manager, **options):
        started.append(Running(manager, **options))
        return started[-1]

    yield start
    for kernel in started:
        kernel.stop()


@pytest.fixture
def roomy(isolation):
    """An isolated kernel with the grader's own limits."""
    with Sandbox() as sandbox:
        kernel = Running(sandbox.kernel_manager())
        yield kernel
        kernel.stop()
