"""The judge: states, partial credit, what a criterion says, known mistakes."""

from collections import namedtuple

import torch

from course_utils.checking.encode import encode
from course_utils.checking.observe import Raised
from course_utils.judging import words
from course_utils.judging.compare import compare


def record(error=None, stub="", returns=None, **facts):
    observations = [{"name": n, "value": encode(v)} for n, v in facts.items()]
    return {
        "task": "t",
        "points": 4,
        "observations": observations,
        "error": error,
        "stub": stub,
        "returns": returns or {},
    }


def failure(kind="ValueError", message="no", **more):
    return {
        "type": kind,
        "message": message,
        "bases": ["Exception"],
        "trace": [],
        **more,
    }


REFERENCE = record(length=3, sample=torch.ones(2, 1), name="digit", loss=0.5)


def test_all_criteria_met_is_passed_with_all_points():
    verdict = compare(REFERENCE, REFERENCE)
    assert (verdict.state, verdict.points) == ("passed", 4)


def test_some_criteria_met_earn_their_share():
    wrong = record(length=3, sample=torch.ones(2), name="digit", loss=0.25)
    verdict = compare(wrong, REFERENCE)
    assert (verdict.state, verdict.points) == ("partly", 2)
    says = [words.says(c) for c in verdict.criteria]
    assert says == ["", "shape (2,), expected (2, 1)", "", "yours is 0.25"]


def test_an_error_leaves_later_criteria_unreached():
    verdict = compare(record(failure(), length=3), REFERENCE)
    assert verdict.state == "partly" and verdict.points == 1
    assert [words.says(c) for c in verdict.criteria] == ["", *["not reached"] * 3]


def test_an_error_after_the_last_criterion_is_not_passed():
    late = {**REFERENCE, "error": failure()}
    assert compare(late, REFERENCE).state != "passed"


def test_a_function_that_never_returns_is_asked_for_its_return():
    reference = record(length=3, returns={"size": True, "Net.__init__": False})
    lost = record(length=None, returns={"size": False, "Net.__init__": False})
    verdict = compare(lost, reference)
    says = "returned None: did you forget `return` in `size`?"
    assert words.says(verdict.criteria[0]) == says
    assert words.mistake(verdict)[1].startswith("no `return` in `size`")


def test_a_none_that_was_returned_is_not_a_forgotten_return():
    reference = record(length=3, returns={"size": True})
    verdict = compare(record(length=None, returns={"size": True}), reference)
    assert words.says(verdict.criteria[0]) == "kind None, expected int"
    assert words.mistake(verdict) is None


def test_weights_decide_what_a_criterion_counts():
    reference = record(point=1, detail=2)
    reference["observations"][0]["weight"] = 3
    assert compare(record(point=0, detail=2), reference).points == 1
    assert compare(record(point=1, detail=0), reference).points == 3


def test_empty_answers_are_not_attempted_and_earn_nothing():
    for empty in (
        record(failure("NotImplementedError"), stub="raised"),
        record(failure("NameError"), stub="missing"),
        record(stub="empty", length=None),
    ):
        verdict = compare(empty, REFERENCE)
        assert (verdict.state, verdict.points) == ("not attempted", 0)
        assert words.note(verdict)


def test_torchs_own_not_implemented_error_is_the_learners():
    verdict = compare(record(failure("NotImplementedError")), REFERENCE)
    assert verdict.state == "failed"


def test_an_unfinished_answer_is_not_called_empty():
    half = record(failure("NotImplementedError"), stub="raised", length=3)
    assert compare(half, REFERENCE).state == "partly"
    inner = record(failure("NameError"))
    assert compare(inner, REFERENCE).state == "failed"


def test_facts_the_reference_does_not_name_earn_nothing():
    verdict = compare(record(extra=1, another=2), REFERENCE)
    assert (verdict.state, verdict.points) == ("failed", 0)


def test_an_error_of_the_expected_type_or_a_kind_of_it_passes():
    expected = record(past=Raised(LookupError()))
    assert compare(record(past=Raised(IndexError("x"))), expected).state == "passed"
    says = words.says(compare(record(past=Raised(None)), expected).criteria[0])
    assert says == "no error was raised, expected LookupError"


def mistake(wrong, message="a known slip", reference=REFERENCE):
    failing = [c.name for c in compare(wrong, reference).criteria if not c.passed]
    facts = [f for f in wrong["observations"] if f["name"] in failing]
    return {
        "failing": failing,
        "observations": facts,
        "error": wrong["error"],
        "message": message,
    }


def test_the_same_wrong_observations_are_recognized():
    wrong = record(length=4, sample=torch.ones(2, 1), name="digit", loss=0.5)
    assert compare(wrong, REFERENCE, [mistake(wrong)]).mistake.message == "a known slip"


def test_other_wrong_observations_are_not_recognized():
    wrong = record(length=4, sample=torch.ones(2, 1), name="digit", loss=0.5)
    other = record(length=5, sample=torch.ones(2, 1), name="digit", loss=0.5)
    assert compare(other, REFERENCE, [mistake(wrong)]).mistake is None


def test_of_several_slips_at_once_the_largest_known_one_is_told():
    small = record(length=4, sample=torch.ones(2, 1), name="digit", loss=0.5)
    large = record(length=4, sample=torch.ones(2), name="digit", loss=0.5)
    all_three = record(length=4, sample=torch.ones(2), name="other", loss=0.5)
    known = [mistake(small, "small"), mistake(large, "large")]
    assert compare(all_three, REFERENCE, known).mistake.message == "large"
    assert compare(all_three, REFERENCE, known[:1]).mistake.message == "small"


def test_errors_are_recognized_by_type_and_message_without_addresses():
    known = mistake(record(failure("KeyError", "no <Net at 0x7f01>"), length=3))
    same = record(failure("KeyError", "no <Net at 0x99>"), length=3)
    assert compare(same, REFERENCE, [known]).mistake.message == "a known slip"
    other = record(failure("KeyError", "no <Cat at 0x7f01>"), length=3)
    assert compare(other, REFERENCE, [known]).mistake is None


def test_what_has_many_causes_names_no_mistake_but_its_symptom():
    reference = record(length=3, sorted=True)
    known = mistake(record(length=3, sorted=False), reference=reference)
    assert compare(record(length=3, sorted=False), reference, [known]).mistake is None
    known["symptom"] = True
    seen = compare(record(length=3, sorted=False), reference, [known])
    assert words.mistake(seen) == ("This can mean", "a known slip")
    more = compare(record(length=4, sorted=False), reference, [known])
    assert more.mistake is None  # something else is wrong, too


def test_a_namedtuple_is_a_tuple_but_a_tuple_is_no_namedtuple():
    pair = namedtuple("Pair", "x y")(1, 2)
    assert compare(record(sample=pair), record(sample=(1, 2))).state == "passed"
    verdict = compare(record(sample=(1, 2)), record(sample=pair))
    assert words.says(verdict.criteria[0]) == "kind tuple, expected namedtuple Pair"
