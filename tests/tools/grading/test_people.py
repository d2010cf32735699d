"""People of one name stay apart."""

from course_utils.tools.grading.people import Person, distinct


def test_two_of_one_name_are_told_apart():
    people = [Person("Jo", "1"), Person("Jo", "2"), Person("Jo"), Person("Al")]
    assert [p.name for p in distinct(people)] == ["Jo (1)", "Jo (2)", "Jo", "Al"]
    assert [p.name for p in distinct([Person("Al")], ["Al"])] == ["Al (2)"]
