"""The workers' timeline."""

import pytest

from course_utils.demos.workers import BATCHES, MAIN, by_rule, waits, workers
from course_utils.errors import CourseError

LOAD, TRAIN = 0.09, 0.03
QUICK = dict(load=0.004, train=0.001)


def measured(demo, count):
    """What a real DataLoader with `count` workers did."""
    demo.controls["workers"].value = count
    demo.controls["measure"].value = True
    demo.thread.join(180)
    return demo.measured[count]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_measured_one_lane_a_worker_and_no_batch_twice(count):
    spans = measured(workers(**QUICK), count)
    loads = [span for span in spans if span.what == "load"]
    trains = [span for span in spans if span.what == "train"]
    assert sorted(span.batch for span in loads) == list(range(BATCHES))
    assert [span.batch for span in trains] == list(range(BATCHES))
    assert {span.lane for span in loads} == (set(range(count)) or {MAIN})
    assert {span.lane for span in trains} == {MAIN}


def test_measured_a_lane_does_one_thing_at_a_time_and_loads_before_it_trains():
    spans = measured(workers(**QUICK), 2)
    for lane in {span.lane for span in spans}:
        own = sorted(span[3:] for span in spans if span.lane == lane)
        assert all(a[1] <= b[0] for a, b in zip(own, own[1:], strict=False))
    loaded = {span.batch: span.end for span in spans if span.what == "load"}
    assert all(loaded[s.batch] <= s.start for s in spans if s.what == "train")


def test_a_measurement_replaces_the_rule_for_its_number_of_workers():
    demo = workers(**QUICK)
    assert "by the rule" in demo.drawn.alt
    measured(demo, 2)
    assert "measured" in demo.drawn.alt and not demo.controls["measure"].value
    demo.controls["workers"].value = 1
    assert "by the rule" in demo.drawn.alt


def test_stop_ends_a_measurement_and_keeps_nothing_of_it():
    demo = workers(load=1.0)
    demo.controls["measure"].value = True
    demo.controls["measure"].value = False
    demo.thread.join(180)
    assert not demo.thread.is_alive() and not demo.measured
    assert "by the rule" in demo.drawn.alt


def test_the_rule_without_workers_is_load_and_train_in_turn():
    spans = by_rule(0, LOAD, TRAIN)
    assert {span.lane for span in spans} == {MAIN} and not waits(spans)
    assert spans[-1].end == pytest.approx(BATCHES * (LOAD + TRAIN))


def test_the_rule_with_enough_workers_waits_only_for_the_first_batch():
    spans = by_rule(4, LOAD, TRAIN)
    assert spans[-1].end == pytest.approx(LOAD + BATCHES * TRAIN)
    assert [(gap.start, gap.end) for gap in waits(spans)] == [(0, LOAD)]


def test_the_rule_orders_no_more_than_the_prefetch_factor_allows():
    spans = by_rule(2, LOAD, 1.0)
    starts = [span.start for span in spans if span.what == "load"]
    taken = [span.start for span in spans if span.what == "train"]
    assert starts[3] < taken[1] <= starts[5]
    assert all(starts[b] >= taken[b - 4] for b in range(4, BATCHES))


def test_the_first_picture_does_not_depend_on_the_machine():
    first, second = workers(), workers()
    assert first.picture.value == second.picture.value
    assert f"{BATCHES * (LOAD + TRAIN):.2f} s by the rule" in first.drawn.alt


def test_the_still_has_workers_and_compares_them_with_none():
    alt = workers().saved().alt
    assert alt.startswith("2 workers") and "times as fast as without workers" in alt


def test_own_numbers_are_taken():
    demo = workers(3, load=0.5, train=0.1)
    assert demo.controls["workers"].options == (0, 1, 2, 3, 4)
    assert demo.drawn.alt.startswith("3 workers, 8 batches: 1.70 s by the rule")


@pytest.mark.parametrize("wrong", [{"n": 9}, {"n": 1.0}, {"load": 0}, {"train": "1"}])
def test_other_numbers_are_refused_in_one_sentence(wrong):
    with pytest.raises(CourseError, match="workers takes 0 to 8|must be 0.001 to 2"):
        workers(**wrong)
