"""A roster finds every student, by whatever a system knows of them, and no other."""

import pytest

from course_utils.errors import CourseError
from course_utils.tools.grading.people import Person
from course_utils.tools.grading.roster import Roster, read_roster

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,HW 1 (9)\n"
    "    Points Possible,,,,,10\n"
    '"Doe, Jane",45,m7,jdoe,A,\n'
)
EXPORTS = {
    "ours": ("name,id,email,login\nJane Doe,m7,jane@x.org,jdoe\n", "m7", ""),
    "canvas": (CANVAS, "m7", ""),
    "moodle": (
        "First name,Surname,ID number,Email address\nJane,Doe,m7,j@x.org\n",
        "m7",
        "",
    ),
    "worksheet": (
        "Identifier,Full name,Email address,Grade\nParticipant 45,Jane Doe,j@x.org,\n",
        "",
        "45",
    ),
    "gradescope": ("First Name,Last Name,SID,Email\nJane,Doe,m7,j@x.org\n", "m7", ""),
    "github": (
        '"identifier","github_username","github_id","name"\n"m7","jdoe","1",""\n',
        "m7",
        "",
    ),
    "semicolons": ("\ufeffName;ID\nJane Doe;m7\n", "m7", ""),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_roster_is_read_as_the_systems_write_it(tmp_path, name):
    text, number, moodle = EXPORTS[name]
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    (person,) = read_roster(tmp_path / "roster.csv").people
    assert (person.id, person.moodle) == (number, moodle)
    assert person.canvas == ("45" if name == "canvas" else "")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_roster_may_come_from_a_spreadsheet(tmp_path, encoding):
    (tmp_path / "r.csv").write_bytes("name\tid\nJosé Ñandú\t7\n".encode(encoding))
    assert read_roster(tmp_path / "r.csv").people[0].name == "José Ñandú"


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "name,id\n"])
def test_a_file_that_is_no_roster_is_refused_in_one_line(tmp_path, text):
    (tmp_path / "r.csv").write_text(text)
    with pytest.raises(CourseError, match="no column names|nobody is in it"):
        read_roster(tmp_path / "r.csv")


def roster():
    return Roster(
        [
            Person("Jane Mary Doe", "m7", "jane@x.org", "jdoe"),
            Person("Sinéad O'Brien", "m8", "sinead@x.org", "sob1", canvas="45"),
            Person("Lee Wong", "m9", "lw@x.org", "lwong"),
            Person("Lee Wong", "m10", "lw2@x.org", "lwong2"),
        ]
    )


@pytest.mark.parametrize(
    ("known", "number"),
    [
        (Person("x", canvas="45"), "m8"),
        (Person("x", email="JANE@x.org"), "m7"),
        (Person("doejane mary"), "m7"),
        (Person("Doe, Jane Mary"), "m7"),
        (Person("sine\u0301ado'brien"), "m8"),
        (Person("sineadobrien"), "m8"),
        (Person("SinΘad O'Brien"), "m8"),  # cp1252's é, read in code page 437
        (Person("jdoe"), "m7"),
        (Person("m9 homework"), "m9"),
        (Person("x", also=("hw-1-lwong2", "1-lwong2", "lwong2")), "m10"),
    ],
)
def test_a_student_is_found_by(known, number):
    assert roster().find(known).id == number


@pytest.mark.parametrize(
    "known", [Person("Lee Wong"), Person("Mary"), Person("Sinéad O'Brien", canvas="46")]
)
def test_nobody_is_taken_for_another(known):
    assert roster().find(known) is None


def test_the_roster_learns_a_systems_number():
    (found,) = roster().match([Person("Jane Mary Doe", canvas="99")])
    assert (found.canvas, found.id) == ("99", "m7")


def test_two_who_claim_to_be_one_are_both_refused():
    claims = [
        Person("Jane Mary Doe", canvas="98"),
        Person("doejanemary", canvas="99"),
        Person("jdoe"),
    ]
    assert roster().match(claims) == [None, None, None]
    assert roster().match([*claims, Person("x", id="m7")])[3].id == "m7"
