"""Known mistakes are run when somebody is wrong: of that task alone, and once."""

import pytest

from course_utils.tools.grading import batch
from course_utils.tools.grading.grade import grade


class Pool(batch.Pool):
    """Keeps the name of each call."""

    made: list[str] = []

    def run(self, calls):
        for name, result in super().run(calls):
            self.made.append(name)
            yield name, result


@pytest.mark.parametrize("wrong", [0, 3])
def test_only_mistakes_of_a_task_with_a_wrong_answer_are_run(
    small, isolation, tmp_path, monkeypatch, wrong
):
    monkeypatch.setattr(batch, "Pool", Pool)
    monkeypatch.setattr(Pool, "made", [])
    for number in range(4):
        answers = {"squares": small.wrong} if number < wrong else {}
        path = tmp_path / "class" / f"student {number}" / f"{small.stem}.ipynb"
        small.write(path, small.cells(**answers))
    grade(tmp_path / "class", tmp_path / "out", solutions=small.folder, workers=2)
    extra = [name for name in Pool.made if "/" in name]
    assert extra == ["90_small/squares"][:wrong]
