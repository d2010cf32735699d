"""Every right, alternative and wrong answer of the course, through the real grader.

`pytest tests/tools/grading/test_every_answer.py --seeds 20` does it with so many seeds.
"""

import csv
import json
from itertools import zip_longest

from course_utils.tools.authoring.solution import read
from course_utils.tools.grading.demo import ROOT, plain, submission
from course_utils.tools.grading.grade import grade
from course_utils.tools.places import stems

EMPTY = "not attempted"


def write_class(folder, stem):
    """One student for each further answer of a task; what the gradebook must say.

    A task whose answers have run out stays as the exercise has it.
    """
    solution = read(ROOT / "solutions" / f"{stem}.ipynb")
    answers = [
        [(plain(task), "")]
        + [(one.code, "") for one in task.alternatives]
        + [(one.code, one.message) for one in task.mistakes]
        for task in solution.tasks
    ]
    expected = {}
    for number, row in enumerate(zip_longest(*answers)):
        mine = {}
        for task, answer in zip(solution.tasks, row, strict=True):
            mine[task.slug], mistake = answer or (task.stub, EMPTY)
            expected[f"student {number:02}", task.slug] = mistake
        path = folder / f"student {number:02}" / f"{stem}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(submission(solution, mine)))
    return expected


def pytest_generate_tests(metafunc):
    metafunc.parametrize("seed", range(metafunc.config.getoption("seeds")))


def test_each_answer_gets_its_mark_and_each_mistake_its_name(isolation, seed, tmp_path):
    expected = {}
    for stem in stems(room="notebooks"):
        expected |= write_class(tmp_path / "class", stem)
    grade(tmp_path / "class", tmp_path / "marks", seed=seed, workers=2)
    found = {}
    with open(tmp_path / "marks" / "grades.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["mistake"] or row["state"]
            full = float(row["points"]) == float(row["max_points"])
            assert full == (row["state"] == "passed")
            found[row["student"], row["task"]] = "" if full else name
    wrong = {key: (found.get(key), e) for key, e in expected.items()
             if found.get(key) != e}  # fmt: skip
    assert wrong == {} and len(found) == len(expected)
