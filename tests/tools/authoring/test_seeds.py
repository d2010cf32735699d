"""What a check shows alike from every seed is marked, and is not most of its points."""

from functools import cache

import nbformat
import pytest

from course_utils.errors import CourseError
from course_utils.tools.authoring import build, seeds
from course_utils.tools.authoring.solution import read

FIXED = 'twice(3))\n    see("of zero", twice(0))'
DRAWN = (
    'twice(3), weight={})\n    import random\n    see("drawn", twice(random.random()))'
)


def test_criteria_that_are_the_same_from_every_seed_are_named(solution):
    key = build.make_key(solution(check=(FIXED, DRAWN.format(1))))
    assert key["tasks"][0]["constant"] == ["of three"]


@pytest.mark.parametrize(("weight", "lines"), [(1, 0), (3, 1)])
def test_a_task_that_is_mostly_the_same_is_told(solution, weight, lines):
    made = solution(check=(FIXED, DRAWN.format(weight)))
    told = seeds.mostly_constant(made, build.make_key(made))
    assert len(told) == lines
    assert all("twice: 3 of 4 is the same" in line for line in told)


def test_a_reason_beside_the_check_lets_it_pass(solution):
    path = solution().path
    notebook = nbformat.read(path, 4)
    notebook.cells[-1].metadata["same_from_every_seed"] = "Zero has one double."
    nbformat.write(notebook, path)
    made = read(path)
    key = build.make_key(made)
    assert seeds.mostly_constant(made, key) == []
    assert "one double" not in str(build.exercise(made, key))


def test_the_build_refuses_it(solution, monkeypatch):
    made = solution()
    monkeypatch.setattr(seeds, "ROOT", made.path.parent)
    monkeypatch.setattr(seeds, "SOLUTIONS", ".")
    monkeypatch.setattr(seeds.keys, "load", cache(lambda stem: build.make_key(made)))
    with pytest.raises(CourseError, match="same from every seed"):
        seeds.refuse(["09_test"])
