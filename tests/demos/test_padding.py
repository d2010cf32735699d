"""Padding waste."""

import re

import pytest
import torch
from torch.nn.utils.rnn import pad_sequence

from course_utils.data import place_names
from course_utils.demos.padding import ORDERS, cut, padding, some_names, waste

WORD = r'font-family="DejaVu Sans Mono[^>]*>([^<(]+)<'
SHAPE = r"\((\d+), (\d+)\)"


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


@pytest.mark.parametrize("order", ORDERS)
def test_the_picture_shows_every_name_once_and_the_shapes(order):
    demo, names = padding(), some_names()
    demo.controls["order"].value, demo.controls["batch_size"].value = order, 5
    lengths = [len(name) for name in names]
    shapes = [(t.shape[1], t.shape[0]) for t in padded(names, cut(lengths, 5, order))]
    shown = [(int(b), int(n)) for b, n in re.findall(SHAPE, demo.picture.value)]
    assert shown == shapes
    assert sorted(re.findall(WORD, demo.picture.value)) == sorted(names)


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
