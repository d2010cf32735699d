"""The timetable in another language: by the edition's cells, else in English."""

from collections import Counter

import nbformat
import pytest

from course_utils.locale import speaking
from course_utils.tools import editions
from course_utils.tools.teaching import guide
from course_utils.tools.teaching.lesson import read

code, prose = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
NOTES = "<details><summary>{} · 5 {}</summary>\n\n{}\n</details>"
ENGLISH = [
    ("title", "# Datasets\n\n**Time:** 30 minutes"),
    ("first", "## What a sample is\n\n*Try:* another index."),
    ("ask", "It has 5.\n\n**Predict:** what comes at index 5?"),
    ("notes", NOTES.format("Teaching notes", "min", "Ask. Most expect an error.")),
]
KOREAN = [
    ("title", "# 데이터셋\n\n**시간:** 30분"),
    ("first", "## 샘플이란\n\n*해 보기:* 다른 인덱스도 써 보세요."),
    ("ask", "5개예요.\n\n**예측:** 인덱스 5에는 무엇이 있을까요?"),
    ("notes", NOTES.format("수업 노트", "분", "물어보세요. 대부분 오류를 예상해요.")),
]


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A lesson of one section in two editions."""
    monkeypatch.setattr(editions, "ROOT", tmp_path)
    for folder, texts in (("notebooks", ENGLISH), ("notebooks/ko", KOREAN)):
        cells = [prose(text, id=name) for name, text in texts]
        hidden = {"jupyter": {"outputs_hidden": True}}
        cells.insert(3, code("squares[5]", id="answer", metadata=hidden))
        path = tmp_path / folder / "01_a.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    editions.headings.cache_clear()
    yield read(tmp_path / "notebooks" / "01_a.ipynb")
    editions.headings.cache_clear()


def test_a_timetable_is_in_the_language_that_is_spoken(say, lesson):
    say(**{"{minutes} min": "{minutes}분", "predict": "예측", "Timetable": "시간표"})
    parts = [(lesson, [], Counter())]
    assert "5 min" in guide.as_text(parts) and "Ask." in guide.as_text(parts)
    with speaking("ko"):
        text, page = guide.as_text(parts), guide.as_html(parts)
    for said in (
        "데이터셋 · 30분",
        "샘플이란 · 5분",
        "예측: 인덱스 5에는 무엇이",
        "다른 인덱스도",
    ):
        assert said in text
    assert "usually wrong: 대부분 오류를 예상해요." in text
    assert "물어보세요. 대부분 오류를 예상해요." in page and "<h1>시간표" in page
    assert "Ask." not in page


def test_what_an_edition_lacks_is_told_in_english(say, lesson, tmp_path):
    say()
    (tmp_path / "notebooks/ko/01_a.ipynb").unlink()
    with speaking("ko"):
        assert "What a sample is" in guide.as_text([(lesson, [], Counter())])
