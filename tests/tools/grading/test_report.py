"""What the pages say of a class, and what they keep to themselves."""

from pathlib import Path

import pytest

from course_utils.tools.grading import feedback, report
from course_utils.tools.grading.gradebook import missing
from course_utils.tools.grading.people import Person
from course_utils.tools.grading.roster import Roster
from course_utils.tools.grading.summary import Summary, settle

from .test_gradebook import marked


def verdict(slug, state, mistake=None):
    return {
        "slug": slug,
        "title": slug,
        "state": state,
        "points": 0,
        "max_points": 2,
        "note": "",
        "mistake": mistake,
        "html": f"<b>card {slug}</b>",
    }


def student(name, *verdicts, **more):
    code = {v["slug"]: f"x = 1  # by {name}" for v in verdicts}
    facts = {"verdicts": list(verdicts), "code": code, "path": f"{name}/s.html"}
    return marked(name, **{**facts, "person": Person(name), **more})


def page(marks, anonymous=False, roster=None):
    made = Summary(
        Path("out"), 1, marks, 1, 1.0, [], [("no network", True, "")], roster
    )
    return report.page(made, {}, anonymous)


def wrong(count):
    mistaken = verdict("hard", "failed", "the `index`: square it.")
    right = verdict("hard", "passed")
    marks = [student(f"name{n}", mistaken) for n in range(count)]
    return [*marks, *(student(f"right{n}", right) for n in range(10 - count))]


def test_a_mistake_leads_to_its_students():
    text = page(wrong(2))
    assert "2 × the <code>index</code>: square it." in text
    assert 'href="feedback/name0/s.html#hard"' in text


@pytest.mark.parametrize(("count", "talk"), [(2, False), (3, True), (6, True)])
def test_what_many_got_wrong_is_to_be_talked_about(count, talk):
    text = page(wrong(count))
    assert ("To talk about in class" in text) == talk
    assert (f"{count} made one mistake" in text) == talk


def test_an_anonymous_report_names_nobody():
    marks = wrong(3)
    for one in marks[:2]:
        one.code["hard"] = "x = 2"
    lost = student("Lost", reason="cut", verdicts=[])
    text = page([*marks, lost, missing(Person("Gone"), "s", 2)], anonymous=True)
    assert not [word for word in ("name0", "name1", "Lost", "Gone") if word in text]
    assert "x = 2" in text and "card hard" in text and "1 file." in text


def test_an_example_that_tells_its_author_is_not_shown():
    text = page(wrong(3), anonymous=True)
    assert "by name" not in text and "card hard" in text


def test_who_is_missing_and_who_is_not_of_the_class_is_told():
    roster = Roster([Person("Ada"), Person("Gone")])
    marks = [student("Ada", verdict("a", "passed")), student("Eve")]
    text = page([*marks, missing(roster.people[1], "s", 2)], roster=roster)
    assert "not handed in" in text and "Not on the roster" in text
    assert text.index("Not on the roster") < text.index("Eve")


def test_a_page_of_feedback_says_what_counts_and_what_was_late():
    one = student("Ada", verdict("a", "passed"), late=True, counts=False)
    one.handed = ["new.ipynb counts for this exercise, not this file."]
    text = feedback.page(one)
    assert "LATE" in text and one.handed[0] in text and "marked too" in text


def test_nothing_that_a_student_wrote_is_markup():
    evil = "</script><b onclick=x>\x1b[31m"
    one = student(evil, verdict("a", "passed"), notes=[evil], path="x/y.html")
    one.name = evil
    one.errors, one.code = {"a": evil}, {"a": evil}
    for text in (feedback.page(one), page([one])):
        assert "<b onclick" not in text and "\x1b" not in text and "&lt;b" in text


def test_who_is_on_the_roster_has_a_row_and_a_page_of_their_own():
    marks = [marked("Ada")]
    roster = Roster([Person("Ada", "m7"), Person("ada"), Person("Bo")])
    settled = settle(marks, roster, {"s": 2})
    assert [(m.student, m.reason) for m in settled] == [
        ("Ada", ""),
        ("ada", "not handed in"),
        ("Bo", "not handed in"),
    ]
    assert len({one.path.lower() for one in settled}) == 3


def test_a_cell_that_tampers_is_told_though_no_task_is():
    note = "Cell 3: tampered, rewritten: see."
    marks = [student("ada", verdict("hard", "failed"), notes=[note]), *wrong(1)]
    assert note in page(marks) and "name0" not in page(marks).split("tampered")[1][:900]
    assert note not in page(marks, anonymous=True)
