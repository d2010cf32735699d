"""On a JupyterHub: lay the course out in a learner's home, and warm up, as the server
starts. See README.md for the lines of configuration that load this."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.tools.kernels import WARM, ServerError, warm_up

from .folder import start


def _load_jupyter_server_extension(server) -> None:
    """Called by Jupyter Server with itself."""
    try:
        start(Path(server.root_dir, "course"))
    except (CourseError, OSError) as error:  # the Lab opens all the same
        server.log.warning("The course was not laid out: %s", error)
    os.environ.update(WARM)
    with suppress(ServerError):  # then kernels are ordinary ones
        warm_up()
