"""Mutants: the ways learners slip, one place at a time."""

import pytest

from course_utils.tools.authoring.changes import changes

LOOP = """
def evens(numbers, start=0):
    found = []
    for number in numbers:
        if number % 2 == start:
            found.append(number)
    return found
"""


@pytest.mark.parametrize(
    "before, after",
    [
        ("if number % 2 == start:", "if number % 2 != start:"),
        ("if number % 2 == start:", "if True:"),
        ("if number % 2 == start:", "if number % 3 == start:"),
        ("for number in numbers:", "for number in list(numbers)[1:]:"),
        ("found.append(number)", "pass"),
        ("return found", "found"),
        ("def evens(numbers, start=0):", "def evens(numbers, start=1):"),
    ],
)
def test_a_slip_is_among_the_changes(before, after):
    assert (before, after) in [(m.before, m.after) for m in changes(LOOP)]


@pytest.mark.parametrize(
    "line, after",
    [
        ("x = y.clone()", "x = y"),
        ("x = x + y", "x += y"),
        ("x = y.add(1)", "x = y.add_(1)"),
        ("x = torch.zeros(2, dtype=torch.float32)", "x = torch.zeros(2)"),
        ("self.n = n", "type(self).n = n"),
        ("x = f(a, b)", "x = f(b, a)"),
        ("x = a, b", "x = (b, a)"),
        ("with torch.no_grad():\n    f()", "f()"),
    ],
)
def test_copies_types_arguments_and_state_are_changed(line, after):
    assert after in [m.source.splitlines()[0] for m in changes(line)]


def test_each_mutant_differs_from_the_source_and_from_all_others():
    sources = [m.source for m in changes(LOOP)]
    assert len(set(sources)) == len(sources)
    assert LOOP.strip() not in sources


def test_a_docstring_is_left_alone():
    told = LOOP.replace("    found = []", '    """Even numbers."""\n    found = []')
    assert all('"""Even numbers."""' in m.source for m in changes(told))
