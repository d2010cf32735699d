"""What a check starts from, and puts back: seeds, switches, streams, the folder."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import warnings

import numpy as np
import torch


def _device() -> torch.device:
    try:
        return torch.get_default_device()
    except AttributeError:  # in torch 2.9, after set_default_device(None)
        return torch.device("cpu")


def leave_devices() -> None:
    """Leave every `with torch.device(…)`, or the like, that was entered and never left,
    and the device that `set_default_device` chose."""
    with contextlib.suppress(RuntimeError):  # none is left
        while True:
            torch.device("cpu").__exit__(None, None, None)
    torch.set_default_device(None)


class State:
    """Seeds and global switches of Python, NumPy and PyTorch, to be put back."""

    def __init__(self):
        self.random = random.getstate(), np.random.get_state(), torch.get_rng_state()
        self.grad, self.dtype = torch.is_grad_enabled(), torch.get_default_dtype()
        self.device, self.threads = _device(), torch.get_num_threads()
        self.deterministic = torch.are_deterministic_algorithms_enabled()
        self.anomaly = torch.is_anomaly_enabled()
        self.cwd, self.recursion = os.getcwd(), sys.getrecursionlimit()
        self.streams = sys.stdin, sys.stdout, sys.stderr
        self.warnings = warnings.catch_warnings()

    def fix(self, seed: int) -> None:
        """The state every check starts from."""
        self.warnings.__enter__()
        warnings.simplefilter("default")
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        self._switch(True, torch.float32, torch.device("cpu"), 1, False, False)

    def restore(self) -> None:
        """Put back all that `fix`, or the learner's code, has changed."""
        self.warnings.__exit__(None, None, None)
        random.setstate(self.random[0])
        np.random.set_state(self.random[1])
        torch.set_rng_state(self.random[2])
        self._switch(
            self.grad,
            self.dtype,
            self.device,
            self.threads,
            self.deterministic,
            self.anomaly,
        )
        os.chdir(self.cwd)
        sys.stdin, sys.stdout, sys.stderr = self.streams
        sys.setrecursionlimit(self.recursion)

    def _switch(self, grad, dtype, device, threads, deterministic, anomaly) -> None:
        torch.set_grad_enabled(grad)
        torch.set_default_dtype(dtype)
        if _device() != device:
            leave_devices()
            if device.type != "cpu":  # any set device slows every call
                torch.set_default_device(device)
        torch.set_num_threads(threads)
        if torch.are_deterministic_algorithms_enabled() != deterministic:
            torch.use_deterministic_algorithms(deterministic)  # imports for a second
        torch.autograd.set_detect_anomaly(anomaly)
