"""What a learner's course tells of its tasks is what the solutions tell."""

import pytest

from course_utils.tools.authoring.shipped import shipped, source
from course_utils.tools.places import stems

FACTS = "slug title difficulty points minutes check stub kind repeats".split()


@pytest.mark.parametrize("stem", stems())
def test_without_solutions_the_tasks_are_the_same(stem):
    whole, ours = source(stem), shipped(stem)
    assert (ours.setup, ours.lesson_setup) == (whole.setup, whole.lesson_setup)
    tasks = zip(whole.tasks + whole.turns, ours.tasks + ours.turns, strict=True)
    for told, task in tasks:
        assert all(getattr(told, fact) == getattr(task, fact) for fact in FACTS)
        assert [m.message for m in told.mistakes] == [m.message for m in task.mistakes]
        assert task.answer == task.stub
