"""As a learner's server starts on a Hub, the course is there and kernels are warm."""

import logging
import os
from types import SimpleNamespace

from course_utils.tools.kernels import WARM
from course_utils.tools.lab import hub
from course_utils.tools.places import MARK


def test_the_course_is_laid_out_and_warmed_up(tmp_path, monkeypatch, caplog):
    warmed = []
    monkeypatch.setattr(hub, "warm_up", lambda: warmed.append(dict(os.environ)))
    server = SimpleNamespace(root_dir=str(tmp_path), log=logging.getLogger("server"))
    hub._load_jupyter_server_extension(server)
    assert (tmp_path / "course" / MARK).exists()
    assert warmed[0].items() >= WARM.items() and not caplog.messages
    (tmp_path / "course" / MARK).unlink()
    page = next((tmp_path / "course/exercises").glob("*.ipynb"))
    page.write_text("my answer")
    hub._load_jupyter_server_extension(server)
    assert page.read_text() == "my answer" and len(warmed) == 2
    assert "is there already" in caplog.messages[0]
