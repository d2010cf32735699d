from itertools import product

import pytest
import torch

from course_utils.demos.broadcasting import (
    SHAPES,
    _stored,
    broadcasting,
    columns,
    counting,
    draw,
    stretched,
)
from course_utils.errors import CourseError

PAIRS = list(product(SHAPES, SHAPES))


def torch_shape(a, b):
    """The oracle: the shape PyTorch itself makes, None where it refuses."""
    try:
        return tuple((torch.zeros(a) + torch.zeros(b)).shape)
    except RuntimeError:
        return None


@pytest.mark.parametrize("a, b", [*PAIRS, ((0,), (1,)), ((2, 0), (1,)), ((0,), (3,))])
def test_the_rule_is_pytorchs(a, b):
    rule = columns(a, b)
    expected = torch_shape(a, b)
    if expected is None:
        assert [c.size is None for c in rule] == [False] * (len(rule) - 1) + [True]
    else:
        assert stretched(a, rule) == stretched(b, rule) == expected


def test_the_shapes_offered_show_both_outcomes():
    fits = [torch_shape(a, b) is not None for a, b in PAIRS]
    assert 10 < sum(fits) < len(fits) - 10


def test_dimensions_are_stretched_one_by_one_from_the_right():
    rule = columns((3, 1), (2, 3, 4))
    steps = [stretched((3, 1), rule[:n]) for n in range(4)]
    assert steps == [(3, 1), (3, 4), (3, 4), (2, 3, 4)]
    verdicts = [c.verdict for c in rule]
    assert verdicts == ["✓ 1 becomes 4", "✓ the same", "✓ none becomes 2"]


def test_only_the_tensors_own_numbers_are_stored():
    assert _stored(torch.zeros(3, 1), (3, 4)).sum() == 3
    assert _stored(torch.zeros(4), (3, 4)).tolist() == [[True] * 4] + [[False] * 4] * 2


def test_it_begins_with_the_question_and_ends_with_the_shape():
    demo = broadcasting()
    assert "nothing compared; not done yet" in demo.drawn.alt
    assert "not done yet" in demo.saved().alt
    demo.controls["compared"].value = 3
    assert "the result has the shape (3, 4)" in demo.drawn.alt


def test_shapes_that_do_not_fit_show_pytorchs_own_error():
    with pytest.raises(RuntimeError) as error:
        torch.zeros(3, 4) + torch.zeros(4, 3)
    svg = draw(counting((3, 4)), counting((4, 3)), 3).svg()
    assert all(part in svg for part in str(error.value).split(" at "))


def test_own_shapes_and_tensors_are_offered_and_their_numbers_shown():
    demo = broadcasting(torch.tensor([[0.25], [7.0]]), (32, 2, 5))
    assert demo.values() == {"a": (2, 1), "b": (32, 2, 5), "compared": 0}
    assert ">.25<" in demo.picture.value
    demo.controls["compared"].value = 3
    assert "the result has the shape (32, 2, 5)" in demo.drawn.alt


@pytest.mark.parametrize("wrong", ["3", (1, 2.0), (-1,), (1,) * 7, None])
def test_what_is_no_shape_is_refused_in_one_sentence(wrong):
    with pytest.raises(CourseError, match="^b (must be a shape|has 7 dimensions)"):
        broadcasting((3,), wrong)
