"""A plan for a class: minutes add up, tasks are named, and what to leave out."""

from collections import Counter

import pytest

from course_utils.errors import CourseError
from course_utils.tools.places import ROOT, stems
from course_utils.tools.teaching import guide
from course_utils.tools.teaching.needs import SECTIONS
from course_utils.tools.teaching.plan import SLOT, plan

PARTS = guide.outline(ROOT, stems(room="notebooks"), Counter())
SHAPES = ["3x90", "day", "8x120", "1x60"]


def made(shape, *names, at="9:00"):
    parts = [(lesson, tasks) for lesson, tasks, _ in PARTS]
    return plan([p for p in parts if not names or p[0].stem in names], shape, at)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_minutes_of_each_session_add_up(shape):
    for session in made(shape).sessions:
        assert sum(item.minutes for item in session.items) == session.minutes
        ends = [item.at + item.minutes for item in session.items]
        assert [item.at for item in session.items] == [session.start, *ends[:-1]]


@pytest.mark.parametrize("shape", SHAPES)
def test_each_session_has_time_for_tasks_that_fit(shape):
    for session in made(shape).sessions:
        room = session.items[-1].minutes
        assert session.items[-1].what == "Exercise" and room >= SLOT
        assert sum(task.minutes for task in session.tasks[1:]) <= room


def test_every_section_and_task_is_somewhere():
    done = made("3x90")
    taught = [item.what for s in done.sessions for item in s.items if item.section]
    left = [section.title for _, section in done.left]
    assert taught + left == [s.title for lesson, *_ in PARTS for s in lesson.sections]
    tasks = [task.slug for s in done.sessions for task in s.tasks]
    home = [task.slug for task in done.home]
    every = [task.slug for _, tasks, _ in PARTS for task in tasks]
    assert sorted(tasks + home) == sorted(every)


def test_a_task_is_named_once_its_section_was_taught():
    for lesson, tasks, _ in PARTS:
        sections = SECTIONS[lesson.stem]
        assert set(sections) <= {s.title for s in lesson.sections}
        named = " ".join(sections.values()).split()
        assert sorted(named) == sorted(task.slug for task in tasks)
    first = made("1x90", "02_dataloader").sessions[0]
    assert "pad_collate" not in [task.slug for task in first.tasks]


def test_late_by_ten_minutes_it_names_a_section_or_the_exercise():
    for session in made("8x90").sessions:
        titles = [item.what for item in session.items if item.section]
        late = session.late
        assert late.startswith("Shorten") or any(title in late for title in titles)


def test_a_day_begins_when_it_is_told_to_and_has_a_long_break():
    day = made("day", at="8:30")
    assert [guide.clock(s.start) for s in day.sessions] == [
        *("8:30", "10:15", "12:45", "14:30")
    ]
    assert "12:45" in guide.as_text([], day)


@pytest.mark.parametrize(
    ("shape", "at", "told"),
    [
        ("3", "9:00", "write `day`, or sessions"),
        ("0x90", "9:00", "write `day`, or sessions"),
        ("2x10", "9:00", "45 to 300 minutes"),
        ("day", "25:00", "write a time such as `9:00`"),
    ],
)
def test_a_shape_that_is_none_is_told(shape, at, told):
    with pytest.raises(CourseError, match=told):
        made(shape, at=at)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part[0].stem)
def test_a_lessons_minutes_add_up_to_its_header(part):
    lesson = part[0]
    assert lesson.told == lesson.minutes
    assert f"{lesson.stem}.ipynb) | {lesson.told} |" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part[0].stem)
def test_every_prediction_has_a_question_and_an_answer(part):
    asked = [q for section in part[0].sections for q in section.predictions]
    assert len(asked) > 15
    for question in asked:
        assert len(question.question) > 10 and question.answer
        assert not question.question.startswith((",", "."))


def test_the_text_has_no_marks_of_bold():
    text = guide.as_text(PARTS, made("day"))
    assert "**" not in "".join(text.split("`")[::2])


def test_the_page_links_only_to_what_is_on_it():
    page = guide.as_html(PARTS, made("3x90", *stems(room="notebooks")))
    links = {part.split('"')[0] for part in page.split('href="#')[1:]}
    names = {part.split('"')[0] for part in page.split(' id="')[1:]}
    assert links <= names
    assert page.index('id="plan"') < page.index('id="contents"')
