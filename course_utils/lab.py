"""Open JupyterLab at a lesson, with the course's settings and warm kernels."""

from __future__ import annotations

import os
import webbrowser
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETTINGS = Path(__file__).parent / "settings"


def lessons() -> list[str]:
    """The stems of the lessons, in order."""
    return sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def arguments(page: str) -> list[str]:
    """JupyterLab's options; it writes nothing of the course's outside its folder.

    page: a notebook, from the course's folder on.
    """
    options = [
        f"--ServerApp.root_dir={ROOT}",
        f"--LabApp.default_url=/lab/tree/{page}",
        f"--LabApp.app_settings_dir={SETTINGS}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return options


def open_lab(page: str, extra: tuple[str, ...] = ()) -> None:
    """Run JupyterLab; says where to look when there is no browser to open."""
    from jupyterlab.labapp import LabApp

    from .kernels import WARM, ServerError, warm_up

    given = {option.split("=")[0] for option in extra}
    ours = [o for o in arguments(page) if o.split("=")[0] not in given]
    options = [*ours, *extra]
    try:
        webbrowser.get()
    except webbrowser.Error:
        print("No browser here: open the address below in one.")
        options.append("--no-browser")
    print("Starting JupyterLab; stop it with Ctrl-C.", flush=True)
    os.environ.update(WARM)
    with suppress(ServerError):  # then kernels are ordinary ones
        warm_up()
    LabApp.launch_instance(options)
