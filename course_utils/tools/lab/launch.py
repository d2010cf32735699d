"""Open JupyterLab at a lesson, with the course's settings and warm kernels."""

from __future__ import annotations

import os
import shutil
import tempfile
import webbrowser
from contextlib import suppress
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.tools.places import here

from .copies import cleared

SETTINGS = Path(__file__).parent / "settings"
HIDDEN = ".settings"  # Lab takes the size of its type from a user's settings only


def chosen(words: tuple[str, ...], names: list[str]) -> tuple[str, tuple[str, ...]]:
    """The lesson that is named among some words, and the rest, which is JupyterLab's.

    The first lesson where none is named. Raises CourseError for an unknown one.
    """
    for name in words:
        if name in names:
            at = words.index(name)
            return name, (*words[:at], *words[at + 1 :])
    if words and not words[0].startswith("-"):
        raise CourseError(f"no lesson {words[0]!r}; there are {', '.join(names)}")
    return names[0], words


def arguments(page: str, root: Path, present: bool = False) -> list[str]:
    """JupyterLab's options; it writes nothing of the course's outside its folder.

    page: a notebook, from the folder `root` on.
    present: one document at a time, with the settings in `root`.
    """
    options = [
        f"--ServerApp.root_dir={root}",
        "--ServerApp.contents_manager_class=course_utils.tools.lab.saving.Notebooks",
        f"--LabApp.default_url=/{'doc' if present else 'lab'}/tree/{page}",
        f"--LabApp.app_settings_dir={SETTINGS}",
        "--ServerApp.answer_yes=True",  # Ctrl-C stops it at once
        "--LanguageServerManager.autodetect=False",  # no list of those not installed
    ]
    if present:
        options.append(f"--LabApp.user_settings_dir={root / HIDDEN}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return options


def present(page: str, extra: tuple[str, ...] = ()) -> None:
    """Run JupyterLab for a class, in larger type, on copies without outputs."""
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        cleared(here(), Path(folder))
        shutil.copytree(SETTINGS / "present", Path(folder, HIDDEN))
        run(arguments(page, Path(folder), present=True), extra)


def run(options: list[str], extra: tuple[str, ...] = ()) -> None:
    """Run JupyterLab; says where to look when there is no browser to open.

    extra: the user's own options, which go before ours.
    """
    from jupyterlab.labapp import LabApp

    from course_utils.tools.kernels import WARM, ServerError, warm_up

    if not any("token" in option for option in extra):  # else the address is no warning
        options.append("--Application.log_level=WARN")
    given = {option.split("=")[0] for option in extra}
    options = [o for o in options if o.split("=")[0] not in given] + [*extra]
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
