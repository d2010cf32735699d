"""Open JupyterLab at a lesson, with the course's settings and warm kernels."""

from __future__ import annotations

import os
import shutil
import tempfile
import webbrowser
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.locale import _
from course_utils.tools.places import here

from .stage import staged, typed

SETTINGS = Path(__file__).parent / "settings"
EXTENSIONS = Path(__file__).parent / "extensions"


def chosen(words: tuple[str, ...], names: list[str]) -> tuple[str, tuple[str, ...]]:
    """The lesson that is named among some words, and the rest, which is JupyterLab's.

    The first lesson where none is named. Raises CourseError for an unknown one.
    """
    for name in words:
        if name in names:
            at = words.index(name)
            return name, (*words[:at], *words[at + 1 :])
    if words and not words[0].startswith("-"):
        unknown = _("no lesson {name}; there are {names}")
        named = ", ".join(names)
        raise CourseError(unknown.format(name=repr(words[0]), names=named))
    return names[0], words


def arguments(page: str, root: Path, present: Path | None = None) -> list[str]:
    """JupyterLab's options; it writes nothing of the course's outside its folder.

    page: a notebook, from the folder `root` on.
    present: one document at a time, with the settings in this folder, for a class.
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
        options += [
            f"--LabApp.user_settings_dir={present}",
            f"--LabApp.extra_labextensions_path={EXTENSIONS}",
        ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return options


def present(page: str, extra: tuple[str, ...] = (), keep: str | None = None) -> None:
    """Run JupyterLab for a class, on copies made for it.

    keep: a folder for the copies, that stays; says at the end what was typed there.
    """
    with tempfile.TemporaryDirectory(prefix="course-") as away:
        # Lab takes the size of its type from settings that a user may change, only.
        settings = shutil.copytree(SETTINGS / "present", Path(away, "settings"))
        folder = Path(keep or Path(away, "copies")).absolute()
        before = staged(here(), folder)
        if not keep:
            print(_("What you type here is gone at the end; `--keep FOLDER` keeps it."))
        try:
            run(arguments(page, folder, settings), extra)
        finally:
            if keep:
                print(kept(folder, typed(before)), flush=True)


def kept(folder: Path, pages: list[Path]) -> str:
    """What to say at the end of a class."""
    if not pages:
        nothing = _("Nothing was typed; the copies are in {folder}.")
        return nothing.format(folder=folder)
    names = ", ".join(str(page.relative_to(folder)) for page in pages)
    typed = _("What was typed is kept in {folder}: {names}")
    return typed.format(folder=folder, names=names)


def join(address: str, code: str, nickname: str) -> str:
    """Let the Lab's kernels join a class's board; returns what to say of it.

    Raises CourseError where the board refuses. One that is away may come later.
    """
    from course_utils.checking import board

    os.environ[board.JOINED] = f"{address} {code} {nickname}"
    seat = board.seat()
    if seat is None or not nickname.strip():
        raise CourseError(_("--board needs an address, a code and a nickname"))
    try:
        status = board.post(seat, {}, "/join")
    except (OSError, HTTPException):
        away = _(
            "No board answers at {address}; the Lab opens, and joins when it is there."
        )
        return away.format(address=address)
    if status >= 300:
        refused = _("the board at {address} does not know the code {code}")
        raise CourseError(refused.format(address=address, code=repr(code)))
    joined = _("You are on the board at {address} as {name}.")
    return joined.format(address=address, name=seat.name)


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
        print(_("No browser here: open the address below in one."))
        options.append("--no-browser")
    print(_("Starting JupyterLab; stop it with Ctrl-C."), flush=True)
    os.environ.update(WARM)
    with suppress(ServerError):  # then kernels are ordinary ones
        warm_up()
    LabApp.launch_instance(options)
