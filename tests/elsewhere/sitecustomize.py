"""Play Windows, as far as one can here: Python runs this before anything else.

The course's own code, and what learners write, finds no part of the standard library
that Windows lacks. Files and pipes without a named encoding, and the standard streams,
have that of `ELSEWHERE_ENCODING`; names of files stay UTF-8. Processes are spawned.
"""

import builtins
import io
import locale
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import types

ENCODING = os.environ["ELSEWHERE_ENCODING"]
OURS = {"course_utils", "witness", "__main__"}
ABSENT = {"fcntl", "grp", "pty", "pwd", "resource", "termios"}
LACKS = {
    os: "fork forkpty killpg setsid getuid geteuid getgid getegid setgroups setresuid "
    "setresgid getpgid sysconf mkfifo uname O_NOFOLLOW O_NONBLOCK O_CLOEXEC",
    signal: "SIGKILL SIGALRM SIGHUP SIGQUIT SIGCHLD SIGSTOP SIGUSR1 alarm setitimer "
    "ITIMER_REAL pthread_sigmask",
    socket: "AF_UNIX send_fds recv_fds",
    sys: "",
}


class Lacking(types.ModuleType):
    """A module without some of its names, or with others in their place."""

    def __init__(self, module, names, others):
        super().__init__(module.__name__)
        vars(self).update(_module=module, _names=names, _others=others)

    def __getattr__(self, name):
        if name in self._names:
            raise AttributeError(f"module {self._module.__name__} has no {name} here")
        return self._others.get(name) or getattr(self._module, name)

    def __setattr__(self, name, value):
        setattr(self._module, name, value)


OTHERS = {os: {"name": "nt"}, sys: {"platform": "win32"}}
PLAYED = {
    module.__name__: Lacking(module, set(names.split()), OTHERS.get(module, {}))
    for module, names in LACKS.items()
}
real_import, real_open = builtins.__import__, io.open


def import_as_there(name, globals=None, locals=None, fromlist=(), level=0):
    owner = str((globals or {}).get("__name__")).partition(".")[0]
    if owner in OURS and not level:
        if name in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if name in PLAYED:
            return PLAYED[name]
    return real_import(name, globals, locals, fromlist, level)


def open_as_there(file, mode="r", buffering=-1, encoding=None, *rest, **options):
    if "b" not in mode and encoding in (None, "locale"):
        encoding = ENCODING
    return real_open(file, mode, buffering, encoding, *rest, **options)


builtins.__import__ = import_as_there
builtins.open = io.open = open_as_there
io.text_encoding = lambda encoding, stacklevel=2: encoding or ENCODING
subprocess._text_encoding = lambda: ENCODING
locale.getpreferredencoding = locale.getencoding = lambda *_: ENCODING
multiprocessing.set_start_method("spawn")
for stream in (sys.stdin, sys.stdout, sys.stderr):
    if stream is not None:
        stream.reconfigure(encoding=ENCODING)
