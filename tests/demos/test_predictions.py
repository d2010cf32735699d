import re
from html import unescape

import pytest

from course_utils.data import PlaceName
from course_utils.demos.predictions import ALL, _bars, judge, predictions, weights
from course_utils.errors import CourseError
from course_utils.pictures.svg import Picture

LANGUAGES = ["Finnish", "German", "Polish"]
HELD = [
    PlaceName("aa", "Finnish", "A"),
    PlaceName("ab", "German", "B"),
    PlaceName("bb", "Finnish", "C"),
    PlaceName("b", "Polish", "D"),
]


def share(text):
    """Finnish by its a's, German by its b's; never Polish."""
    a, b = 1 + text.count("a"), 1 + 2 * text.count("b")
    return [a / (a + b), b / (a + b), 0.0]


@pytest.fixture
def demo():
    return predictions(share, HELD, LANGUAGES)


def test_wrong_answers_come_first_the_surest_of_them_ahead():
    judged = judge(share, HELD, LANGUAGES)
    assert [j.name for j in judged] == ["bb", "b", "ab", "aa"]
    assert [j.right for j in judged] == [False, False, True, True]


def test_a_letter_weighs_what_the_answer_loses_without_it():
    assert weights(share, "abb") == pytest.approx([5 / 7 - 5 / 6, *[5 / 7 - 3 / 5] * 2])
    assert weights(share, "a") == [0.0]


def test_the_slider_walks_through_the_names_of_one_language(demo):
    assert demo.drawn.alt.startswith("bb: Finnish; the model says German, 0.83.")
    demo.controls["index"].value = 4
    assert demo.drawn.alt.startswith("aa: Finnish; the model says Finnish")
    demo.controls["language"].value = "German"
    assert demo.controls["index"].max == 1 and "Name 1 of 1." in demo.drawn.alt
    demo.controls["language"].value = ALL
    assert demo.controls["index"].max == 4


def test_it_opens_at_the_name_that_is_asked_for():
    demo = predictions(share, HELD, LANGUAGES, opens_at="aa")
    assert demo.drawn.alt.startswith("aa: Finnish; the model says Finnish")
    assert demo.controls["index"].value == 4
    with pytest.raises(CourseError, match="opens_at: zz is not among the names"):
        predictions(share, HELD, LANGUAGES, opens_at="zz")


def test_a_typed_name_is_answered_until_the_box_is_empty_again(demo):
    before = demo.drawn.alt
    demo.controls["typed"].value = " baab "
    assert demo.drawn.alt == "baab, typed: the model says German, 0.62."
    demo.controls["typed"].value = " "
    assert demo.drawn.alt == before


def test_text_from_the_box_cannot_become_markup(demo):
    demo.controls["typed"].value = "<script>a & b</script>"
    assert "<script>" not in demo.picture.value


def test_a_language_without_held_out_names_says_so():
    demo = predictions(share, HELD[:3], LANGUAGES)
    demo.controls["language"].value = "Polish"
    assert demo.drawn.alt == "No name of the test in this language."


def test_the_default_model_is_the_same_each_time_and_no_guess():
    first, second = predictions(), predictions()
    assert first.picture.value == second.picture.value
    assert len(first.controls["language"].options) == 13
    wrong, right = re.search(
        r"(\d+) wrong, then (\d+) right", first.picture.value
    ).groups()
    assert 100 < int(wrong) < 0.4 * (int(wrong) + int(right))


@pytest.mark.parametrize("name", ["", "x", "Łódź", "a" * 60, "中"])
def test_any_text_has_probabilities(name):
    from course_utils.demos.letter_pairs import LetterPairs

    model = LetterPairs([*HELD, PlaceName("ä", "Polish", "E")])
    chances = model.chances(name)
    assert sum(chances) == pytest.approx(1) and min(chances) > 0
    assert model.languages == LANGUAGES


def bars(chances, best, true):
    picture = Picture(740, 400, "bars")
    _bars(picture, chances, "abcdefghij", best, true)
    return re.findall(">([^<]+)</text>", unescape(picture.svg()))


def test_bars_are_sorted_and_what_is_nearly_0_is_folded():
    shown = bars([0.001, 0.1, 0.0, 0.6, 0.297, 0.002, *[0.0] * 4], 3, 4)
    assert shown == [
        *("d", "0.60  ← the model's answer", "e", "0.30  ← the name's language"),
        *("b", "0.10", "7 others: 0.00 together"),
    ]


def test_the_names_own_language_is_always_shown():
    shown = bars([0.1] * 9 + [0.1 - 1e-9], 0, 9)
    assert shown[-3:] == ["j", "0.10  ← the name's language", "4 others: 0.40 together"]


@pytest.mark.parametrize(
    "answer, languages",
    [(3, ["a"]), (lambda text: [1.0], ["a", "b"]), (lambda text: [7.0], ["a"])],
)
def test_a_function_that_gives_no_probabilities_is_refused(answer, languages):
    with pytest.raises(CourseError) as error:
        predictions(answer, [], languages)
    assert "\n" not in str(error.value)
