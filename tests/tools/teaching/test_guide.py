"""The timetable and the index say what the notebooks say."""

from collections import Counter
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from course_utils.errors import CourseError
from course_utils.pictures.pipeline import pipeline
from course_utils.tools.places import ROOT, stems
from course_utils.tools.teaching import guide, index
from course_utils.tools.teaching.lesson import read

ALL = [read(ROOT / "notebooks" / f"{stem}.ipynb") for stem in stems(room="notebooks")]


@pytest.mark.parametrize("lesson", ALL, ids=lambda lesson: lesson.stem)
def test_every_section_has_minutes_and_notes(lesson):
    lacking = [s.title for s in lesson.sections if not s.minutes or len(s.notes) < 80]
    assert lacking == []


@pytest.mark.parametrize("lesson", ALL, ids=lambda lesson: lesson.stem)
def test_every_concept_is_found_in_its_lesson(lesson):
    text = "\n".join(section.text for section in lesson.sections)
    assert [n for n in index.NAMES[lesson.stem].split() if n not in text] == []


def test_the_index_is_not_stale():
    page = (ROOT / "notebooks" / "README.md").read_text()
    assert page == index.as_markdown(ROOT, stems(room="notebooks"))


def test_the_index_shows_the_map_as_it_is_drawn_now():
    stored = Image.open(ROOT / "notebooks" / "images" / "map.png").convert("L")
    drawn = Image.open(BytesIO(pipeline().png())).convert("L")
    assert stored.size == drawn.size
    differ = sum(ImageChops.difference(stored, drawn).histogram()[64:])
    assert differ < 0.01 * stored.width * stored.height


def test_the_timetable_counts_a_classs_mistakes(tmp_path):
    parts = guide.outline(ROOT, ["01_dataset"], Counter())
    _, tasks, _ = parts[0]
    message = tasks[0].mistakes[0].message
    grades = tmp_path / "grades.csv"
    row = f'anna,01_dataset,{tasks[0].slug},failed,0,3,1,"{message}"\n'
    grades.write_text(
        "student,notebook,task,state,points,max_points,seconds,mistake\n" + 3 * row
    )
    parts = guide.outline(ROOT, ["01_dataset"], guide.counts(grades))
    assert "(made 3 times)" in guide.as_text(parts)
    assert "made 3 times:" in guide.as_html(parts)


def test_a_file_that_is_no_gradebook_is_refused(tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(CourseError, match="no grades.csv"):
        guide.counts(other)


def test_the_page_is_escaped(monkeypatch):
    lesson = read(ROOT / "notebooks" / "01_dataset.ipynb")
    lesson.title = lesson.sections[0].notes = "<script>"
    assert "<script" not in guide.as_html([(lesson, [], Counter())])


def test_the_index_names_what_warm_ups_ask_again():
    page = index.as_markdown(ROOT, stems(room="notebooks"))
    wanted = "| [01](01_dataset.ipynb) | Center each row | [00](00_tensors.ipynb) Which"
    assert wanted in page


def test_the_timetable_names_the_turns(capsys):
    text = guide.as_text(guide.outline(ROOT, ["01_dataset"], Counter()))
    assert "your turn: sample_500" in text
