"""Encoding: faithful for every supported value, and hard to lie to."""

import json

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given

from course_utils.checking.encode import LIMIT, encode
from course_utils.judging import words
from course_utils.judging.difference import difference as differs

DTYPES = [
    torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64,
    torch.uint8, torch.bool, torch.complex64,
]  # fmt: skip
shapes = st.lists(st.integers(0, 3), max_size=3)


def difference(observed, expected):
    """How two values differ, in words."""
    found = differs(observed, expected)
    return words.sentence(found) if found else ""


@st.composite
def tensors(draw):
    seed = draw(st.integers(0, 1000))
    values = torch.randn(draw(shapes), generator=torch.Generator().manual_seed(seed))
    if values.numel() and draw(st.booleans()):
        special = [float("nan"), float("inf"), -float("inf"), -0.0]
        values.view(-1)[0] = draw(st.sampled_from(special))
    dtype = draw(st.sampled_from(DTYPES))
    return (
        values.to(dtype) if dtype.is_floating_point else values.nan_to_num(0).to(dtype)
    )


plain = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(),
    st.text(max_size=20), st.sampled_from([torch.float32, torch.device("cpu"), int]),
    tensors(),
)  # fmt: skip
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
    max_leaves=8,
)


def stored(value):
    return json.loads(json.dumps(encode(value), allow_nan=False))


@given(values)
def test_a_value_does_not_differ_from_its_stored_self(value):
    assert difference(encode(value), stored(value)) == ""


@given(tensors())
def test_another_shape_is_seen(value):
    other = value.unsqueeze(0)
    assert difference(encode(other), stored(value)).startswith("shape")


@given(shapes, st.sampled_from(DTYPES), st.sampled_from(DTYPES))
def test_another_dtype_is_seen(shape, one, other):
    says = difference(
        encode(torch.ones(shape, dtype=one)), stored(torch.ones(shape, dtype=other))
    )
    assert says == (
        "" if one == other else f"dtype {one}, expected {other}".replace("torch.", "")
    )


@given(st.integers(0, 11), st.floats(1e-3, 1e3))
def test_a_value_beyond_tolerance_is_seen_and_placed(position, change):
    value = torch.arange(12.0).reshape(3, 4)
    wrong = value.clone()
    wrong.view(-1)[position] += change + 1e-2
    row, column = divmod(position, 4)
    says = difference(encode(wrong), stored(value))
    assert says.startswith(f"1 of 12 values differ, the first at [{row}, {column}]")


def test_a_value_within_tolerance_is_not_a_difference():
    value = torch.linspace(1, 2, 9)
    assert difference(encode(value * (1 + 5e-5)), stored(value)) == ""


@pytest.mark.parametrize(
    "one, other",
    [(1, 1.0), (1, True), ([1], (1,)), (torch.tensor(1), 1), ({"a": 1}, [1])],
)
def test_kinds_must_match_exactly(one, other):
    assert difference(encode(one), stored(other)).startswith("kind")


def test_numpy_numbers_count_as_numbers_and_arrays_not_as_tensors():
    assert difference(encode(np.float64(0.5)), stored(0.5)) == ""
    assert "kind array" in difference(encode(np.ones(2)), stored(torch.ones(2)))


def test_a_large_tensor_is_summarized_and_never_alike():
    told = encode(torch.zeros(10**6))
    assert told["values"] is None and told["shape"] == [10**6]
    assert difference(told, told) == "too many values to compare"
    assert encode(torch.zeros(LIMIT))["values"] is not None


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __repr__(self):
        raise RuntimeError("no")


def test_equality_and_repr_of_a_value_are_never_asked():
    says = difference(encode(AlwaysEqual()), stored(3))
    assert says == "kind AlwaysEqual, expected int"


class Liar(torch.Tensor):
    shape = property(lambda self: torch.Size([7]))

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return torch.ones(7)


class LongList(list):
    def __len__(self):
        return 3

    def __iter__(self):
        return iter([1, 2, 3])


def test_a_subclass_that_lies_is_seen_as_it_is():
    liar = torch.zeros(2).as_subclass(Liar)
    assert encode(liar)["shape"] == [2] and encode(liar)["values"] == [0.0, 0.0]
    assert encode(LongList([9])) == {
        "kind": "list",
        "items": [{"kind": "int", "value": 9}],
    }


def test_a_list_that_holds_itself_ends():
    loop = []
    loop.append(loop)
    assert "too deep" in json.dumps(encode(loop))
