"""A filter on system calls: no new namespaces, no reaching into the kernel's depths.

A classic BPF program (Linux, Documentation/userspace-api/seccomp_filter.rst), written
for the two architectures that torch is built for; elsewhere there is no filter.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

# name: (x86_64, aarch64)
REFUSED = {
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "ptrace": (101, 117),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    # Memory behind a descriptor: in flight over a socket it is in no process's sight.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
}
CLONE, CLONE3 = (56, 220), (435, 435)
NEW_USER = 0x10000000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}


def refuse_depths() -> None:
    """Install the filter in this process and all that it starts, for good."""
    if platform.machine() not in _MACHINES:
        return
    code = b"".join(struct.pack("HBBI", *step) for step in _program())
    steps = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]

    program = Program(len(code) // 8, ctypes.addressof(steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(22, 2, ctypes.byref(program), 0, 0):  # PR_SET_SECCOMP, filter mode
        raise OSError(ctypes.get_errno(), "no filter on system calls")


def _program() -> list[tuple[int, int, int, int]]:
    """Steps (operation, skip if true, skip if false, value)."""
    architecture, column = _MACHINES[platform.machine()]
    forbid = (_RETURN, 0, 0, _ERROR | errno.EPERM)
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        forbid,
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, 0x40000000),  # the same calls by other numbers (x32)
        forbid,
        (_EQUAL, 0, 1, CLONE3[column]),  # its flags are out of sight: glibc uses clone
        (_RETURN, 0, 0, _ERROR | errno.ENOSYS),
    ]
    for numbers in REFUSED.values():
        steps += [(_EQUAL, 0, 1, numbers[column]), forbid]
    return [
        *steps,
        (_EQUAL, 0, 3, CLONE[column]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, NEW_USER),
        forbid,
        (_RETURN, 0, 0, _ALLOW),
    ]
