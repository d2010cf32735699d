"""No change of a right answer goes unnoticed that is not listed as equal.

A sample of each task's mutants; `course build --mutants` judges all of them.
"""

import pytest

from course_utils.tools.authoring.mutants import mutate_all
from course_utils.tools.authoring.solution import read
from course_utils.tools.places import ROOT, SOLUTIONS, stems

SAMPLE = 8


@pytest.mark.parametrize("stem", stems())
def test_a_sample_of_mutants_is_noticed_or_listed(stem):
    solution = read(ROOT / SOLUTIONS / f"{stem}.ipynb")
    results = mutate_all([solution], SAMPLE, lambda slug: None)
    assert {r.slug: [str(m) for m in r.survivors] for r in results if r.survivors} == {}
    assert all(result.made for result in results)
