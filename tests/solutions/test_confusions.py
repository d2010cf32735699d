"""Each wrong answer is shown the message of its own mistake, or none.

`confusions/STEM.json` holds for each task wrong answers that learners gave, with the
first words of the message that is true of them; "" where no known mistake is.
"""

import json
from pathlib import Path

import pytest

from course_utils.judging import keys
from course_utils.judging.compare import compare
from course_utils.judging.state import State
from course_utils.tools.authoring.run import Runner
from course_utils.tools.authoring.solution import read
from course_utils.tools.places import ROOT, SOLUTIONS

TABLES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).parent.glob("confusions/*.json"))
}
EACH = [(stem, slug) for stem, tasks in TABLES.items() for slug in tasks]


@pytest.mark.parametrize("stem, slug", EACH)
def test_a_wrong_answer_is_shown_what_is_true_of_it(stem, slug):
    solution = read(ROOT / SOLUTIONS / f"{stem}.ipynb")
    (task,) = [task for task in solution.tasks if task.slug == slug]
    key, runner = keys.task(stem, slug), Runner(solution)
    false = []
    for wrong in TABLES[stem][slug]:
        record = runner.record(task, wrong["answer"], "wrong")
        verdict = compare(record, key["reference"], key["mistakes"])
        shown = verdict.mistake.message if verdict.mistake else ""
        start = shown[: len(wrong["message"]) or None]
        if verdict.state == State.PASSED or start != wrong["message"]:
            false.append((wrong["answer"], shown, wrong["message"]))
    assert false == []
