"""The workers' timeline."""

import pytest

from course_utils.demos import workers as module
from course_utils.demos.workers import BATCHES, LOAD, MAIN, TRAIN, by_rule, workers


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(module, "LOAD", 0.004)
    monkeypatch.setattr(module, "TRAIN", 0.001)


def measured(demo, count):
    """What a real DataLoader with `count` workers did."""
    demo.controls["workers"].value = count
    demo.controls["measure"].value = True
    demo.thread.join(60)
    return demo.measured[count, 2]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_measured_one_lane_a_worker_and_no_batch_twice(quick, count):
    spans = measured(workers(), count)
    loads = [span for span in spans if span.what == "load"]
    trains = [span for span in spans if span.what == "train"]
    assert sorted(span.batch for span in loads) == list(range(BATCHES))
    assert [span.batch for span in trains] == list(range(BATCHES))
    assert {span.lane for span in loads} == (set(range(count)) or {MAIN})
    assert {span.lane for span in trains} == {MAIN}


def test_measured_a_lane_does_one_thing_at_a_time_and_loads_before_it_trains(quick):
    spans = measured(workers(), 2)
    for lane in {span.lane for span in spans}:
        own = sorted(span[3:] for span in spans if span.lane == lane)
        assert all(a[1] <= b[0] for a, b in zip(own, own[1:], strict=False))
    loaded = {span.batch: span.end for span in spans if span.what == "load"}
    assert all(loaded[s.batch] <= s.start for s in spans if s.what == "train")


def test_the_measured_picture_has_a_lane_for_each_worker(quick):
    demo = workers()
    assert "by the rule" in demo.drawn.alt
    measured(demo, 2)
    assert "measured" in demo.drawn.alt and not demo.controls["measure"].value
    assert [f"worker {i}<" in demo.picture.value for i in range(3)] == [
        True,
        True,
        False,
    ]
    demo.controls["workers"].value = 1
    assert "by the rule" in demo.drawn.alt


def test_stop_ends_a_measurement_and_keeps_nothing_of_it(monkeypatch):
    monkeypatch.setattr(module, "LOAD", 1.0)
    demo = workers()
    demo.controls["measure"].value = True
    demo.controls["measure"].value = False
    demo.thread.join(60)
    assert not demo.thread.is_alive() and not demo.measured
    assert "by the rule" in demo.drawn.alt


def test_the_rule_without_workers_is_load_and_train_in_turn():
    spans = by_rule(0, 2)
    assert {span.lane for span in spans} == {MAIN}
    assert spans[-1].end == pytest.approx(BATCHES * (LOAD + TRAIN))


def test_the_rule_with_enough_workers_waits_only_for_the_first_batch():
    assert by_rule(4, 2)[-1].end == pytest.approx(LOAD + BATCHES * TRAIN)


def test_the_rule_orders_no_more_than_the_prefetch_factor_allows(monkeypatch):
    monkeypatch.setattr(module, "TRAIN", 1.0)
    starts = [span.start for span in by_rule(2, 3) if span.what == "load"]
    taken = [span.start for span in by_rule(2, 3) if span.what == "train"]
    assert starts[5] < taken[1] <= starts[7]
    assert all(starts[b] >= taken[b - 6] for b in range(6, BATCHES))


def test_the_first_picture_does_not_depend_on_the_machine():
    first, second = workers(), workers()
    assert first.picture.value == second.picture.value
    assert f"{BATCHES * (LOAD + TRAIN):.2f} s by the rule" in first.drawn.alt
