"""A prediction: a choice says nothing until a cell has run."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from course_utils.demos import predict as module
from course_utils.demos.predict import NOW_RUN, predict
from course_utils.errors import CourseError
from course_utils.locale import use
from course_utils.pictures.parts import wrapped
from course_utils.pictures.svg import text_width

CHOICES = {"`3`": "as many as samples.", "`4`": "one too many."}


@pytest.fixture
def shell(monkeypatch):
    made = InteractiveShell()
    monkeypatch.setattr(module, "get_ipython", lambda: made)
    return made


def test_a_choice_is_explained_once_a_cell_has_run(shell):
    asked = predict("How many?", CHOICES)
    asked.buttons.value = "`4`"
    assert NOW_RUN in asked.answer.value and "one too many" not in asked.answer.value
    shell.run_cell("1")
    assert "one too many" in asked.answer.value


def test_the_last_choice_before_the_run_counts_and_later_runs_change_nothing(shell):
    asked = predict("How many?", CHOICES)
    asked.buttons.value = "`4`"
    asked.buttons.value = "`3`"
    shell.run_cell("1")
    assert "as many as samples" in asked.answer.value
    before = asked.answer.value
    shell.run_cell("2")
    assert asked.answer.value == before


def test_nothing_is_said_where_nothing_was_chosen(shell):
    asked = predict("How many?", CHOICES)
    shell.run_cell("1")
    assert "many" not in asked.answer.value


def test_the_saved_file_has_a_picture_and_one_line():
    data, metadata = predict("How many?", CHOICES)._repr_mimebundle_()
    assert data["text/plain"] == "Predict: How many? (`3` · `4`)"
    assert metadata["image/png"]["alt"] == data["text/plain"]


def test_labels_are_plain_and_long_questions_are_wrapped():
    asked = predict("What is `x` " * 30, CHOICES)
    assert asked.buttons._options_labels == ("3", "4")
    lines = wrapped(asked.question, 632, 14, bold=True)
    assert len(lines) > 3 and " ".join(lines) == asked.question.strip()
    assert all(text_width(line, 14, bold=True) <= 632 for line in lines)
    assert asked.picture().height > predict("x?", CHOICES).picture().height


@pytest.mark.parametrize("count", [1, 5])
def test_two_to_four_choices_are_taken(count):
    with pytest.raises(CourseError, match="2 to 4 choices"):
        predict("How many?", {str(i): "" for i in range(count)})


def test_it_asks_in_the_notebook_s_language_and_is_saved_in_english(say, shell):
    said = {
        "How many?": "몇 개일까요?",
        "`4`": "`4`개",
        "one too many.": "많아요.",
    }
    say(**{NOW_RUN: "이제 아래 셀을 실행하세요."})
    say("01_a", **said)
    use("ko", "01_a")
    asked = predict("How many?", CHOICES)
    assert "몇 개일까요?" in asked.view.children[0].value
    assert [name for name, _ in asked.buttons.options] == ["3", "4개"]
    asked.buttons.value = "`4`"
    assert "이제 아래 셀을" in asked.answer.value
    shell.run_cell("1")
    assert "많아요." in asked.answer.value
    saved = asked._repr_mimebundle_()
    use("en")
    english = predict("How many?", CHOICES)._repr_mimebundle_()
    for kind in ("text/plain", "image/png"):
        assert saved[0][kind] == english[0][kind]
