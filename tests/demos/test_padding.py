"""Padding waste."""

import pytest
import torch
from torch.nn.utils.rnn import pad_sequence

from course_utils.data import place_names
from course_utils.demos.padding import ORDERS, cut, padding, some_names, waste
from course_utils.errors import CourseError


def padded(names, batches):
    """Batches as real tensors, padding 0."""
    tokens = [torch.tensor([ord(letter) for letter in name]) for name in names]
    return [pad_sequence([tokens[i] for i in batch]) for batch in batches]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("batch_size", [1, 5, 8, 20])
def test_the_waste_is_the_share_of_zeros_in_the_padded_tensors(order, batch_size):
    names = some_names()
    lengths = [len(name) for name in names]
    batches = cut(lengths, batch_size, order)
    values = torch.cat([batch.flatten() for batch in padded(names, batches)])
    zeros = (values == 0).double().mean().item()
    assert waste(lengths, batches) == pytest.approx(zeros, abs=1e-12)


def test_sorting_saves_padding_and_buckets_only_move_whole_batches():
    lengths = [len(name) for name in some_names()]
    came, by_length, bucketed = (cut(lengths, 8, order) for order in ORDERS)
    assert waste(lengths, by_length) < 0.6 * waste(lengths, came)
    assert by_length != bucketed and sorted(by_length) == sorted(bucketed)


def test_the_names_are_real_and_the_same_every_time():
    names = some_names()
    assert set(names) <= {place.name for place in place_names()}
    assert names == some_names() and len(set(names)) == 20


def test_the_share_in_the_headline_is_that_of_the_chosen_order():
    demo = padding()
    for order in ORDERS:
        demo.controls["order"].value = order
        lengths = [len(name) for name in some_names()]
        share = f"{waste(lengths, cut(lengths, 8, order)):.0%} of all numbers"
        assert share in demo.picture.value and share in demo.drawn.alt


def test_own_texts_are_padded_and_of_many_the_first_20_are_drawn():
    demo = padding(["a", "bb", "cccc"])
    assert "3 texts in batches of 3" in demo.drawn.alt and "42%" in demo.drawn.alt
    demo = padding([torch.ones(n) for n in range(1, 51)])
    assert demo.controls["batch_size"].max == 20
    assert "… 30 more texts" in demo.picture.value


@pytest.mark.parametrize("wrong", ["Rome", 3, [1, 2], [], [""], torch.zeros(2)])
def test_what_cannot_be_padded_is_refused_in_one_sentence(wrong):
    with pytest.raises(CourseError) as error:
        padding(wrong)
    assert "\n" not in str(error.value)
