"""Kernels that are ready in half a second, and kernels that cannot do harm.

A fork server imports torch, ipykernel and what else is wanted once and forks each
kernel from itself. Two things are built on it.

**Warm kernels**, for the Lab and the tests. `WarmProvisioner` is registered as
`course-warm`. Select it with the environment variable that `WARM` holds::

    os.environ.update(WARM)        # every python3 kernel started from now on is warm
    warm_up()                      # optional: import in the background already

It forks from a server that belongs to the calling process and goes with it. What
cannot be warm (another interpreter, macOS, Windows, other import-time variables
such as `OMP_NUM_THREADS`, a server that fails) is an ordinary kernel instead.

**Isolated kernels**, for the grader, on Linux with bubblewrap::

    with Sandbox(memory=4 * 2**30) as sandbox:  # imports in the background
        manager = sandbox.kernel_manager()      # a jupyter_client KernelManager
        manager.start_kernel()                  # 0.1 s; cwd and stdio are the sandbox's
        client = manager.client()
        ...
        manager.is_alive()                      # False as soon as the kernel is gone
        sandbox.ended               # None, or the End it came to although nobody asked
        manager.shutdown_kernel(now=True)       # everything it started is gone, too

One kernel runs in a sandbox at a time: starting the next one sweeps away the one
before. `restart_kernel` works. A server that died is replaced by the next start.
`Sandbox` raises `IsolationError` where isolation cannot be had; its message is one
line with the remedy. `protections()` lists what holds on this machine.

`End.HIDDEN` is a process that keeps the limits' watch from looking into it, which no
right answer does. An allocation far above `memory` fails inside the kernel
(`MemoryError`, or torch's `RuntimeError: ... can't allocate memory`); growth above it
ends the kernel.

All kernels of one server share its hash seed (`PYTHONHASHSEED`): another in each
Lab, always 0 in a sandbox. `random`, numpy and torch are seeded anew in each kernel.
"""

from .bubblewrap import IsolationError, Protection, protections
from .client import ServerError
from .sandbox import Sandbox
from .warm import WARM, WarmProvisioner, warm_up
from .wire import End

__all__ = [
    "WARM",
    "End",
    "IsolationError",
    "Protection",
    "Sandbox",
    "ServerError",
    "WarmProvisioner",
    "protections",
    "warm_up",
]
