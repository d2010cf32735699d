from itertools import product

import pytest
import torch

from course_utils.demos.broadcasting import (
    SHAPES,
    broadcasting,
    columns,
    draw,
    stretched,
)

PAIRS = list(product(SHAPES, SHAPES))


def torch_shape(a, b):
    """The oracle: the shape PyTorch itself makes, None where it refuses."""
    try:
        return tuple((torch.zeros(a) + torch.zeros(b)).shape)
    except RuntimeError:
        return None


@pytest.mark.parametrize("a, b", PAIRS)
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
    assert [c.says for c in rule] == ["✓ 1 becomes 4", "✓ the same", "✓ none becomes 2"]


def test_only_cells_that_are_not_stored_are_hatched():
    legend = 1
    hatched = draw((3, 1), (4,), 3).svg().count('class="hatch"') - legend
    assert hatched == 3 * (4 - 1) + 4 * (3 - 1)


def test_the_sums_are_shown_when_all_dimensions_are_compared():
    sums = (torch.tensor([[1], [2], [3]]) + 100 * torch.arange(1, 5)).flatten()
    assert all(f">{v}<" in draw((3, 1), (4,), 3).svg() for v in sums.tolist())
    assert not any(f">{v}<" in draw((3, 1), (4,), 1).svg() for v in sums.tolist())


def test_shapes_that_do_not_fit_show_pytorchs_own_error():
    with pytest.raises(RuntimeError) as error:
        torch.zeros(3, 4) + torch.zeros(4, 3)
    svg = draw((3, 4), (4, 3), 3).svg()
    assert all(part in svg for part in str(error.value).split(" at "))
    assert "RuntimeError" not in draw((3, 4), (4, 3), 0).svg()


def test_the_controls_redraw_the_picture_and_the_words_stay():
    demo = broadcasting()
    before, words = demo.picture.value, demo.words
    demo.controls["b"].value = (2, 1, 4)
    assert demo.picture.value != before
    assert "(2, 3, 4)" in demo.drawn.alt and demo.words == words
