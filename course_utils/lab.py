"""Open JupyterLab at a lesson, with the course's settings and warm kernels."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETTINGS = Path(__file__).parent / "settings"


def lessons() -> list[str]:
    """The stems of the lessons, in order."""
    return sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def arguments(page: str) -> list[str]:
    """JupyterLab's command line; nothing is written outside the environment.

    page: a notebook, from the course's folder on.
    """
    return [
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={ROOT}",
        f"--LabApp.default_url=/lab/tree/{page}",
        f"--LabApp.app_settings_dir={SETTINGS}",
        "--KernelProvisionerFactory.default_provisioner_name=course-warm",
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]


def open_lab(page: str, extra: tuple[str, ...] = ()) -> None:
    """Become JupyterLab; says where to look when there is no browser to open."""
    command = [sys.executable, *arguments(page), *extra]
    try:
        webbrowser.get()
    except webbrowser.Error:
        print("No browser here: open the address below in one, or another machine's.")
        command.append("--no-browser")
    print("Starting JupyterLab; stop it with Ctrl-C.", flush=True)
    os.execv(sys.executable, command)
