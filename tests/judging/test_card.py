"""The card: every state readable, nothing observed left unescaped."""

import pytest

from course_utils.judging.card import as_html, as_text
from course_utils.judging.compare import Criterion, Mistake, Verdict
from course_utils.judging.difference import Difference

EVIL = "<script>alert(1)</script>"
ERROR = {"type": "ValueError", "message": EVIL, "trace": [["f", 2, EVIL]]}


@pytest.mark.parametrize("state", ["passed", "partly", "failed", "not attempted"])
def test_state_and_points_head_the_card(state):
    verdict = Verdict(
        "squares",
        state,
        1.5,
        3,
        [Criterion("the length", False, Difference("value", 2))],
    )
    for card in (as_text(verdict), as_html(verdict)):
        assert f"squares: {state}, 1.5 of 3 points" in card


def test_a_card_tells_the_criterion_the_error_and_the_mistake():
    criteria = [
        Criterion("the length", True),
        Criterion("the sample", False),
    ]
    verdict = Verdict(
        "t", "partly", 1, 2, criteria, ERROR, mistake=Mistake("", "an old friend")
    )
    text = as_text(verdict)
    assert "✓ the length" in text and "✗ the sample: not reached" in text
    assert "in f, line 2" in text and "This looks like: an old friend" in text


def test_the_html_is_escaped():
    criteria = [Criterion(EVIL, False, Difference("value", EVIL))]
    card = as_html(
        Verdict(EVIL, "failed", 0, 2, criteria, ERROR, mistake=Mistake("", EVIL))
    )
    assert "<script" not in card


def test_code_in_a_message_is_set_as_code():
    card = as_html(
        Verdict("t", "failed", 0, 1, [], mistake=Mistake("", "call `len(x)` <b>"))
    )
    assert "call <code>len(x)</code> &lt;b&gt;" in card
