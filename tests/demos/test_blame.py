"""A wrong input is one sentence; the learner's own error starts at their line."""

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from course_utils.demos import blame
from course_utils.demos.blame import plain_errors, taken_by
from course_utils.errors import CourseError

ASK = "from course_utils.demos.{0} import {0}\n\n{1}"
OURS = ("course_utils/", "blame.py", "base.py")


@pytest.fixture(scope="module")
def shell():
    return InteractiveShell()


def shown(shell, capsys, name, call):
    """What a notebook shows for a cell that fails."""
    capsys.readouterr()
    result = shell.run_cell(ASK.format(name, call))
    assert result.error_in_exec is not None
    text = capsys.readouterr().out
    assert not any(name in text for name in OURS), text
    return text.strip()


@pytest.mark.parametrize(
    "name, call",
    [
        ("conveyor", "conveyor(3.5)"),
        ("conveyor", "conveyor(batchsize=3)"),
        ("padding", "padding('Rome')"),
        ("threshold", "threshold([0.5], None)"),
        ("landscape", "landscape(lambda x: x)"),
        ("early_stopping", "early_stopping({'train': [1.0]}, 3)"),
    ],
)
def test_a_notebook_shows_one_sentence_for_a_wrong_input(shell, capsys, name, call):
    text = shown(shell, capsys, name, call)
    assert "\n" not in text and text.endswith(".")


def test_a_notebook_shows_the_learners_own_line(shell, capsys):
    call = "def hill(x, y):\n    return x.nothing\n\nlandscape(hill)"
    text = shown(shell, capsys, "landscape", call)
    assert "x.nothing" in text and text.count("\n") < 40
    assert "AttributeError" in text.splitlines()[-1]


def test_an_error_of_ours_keeps_its_traceback():
    broken = plain_errors(blame.learners_part)
    with pytest.raises(AttributeError) as error:
        broken(3)
    assert error.traceback[-1].name == "learners_part"


def test_what_a_library_refuses_becomes_a_sentence():
    with pytest.raises(CourseError, match=r"^It takes no text: .*must be Tensor"):
        refuse(torch.nn.Linear(2, 2))


def refuse(layer):
    """As a demo does: no line of the learner's is between."""
    with taken_by("It takes no text"):
        layer("text")


# For these tests `refuse` counts as a line of ours.
refuse.__code__ = refuse.__code__.replace(co_filename=blame.__file__)
