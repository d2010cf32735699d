"""Markers: the answer leaves, the indentation stays, slips are named."""

import pytest

from course_utils.errors import CourseError
from course_utils.tools.authoring.markers import strip

ANSWER = '''# answer: twice
class Twice:
    """Doubles."""

    def __call__(self, x):
        ### BEGIN SOLUTION
        y = 2 * x
        return y
        ### END SOLUTION
'''


def test_the_answer_becomes_a_stub_of_the_same_indentation():
    stub = strip(ANSWER, "twice")
    assert '        raise NotImplementedError("twice")' in stub
    assert "2 * x" not in stub and "return" not in stub and "SOLUTION" not in stub
    assert '"""Doubles."""' in stub


@pytest.mark.parametrize(
    "wrong, told",
    [
        (ANSWER.replace("### END SOLUTION", "pass"), "line 6: .* never closed"),
        (ANSWER.replace("y = 2 * x", "### BEGIN SOLUTION"), "line 7: .* inside"),
        (ANSWER.replace("### BEGIN SOLUTION", "pass"), "line 9: .* without"),
        (ANSWER.replace("### BEGIN SOLUTION", "## begin solution"), "line 6: write"),
        (ANSWER.replace("### END SOLUTION", "### END SOLUTIONS"), "line 9: write"),
        ("x = 1", "no ### BEGIN"),
    ],
)
def test_a_slip_with_a_marker_is_refused_with_its_line(wrong, told):
    with pytest.raises(CourseError, match=told):
        strip(wrong, "twice", "a.ipynb, cell 4")
