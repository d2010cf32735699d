"""A check: what it records, and that it leaves nothing behind."""

import os
import random
import sys
import warnings

import numpy as np
import pytest
import torch

from course_utils.checking import raises
from course_utils.checking.observe import Check
from course_utils.judging.compare import UNCHANGED


def run(function, seed=0, **setup):
    """What a check records; names of this file stand for the learner's."""
    records = []
    Check("stem", seed, records.append, setup, globals())("slug", points=2)(function)
    return records[0]


def facts(record):
    return {fact["name"]: fact["value"] for fact in record["observations"]}


def test_a_check_starts_from_the_same_seed_whatever_ran_before():
    def draw(see):
        see("numbers", [torch.rand(2), np.random.rand(), random.random()])

    first = run(draw)
    torch.rand(5), random.random()
    assert run(draw) == first
    assert run(draw, seed=1) != first


def test_a_check_leaves_no_trace():
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)

    def meddle(see):
        torch.rand(9)
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        torch.set_default_device("meta")
        torch.device("meta").__enter__()
        warnings.simplefilter("ignore")
        raise ValueError

    filters = list(warnings.filters)
    run(meddle)
    assert torch.equal(torch.rand(3), expected)  # on the CPU
    assert torch.is_grad_enabled() and torch.tensor(1.0).dtype == torch.float32
    assert warnings.filters == filters


def test_what_is_seen_is_copied_at_once():
    def change(see):
        x = torch.zeros(2)
        see("before", x)
        x += 1

    assert facts(run(change))["before"]["values"] == [0.0, 0.0]


def one_over_zero():
    return 1 / 0


def test_an_error_ends_the_check_and_names_the_learners_line():
    record = run(lambda see: see("one", one_over_zero()))
    assert record["error"]["type"] == "ZeroDivisionError"
    assert record["error"]["trace"][-1][::2] == ["one_over_zero", "return 1 / 0"]
    assert record["observations"] == []


def test_what_a_function_given_to_see_raises_is_that_criterion_s_own():
    def look(see):
        see("one", lambda: one_over_zero())
        see("two", lambda: 2)

    record = run(look)
    assert facts(record)["one"]["type"] == "ZeroDivisionError"
    assert facts(record)["one"]["trace"][-1][2] == "return 1 / 0"
    assert facts(record)["two"] == {"kind": "int", "value": 2}
    assert record["error"] is None


def deep(n):
    return deep(n - 1) if n else undefined  # noqa: F821


def test_a_trace_has_five_lines_at_most():
    trace = run(lambda see: see("deep", deep(500)))["error"]["trace"]
    assert len(trace) == 5 and trace[-1][0] == "deep"


longest = [1, 2, 3]


def uses_longest():
    return len(longest)


def test_a_check_and_an_answer_do_not_share_variables():
    def look(see):
        longest = [0]  # noqa: F841
        see("the helper of the answer", lambda: uses_longest())

    assert facts(run(look))["the helper of the answer"]["value"] == 3
    assert longest == [1, 2, 3]


def test_pythons_own_names_are_pythons_whatever_the_learner_calls_so(monkeypatch):
    monkeypatch.setitem(globals(), "sum", [])
    assert facts(run(lambda see: see("total", sum([1, 2]))))["total"]["value"] == 3


def test_names_of_the_setup_are_the_setups(monkeypatch):
    monkeypatch.setitem(globals(), "torch", None)
    record = run(lambda see: see("one", torch.ones(1)), torch=real_torch)
    assert facts(record)["one"]["values"] == [1.0]


real_torch = torch


def test_an_input_changed_in_place_is_observed_and_the_original_kept():
    original = {"x": torch.zeros(2)}

    def change(see):
        see.give(original)["x"].add_(1)

    assert facts(run(change))[UNCHANGED]["value"] is False
    assert facts(run(lambda see: see.give(original)))[UNCHANGED]["value"] is True
    assert original["x"].sum() == 0


def test_a_module_given_and_trained_is_observed():
    model = torch.nn.Linear(2, 1)

    def train(see):
        given = see.give(model)
        with torch.no_grad():
            given.weight.mul_(2)

    assert facts(run(train))[UNCHANGED]["value"] is False
    assert facts(run(lambda see: see.give(model).eval()))[UNCHANGED]["value"] is False


def test_raises_tells_the_error_or_that_there_was_none():
    def look(see):
        see("error", raises(lambda: [][0]))
        see("none", raises(lambda: 1))

    seen = facts(run(look))
    assert seen["error"]["type"] == "IndexError" and seen["none"]["kind"] == "no error"


def empty_function(x):
    """Not yet."""


def dots(x): ...


class EmptyClass:
    def __len__(self):
        pass


def written(x):
    return x


def constant(x):
    return 0.5


def unwritten(x):
    raise NotImplementedError("slug")


def torchs_own(x):
    raise NotImplementedError("no conv for this dtype")


@pytest.mark.parametrize(
    "look, stub",
    [
        (lambda see: empty_function(1), "empty"),
        (lambda see: dots(1), "empty"),
        (lambda see: EmptyClass(), "empty"),
        (lambda see: see("x", lambda: unwritten(1)), "raised"),
        (lambda see: see("x", raises(lambda: unwritten(1))), "raised"),
        (lambda see: written(1), ""),
        (lambda see: constant(1), ""),
        (lambda see: torchs_own(1), ""),
    ],
)
def test_only_an_empty_body_and_the_stubs_own_error_are_a_stub(look, stub):
    assert run(look)["stub"] == stub


def test_the_record_says_which_functions_hand_something_back():
    record = run(lambda see: (written, dots, EmptyClass))
    expected = {"written": True, "dots": False, "EmptyClass.__len__": False}
    assert record["returns"] == expected


def test_the_streams_and_the_folder_are_put_back(tmp_path):
    def meddle(see):
        sys.stdout = None
        os.chdir(tmp_path)

    before = sys.stdout, os.getcwd()
    run(meddle, sys=sys, os=os)
    assert (sys.stdout, os.getcwd()) == before
