"""No change of a right answer goes unnoticed."""

from course_utils.tools.authoring.mutants import mutate

PLUS = "Also right.\n```python\ndef twice(x):\n    return x + x\n```"
ONLY_ZERO = {"check": ('see("of three", twice(3))', "")}


def only(solution):
    return mutate(solution, solution.tasks[0])


def test_a_check_that_notices_all_changes_has_no_survivor(solution):
    result = only(solution())
    assert result.made > 3 and result.survivors == []


def test_a_hole_is_named_by_the_line_that_changed(solution):
    result = only(solution(("alternative", PLUS), **ONLY_ZERO))
    assert "return x + x → return x - x" in map(str, result.survivors)


def test_a_change_that_is_listed_as_equal_is_no_hole(solution):
    text = ("equal", "Right, too:\n\n- `return 2 * x → return x`: zero is zero")
    result = only(solution(text, **ONLY_ZERO))
    assert "return 2 * x → return x" in map(str, result.equal)
    assert only(solution(text)).unused == ["return 2 * x → return x"]


def test_a_mutant_that_hangs_or_ends_its_process_is_noticed(solution):
    ends = "    import os\n    if x == 99:\n        os._exit(1)\n    return 2 * x"
    result = only(solution(answer=("    return 2 * x", ends)))
    assert "if True:" not in [mutant.after for mutant in result.survivors]
