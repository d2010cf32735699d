"""Answers that are alike beyond chance are named; common ones are not."""

import pytest

from course_utils.tools.grading.alike import groups, normal
from course_utils.tools.grading.reference import reference

from .test_gradebook import marked

# A long way to the right answer that nobody comes to by chance.
LONG = """def total(x):
    # {note}
    {a} = 0.0
    for {b} in range(len(x)):
        if {b} % 2 == 0:
            {a} = {a} + x[{b}].item()
    for {b} in range(len(x)):
        if {b} % 2 == 1:
            {a} = {a} + x[{b}].item()
    return {a}
"""
OWN = "def total(x):\n    return sum(float(value) for value in x.flatten().tolist())\n"


@pytest.fixture(scope="module")
def ref(small):
    return reference(small.folder / "90_small.ipynb")


def answers(**codes):
    return [marked(name, code={"total": code}) for name, code in codes.items()]


def test_only_names_comments_and_white_space_may_differ():
    one = LONG.format(a="result", b="i", note="mine")
    assert normal(one) == normal(LONG.format(a="s", b="k", note="my own")) != ()
    assert normal(one) == normal(one.replace("    ", "  "))
    assert normal(one) != normal(one.replace("== 0", "== 1"))


def test_attributes_of_ones_own_are_names_too():
    code = "class A:\n    def __init__(self, n):\n        self.{0} = n.shape"
    assert normal(code.format("n")) == normal(code.format("size"))
    assert normal(code.format("n")) != normal(code.replace("shape", "dtype"))


def test_the_same_uncommon_answer_is_a_hint(ref):
    marks = answers(
        ada=LONG.format(a="result", b="i", note=""),
        bo=LONG.format(a="s", b="k", note="mine"),
        **{f"other{n}": OWN for n in range(8)},
    )
    (group,) = groups("90_small", marks, ref)
    assert [one.student for one in group.students] == ["ada", "bo"]
    assert group.slugs == ["total"]


def test_the_classs_way_and_the_courses_own_are_none(ref):
    many = {f"student{n}": LONG.format(a="r", b="i", note="") for n in range(10)}
    assert groups("90_small", answers(**many), ref) == []
    task = next(task for task in ref.tasks if task.slug == "squares")
    for code in (task.answer, task.stub, task.mistakes[0].code):
        same = [marked(name, code={"squares": code}) for name in ("ada", "bo")]
        assert groups("90_small", same, ref) == []


HOSTILE = [
    "",
    "def total(x:",
    "(" * 9000,
    "\x00",
    "f'{'",
    "-" * 9000 + "1",
    "x" * 30_000,
]


@pytest.mark.parametrize("code", HOSTILE)
def test_what_is_no_code_is_no_group(ref, code):
    assert groups("90_small", answers(ada=code, bo=code), ref) == []
