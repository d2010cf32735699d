"""A learner's own lesson: what of its turns and warm-ups is done."""

import json

import pytest
from click.testing import CliRunner

from course_utils.tools.authoring.solution import read
from course_utils.tools.cli import main
from course_utils.tools.places import ROOT

STEM = "01_dataset"


@pytest.fixture
def lesson(tmp_path):
    """The lesson with a warm-up answered wrong, a turn right."""
    page = json.loads((ROOT / "notebooks" / f"{STEM}.ipynb").read_text("utf-8"))
    warm_up, turn = read(ROOT / "solutions" / f"{STEM}.ipynb").turns[:2]
    answers = {
        f"{warm_up.slug}-turn": warm_up.mistakes[0].code,
        f"{turn.slug}-turn": turn.answer,
    }
    for cell in page["cells"]:
        if cell["id"] in answers:
            marker = f"# turn: {cell['id'].removesuffix('-turn')}\n"
            cell["source"] = marker + answers[cell["id"]]
    path = tmp_path / "notebooks" / f"{STEM}.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(page), encoding="utf-8")
    return path


def test_a_folder_of_lessons_is_a_map_of_what_is_done(lesson):
    result = CliRunner().invoke(main, ["check", str(lesson.parent)])
    lines = result.output.splitlines()
    assert "1 of 8 turns and warm-ups done" in lines[0]
    assert "(warm-up): failed; read again: 00_tensors, " in lines[1]
    assert lines[2].startswith("  ✓ ") and lines[2].endswith("(turn): passed")
    assert all("not attempted" in line for line in lines[3:9])
    assert result.exit_code == 1
