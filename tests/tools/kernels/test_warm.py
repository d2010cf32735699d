"""Warm kernels behave as ordinary ones, and are gone when they should be."""

import json
import os
import subprocess
import sys
from subprocess import Popen

import psutil
import pytest
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner

from course_utils.tools.kernels import ServerError, warm, warm_up
from course_utils.tools.kernels.client import ForkServer

STATE = """
import json, os, signal, sys
print(json.dumps([sys.argv, sys.orig_argv, sys.path, os.getcwd(), sorted(os.environ),
    os.environ["MPLBACKEND"], os.getpgid(0) == os.getpid() == os.getsid(0), __name__,
    sys.__stdout__.name, sys.stdout.encoding, sys.__stdin__.read(), sys.executable,
    str(signal.getsignal(signal.SIGINT)),
    os.environ["JPY_PARENT_PID"] == str(os.getppid())]))
"""
DRAWS = """
import json, random, numpy, torch
print(json.dumps([random.random(), numpy.random.rand(), torch.rand(()).item()]))
"""
ORPHAN = """
from jupyter_client.manager import KernelManager
from course_utils.tools.kernels import warm_up
manager = KernelManager(kernel_name="python3")
manager.start_kernel()
print(warm_up().pid, manager.provisioner.process.pid, flush=True)
input()
"""


def test_is_forked_from_a_server_that_has_torch(kernel):
    assert kernel.run("import sys; print('torch' in sys.modules)") == "True"
    assert kernel.run("import os; print(os.getppid())") == str(warm_up().pid)


def test_its_process_is_that_of_an_ordinary_kernel(kernel, start):
    manager = KernelManager(kernel_name="python3")
    spec = manager.kernel_spec
    manager.provisioner = LocalProvisioner(parent=manager, kernel_spec=spec)
    ordinary = start(manager).run(STATE)
    warm_one = kernel.run(STATE)
    files = kernel.manager.connection_file, manager.connection_file
    assert json.loads(warm_one.replace(*files)) == json.loads(ordinary)


def test_kernels_share_no_random_state(kernel, start):
    first = json.loads(kernel.run(DRAWS))
    second = json.loads(start(KernelManager(kernel_name="python3")).run(DRAWS))
    assert not set(first) & set(second)


def test_torch_computes_on_its_threads(kernel):
    code = "import torch; print(torch.ones(500, 500).matmul(torch.ones(500)).sum())"
    assert kernel.run(code) == "tensor(250000.)"


@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_dataloader_has_workers(kernel, how):
    code = f"""
from torch.utils.data import DataLoader
loader = DataLoader([1, 2, 3], num_workers=2, multiprocessing_context="{how}")
print([batch.tolist() for batch in loader])
"""
    assert kernel.run(code) == "[[1], [2], [3]]"


def test_a_figure_is_drawn_inline(kernel):
    code = "import matplotlib.pyplot as plt; plt.plot([1]); print(plt.get_backend())"
    assert kernel.run(code).endswith("inline")


def test_interrupt_ends_the_cell_not_the_kernel(kernel):
    asked = kernel.client.execute(
        "print('now', flush=True); import time; time.sleep(60)"
    )
    while "now" not in kernel.client.get_iopub_msg(timeout=180)["content"].get(
        "text", ""
    ):
        pass
    kernel.manager.interrupt_kernel()
    reply = kernel.client._recv_reply(asked, timeout=180)
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    reply = kernel.client.execute_interactive("x = 1", timeout=180)
    assert reply["content"]["status"] == "ok"


def test_restart_forgets_everything(kernel):
    kernel.run("secret = 1")
    kernel.manager.restart_kernel()
    kernel.client.wait_for_ready(timeout=180)
    assert kernel.run("print('secret' in dir())") == "False"


def test_death_is_noticed_with_its_exit_code(kernel):
    process = kernel.manager.provisioner.process
    kernel.run_to_death("import os; os._exit(3)")
    assert process.returncode == 3


def test_a_server_that_died_is_replaced(kernel):
    psutil.Process(warm_up().pid).kill()
    kernel.run_to_death("")
    kernel.manager.restart_kernel(now=True)
    kernel.client.wait_for_ready(timeout=180)
    assert kernel.run("print(1)") == "1"


def test_a_server_that_nobody_waits_for_any_more_ends_quietly(tmp_path):
    with (tmp_path / "log").open("w+") as log:
        server = ForkServer((), stderr=log)
        server.channel.close()
        assert server.process.wait(timeout=180) == 0
    assert (tmp_path / "log").read_text() == ""


def test_server_and_kernels_end_with_their_parent():
    parent = Popen(
        [sys.executable, "-c", ORPHAN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        orphans = [psutil.Process(int(p)) for p in parent.stdout.readline().split()]
        parent.kill()
    gone, alive = psutil.wait_procs(orphans, timeout=180)
    assert len(gone) == 2 and not alive


def test_an_ordinary_kernel_where_the_server_cannot_start(start, monkeypatch):
    def fail(*_, **__):
        raise ServerError("no fork here")

    monkeypatch.setattr(warm, "_server", None)
    monkeypatch.setattr(warm, "ForkServer", fail)
    kernel = start(KernelManager(kernel_name="python3"))
    assert isinstance(kernel.manager.provisioner.process, Popen)
    assert kernel.run("print(1)") == "1"


@pytest.mark.parametrize("name", ["OMP_NUM_THREADS", "PYTHONHASHSEED"])
def test_an_ordinary_kernel_where_imports_would_differ(start, name):
    manager = KernelManager(kernel_name="python3")
    kernel = start(manager, env=dict(os.environ, **{name: "7"}))
    assert isinstance(manager.provisioner.process, Popen)
    assert kernel.run(f"import os; print(os.environ['{name}'])") == "7"
