"""A check block: what it records, and that it leaves nothing behind."""

import random
import warnings

import numpy as np
import torch

from course_utils.checking import raises
from course_utils.checking.observe import Check
from course_utils.judging.compare import UNCHANGED


def run(block, seed=0):
    records = []
    with Check("stem", seed, records.append)("slug", points=2) as see:
        block(see)
    return records[0]


def facts(record):
    return {fact["name"]: fact["value"] for fact in record["observations"]}


def test_a_block_starts_from_the_same_seed_whatever_ran_before():
    def draw(see):
        see("numbers", [torch.rand(2), np.random.rand(), random.random()])

    first = run(draw)
    torch.rand(5), random.random()
    assert run(draw) == first
    assert run(draw, seed=1) != first


def test_a_block_leaves_no_trace():
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)

    def meddle(see):
        torch.rand(9)
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        torch.set_default_device("meta")
        warnings.simplefilter("ignore")
        raise ValueError

    filters = list(warnings.filters)
    run(meddle)
    assert torch.equal(torch.rand(3), expected)
    assert torch.is_grad_enabled() and torch.tensor(1.0).dtype == torch.float32
    assert warnings.filters == filters


def test_what_is_seen_is_copied_at_once():
    def change(see):
        x = torch.zeros(2)
        see("before", x)
        x += 1

    assert facts(run(change))["before"]["values"] == [0.0, 0.0]


def test_an_error_ends_the_block_and_names_the_learners_line():
    def answer():
        return 1 / 0

    record = run(lambda see: see("one", answer()))
    assert record["error"]["type"] == "ZeroDivisionError"
    assert record["error"]["trace"][-1][::2] == ["answer", "return 1 / 0"]
    assert record["observations"] == []


def test_a_trace_has_five_lines_at_most():
    def deep(n):
        return deep(n - 1) if n else undefined  # noqa: F821

    trace = run(lambda see: deep(500))["error"]["trace"]
    assert len(trace) == 5 and trace[-1][0] == "deep"


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


def test_an_empty_body_is_seen_as_a_stub():
    assert (
        run(lambda see: empty_function(1))["stub"] is False
    )  # not in the block itself
    records = []
    check = Check("stem", 0, records.append)
    with check("a") as see:
        see("x", empty_function(1))
    assert records[-1]["stub"]
    for name in ("dots", "EmptyClass", "written"):
        names = {**globals(), "check": check, "__name__": __name__}
        exec(f"with check('a') as see: see('x', {name})", names)
    assert [r["stub"] for r in records[1:]] == [True, True, False]
