"""Isolated kernels reach nothing, hold their limits and leave nothing behind."""

import os
import shutil
import sys
from pathlib import Path

import pytest

import course_utils
from course_utils.tools.kernels import IsolationError, Sandbox, protections

PACKAGE = Path(course_utils.__file__).parent
TRY = """
def attempt(act, *values):
    try:
        return act(*values)
    except OSError as error:
        return type(error).__name__
"""
# Shared memory that only a child has touched, and files that only a socket holds.
FILL = """
import mmap, os, time
def fill():
    all.append(mmap.mmap(-1, 10**8))
    if not os.fork():
        all[-1].write(bytes(10**8))
        os._exit(0)
    os.wait()
"""
IN_FLIGHT = """
import socket
ours, theirs = socket.socketpair()
for i in range(5):
    fd = os.open("/dev/shm", os.O_TMPFILE | os.O_RDWR)
    os.write(fd, bytes(10**8))
    socket.send_fds(ours, [b"x"], [fd])
    os.close(fd)
"""


def test_every_protection_is_on(isolation):
    assert [name for name, on, _ in protections() if not on] == []
    assert len(protections()) > 5


def test_torch_is_there_and_computes(isolated):
    assert isolated.run("import sys; print('torch' in sys.modules)") == "True"
    assert isolated.run("import torch; print(torch.eye(2)[0])") == "tensor([1., 0.])"


def test_what_is_wanted_is_imported_beforehand(isolation, start):
    with Sandbox(modules=("colorsys", "no_such_module")) as sandbox:
        code = "import sys; print('colorsys' in sys.modules)"
        assert start(sandbox.kernel_manager()).run(code) == "True"


def test_dataloader_has_workers(roomy):
    """Each spawned worker imports torch anew: the grader's own memory limit fits."""
    code = """
from torch.utils.data import DataLoader
for how in ("fork", "spawn"):
    loader = DataLoader([1, 2], num_workers=2, multiprocessing_context=how)
    print([batch.tolist() for batch in loader])
"""
    assert roomy.run(code) == "[[1], [2]]\n[[1], [2]]"


@pytest.mark.parametrize(
    "path",
    [
        PACKAGE / "keys" / "01_dataset.json",
        PACKAGE.parent / "solutions",
        Path("/etc/passwd"),
        Path("/run"),
        Path("/home"),
        Path("/proc/1/environ"),
        Path("/proc/1/mem"),
        Path("/proc/1/fd/0"),
    ],
)
def test_files_of_others_cannot_be_read(isolated, path):
    code = f"{TRY}\nimport os\nprint(attempt(open, {str(path)!r}), os.getuid())"
    assert isolated.run(code).split()[0] in ("FileNotFoundError", "PermissionError")


def test_the_keys_are_empty(isolated):
    assert isolated.run(f"import os; print(os.listdir({str(PACKAGE / 'keys')!r}))") == (
        "[]"
    )


@pytest.mark.parametrize(
    "path", ["/", "/usr", "/dev", sys.prefix, PACKAGE, PACKAGE / "keys", "/proc/sys/vm"]
)
def test_nothing_can_be_written_outside(isolated, path):
    code = f"{TRY}\nprint(attempt(open, '{path}/new', 'w'))"
    assert isolated.run(code) in ("OSError", "PermissionError", "FileNotFoundError")


def test_its_folder_can_be_written_and_is_gone_with_it(sandbox, start):
    leave = """
import os
os.makedirs("a/b"); open("a/b/c", "w").close(); os.chmod("a", 0)
open("/dev/shm/d", "w").close()
print(os.getcwd(), os.system("ipcmk -M 1000 -S 1 -Q > /dev/null"))
"""
    look = """
import os
print(os.listdir("/dev/shm"), "a" in os.listdir(), os.popen("ipcs | grep -c 0x").read())
"""
    first = start(sandbox.kernel_manager())
    assert first.run(leave) == "/private 0"
    first.stop()
    assert start(sandbox.kernel_manager()).run(look) == "[] False 0"


def test_there_is_no_network(isolated):
    code = f"""{TRY}
import socket
print(attempt(socket.create_connection, ("192.0.2.1", 80), 5))
print(attempt(socket.getaddrinfo, "example.org", 80))
print([name for _, name in socket.if_nameindex() if name != "lo"])
"""
    assert isolated.run(code).splitlines() == ["OSError", "gaierror", "[]"]


def test_local_services_are_out_of_reach(isolated):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as service:
        address = service.getsockname()
        code = (
            f"{TRY}\nimport socket; print(attempt(socket.create_connection, {address}))"
        )
        assert isolated.run(code) == "ConnectionRefusedError"


def test_the_environment_is_clean(isolated, monkeypatch):
    names = isolated.run("import os; print(*os.environ)").split()
    assert not {"JUPYTER_DEFAULT_PROVISIONER_NAME", "PYTEST_CURRENT_TEST"} & {*names}
    assert isolated.run("import os; print(os.environ['PYTHONHASHSEED'])") == "0"


def test_user_namespaces_give_no_privileges(isolated):
    code = "import os; print(os.system('unshare -Ur true 2> /dev/null') != 0)"
    assert isolated.run(code) == "True"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("all = []\nwhile True: all.append(b'x' * 10**7)", "memory"),
        ("import torch; x = torch.ones(4 * 10**8)", "memory"),
        (f"{FILL}\nall = []\nwhile True: fill()", "memory"),
        (f"{FILL}\n{IN_FLIGHT}\nall = b'x' * 5 * 10**8", "memory"),
        ("import os\nwhile True: os.fork()", "processes"),
        (
            "import threading, time\n"
            "while True: threading.Thread(target=time.sleep, args=[99]).start()",
            "processes",
        ),
        (
            "import ctypes, time; ctypes.CDLL(None).prctl(4, 0); time.sleep(99)",
            "hidden",
        ),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("import os; os._exit(0)", "crashed"),
    ],
)
def test_a_kernel_that_ends_says_why(sandbox, isolated, code, reason):
    isolated.run_to_death(code)
    assert sandbox.ended == reason


def test_too_large_an_allocation_fails_by_name(sandbox, isolated):
    assert "can't allocate memory" in isolated.run("import torch; torch.ones(10**11)")
    assert sandbox.ended is None


@pytest.mark.parametrize("folder", ["/private", "/tmp", "/dev/shm"])
def test_the_disk_cannot_be_filled(isolated, folder):
    code = f"""{TRY}
def fill():
    for i in range(99):
        with open(f"{folder}/{{i}}", "wb") as file:
            file.write(bytes(10**8))
print(attempt(fill))
"""
    assert isolated.run(code) == "OSError"


def test_no_memory_hides_behind_a_descriptor(isolated):
    code = f"{TRY}\nimport os; print(attempt(os.memfd_create, 'x'))"
    assert isolated.run(code) == "PermissionError"


def test_no_signal_reaches_the_server(sandbox, isolated):
    server = sandbox.server
    code = """
import os
for number in range(1, 65):
    os.kill(1, number)
print("sent")
"""
    assert isolated.run(code) == "sent"
    assert server.usable and isolated.run("print(1)") == "1"


def test_the_server_cannot_be_looked_into(isolated):
    code = "import ctypes; print(ctypes.CDLL(None).ptrace(16, 1, 0, 0))"
    assert isolated.run(code) == "-1"


@pytest.mark.parametrize(
    "meddle",
    [
        "resource.prlimit(1, resource.RLIMIT_NOFILE, (512, 512))",
        "os.setpriority(0, 1, 19)",
    ],
)
def test_a_server_that_was_meddled_with_is_replaced(sandbox, start, meddle):
    code = "import os, resource; print(os.getpriority(0, 0), resource.getrlimit(7))"
    before = start(sandbox.kernel_manager())
    usual = before.run(code)
    before.run(f"import os, resource; {meddle}")
    before.stop()
    assert start(sandbox.kernel_manager()).run(code) == usual


def test_whatever_was_started_is_gone(sandbox, start):
    sleeping = """
import glob
lines = [open(path, "rb").read() for path in glob.glob("/proc/[0-9]*/cmdline")]
print(sum(line.startswith(b"sleep") for line in lines))
"""
    first = start(sandbox.kernel_manager())
    first.run("import os; os.system('setsid sleep 999 & nohup sleep 998 &')")
    while first.run(sleeping) != "2":  # they start beside it
        pass
    first.stop()
    assert start(sandbox.kernel_manager()).run(sleeping) == "0"


def test_a_restart_is_a_new_kernel(isolated):
    isolated.run("open('left', 'w').close(); secret = 1")
    isolated.manager.restart_kernel(now=True)
    isolated.client.wait_for_ready(timeout=180)
    code = "import os; print('secret' in dir(), os.path.exists('left'))"
    assert isolated.run(code) == "False False"


def test_a_machine_without_bubblewrap_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(IsolationError, match="install bubblewrap"):
        Sandbox()
    assert {on for _, on, _ in protections()} == {False}


def test_nothing_is_left_of_a_sandbox(isolation):
    with Sandbox() as sandbox:
        folder, process = sandbox.folder, sandbox.server.process
    assert not os.path.exists(folder)
    assert process.returncode is not None
