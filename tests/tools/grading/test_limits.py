"""The limits that `course grade` is given are those that notebooks are run with."""

import pytest
from click.testing import CliRunner

from course_utils.tools.cli import main
from course_utils.tools.grading import grade
from course_utils.tools.grading.job import Limits


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        ([], Limits()),
        (["--limit-cell", "5", "--limit-notebook", "50"], Limits(5, 50)),
        (["--limit-memory", "512"], Limits(memory=2**29)),
    ],
)
def test_limits_are_passed_on(monkeypatch, words, limits):
    given = {}
    monkeypatch.setattr(grade, "grade", lambda *a, **options: given.update(options))
    result = CliRunner().invoke(main, ["grade", "in", "--out", "out", *words])
    assert result.exit_code == 0 and given["limits"] == limits


def test_a_limit_of_nothing_is_refused():
    words = ["grade", "in", "--out", "out", "--limit-cell", "0"]
    assert CliRunner().invoke(main, words).exit_code == 2
