"""A card in the notebook's language: words, criteria and messages of mistakes."""

import pytest

from course_utils.checking import exercise
from course_utils.errors import CourseError
from course_utils.judging.card import as_html, as_text
from course_utils.judging.compare import UNCHANGED, Criterion, Mistake, Verdict, Why
from course_utils.judging.difference import Difference
from course_utils.judging.state import State
from course_utils.locale import language, speaking

SAID = {
    "partly": "일부 통과",
    "{line}, {points} of {all} points": "{line}, {all}점 가운데 {points}점",
    "This looks like": "이런 실수로 보여요",
    "shape {seen}, expected {expected}": "형태가 {seen}이에요. {expected}이어야 해요",
    "not reached": "여기까지 오지 못했어요",
    "the inputs are left as they were": "입력은 그대로예요",
}
WORDS = {"the sample": "샘플", "no `[ ]` around it": "`[ ]`가 빠졌어요"}


@pytest.fixture
def wrong():
    shape = Difference("shape", [], [1])
    criteria = [
        Criterion("the sample", False, shape),
        Criterion("the length", False),
        Criterion(UNCHANGED, True),
    ]
    mistake = Mistake("m", "no `[ ]` around it")
    return Verdict("squares", State.PARTLY, 1, 3, criteria, mistake=mistake)


def test_a_wrong_answer_s_card_is_in_korean(say, wrong):
    say(**SAID)
    say("01_a", **WORDS)
    with speaking("ko", "01_a"):
        text, html = as_text(wrong), as_html(wrong)
    assert text.splitlines() == [
        "◐ squares: 일부 통과, 3점 가운데 1점",
        "  이런 실수로 보여요: `[ ]`가 빠졌어요",
        "  ✗ 샘플: 형태가 ()이에요. (1,)이어야 해요",
        "  ✗ the length: 여기까지 오지 못했어요",
        "  ✓ 입력은 그대로예요",
    ]
    assert "<code>[ ]</code>가 빠졌어요" in html and "일부 통과" in html
    assert "shape (), expected (1,)" in as_text(wrong)


def test_an_untouched_task_s_card_is_in_korean(say):
    say(**{"Write your answer, run its cell, and then the check.": "답을 써 보세요."})
    verdict = Verdict("squares", State.NOT_ATTEMPTED, 0, 3, why=Why.STUB)
    with speaking("ko"):
        assert "답을 써 보세요." in as_text(verdict)


def test_a_notebook_says_its_language_in_one_line(say):
    say(**SAID)
    exercise("01_a", language="ko")
    assert language() == "ko"
    exercise("01_a")
    assert language() == "en"
    with pytest.raises(CourseError, match="no language 'kr'; there are en, ko"):
        exercise("01_a", language="kr")
