"""What was said in English is said again, with what its gaps hold."""

from course_utils.locale import _, speaking
from course_utils.locale.again import N_, again


def test_a_sentence_is_said_again_with_what_its_gaps_hold(say):
    said = {
        "Cell {cell}: {state}, {note}.": "{cell}번 셀: {note} ({state})",
        "timed out": "시간 초과",
        "the cell took more than {cell:g} seconds": "셀이 {cell}초를 넘겼어요",
    }
    say(**said)
    note = N_("the cell took more than {cell:g} seconds", cell=60.0)
    told = N_("Cell {cell}: {state}, {note}.", cell=3, state="timed out", note=note)
    assert told == "Cell 3: timed out, the cell took more than 60 seconds."
    assert again(told) == told
    with speaking("ko"):
        assert again(told) == "3번 셀: 셀이 60초를 넘겼어요 (시간 초과)"
        assert again("no words of ours") == "no words of ours"


def test_a_stem_s_words_go_first_and_english_fills_the_rest(say):
    say(**{"the length": "길이", "passed": "통과"})
    say("01_a", **{"the length": "데이터셋의 길이"})
    with speaking("ko", "01_a"):
        assert [_("the length"), _("passed")] == ["데이터셋의 길이", "통과"]
        assert _("nobody has said this") == "nobody has said this"
    assert _("the length") == "the length"


def test_english_is_not_looked_up(monkeypatch):
    monkeypatch.setattr("course_utils.locale.words", None)
    assert _("passed") == again("passed") == "passed"
