import threading

import pytest
import torch

from course_utils.demos.playground import draw, playground


@pytest.fixture
def demo():
    made = playground(epochs=0)
    yield made
    made.background.stop()


def wait_for_epochs(demo, epochs):
    reached = threading.Event()
    whole = demo.training.epoch

    def epoch(stopped):
        more = whole(stopped)
        if demo.training.epochs >= epochs:
            reached.set()
        return more

    demo.training.epoch = epoch
    demo.start()
    assert reached.wait(60), demo.background.error


def test_start_trains_in_the_background_and_stop_ends_it(demo):
    wait_for_epochs(demo, 3)
    demo.buttons["Stop"].click()
    epochs = demo.training.epochs
    weights = [w.detach().clone() for w in demo.training.model.parameters()]
    assert not demo.background.running and f"Epoch {epochs}:" in demo.drawn.alt
    assert all(map(torch.equal, weights, demo.training.model.parameters()))
    assert demo.background.error is None


def test_the_picture_moves_while_it_trains(demo):
    before = demo.picture.value
    seen = threading.Event()
    demo.picture.observe(lambda change: seen.set(), "value")
    demo.buttons["Start"].click()
    assert seen.wait(60)
    demo.stop()
    assert demo.picture.value != before


def test_every_control_can_be_moved_while_it_trains(demo):
    wait_for_epochs(demo, 1)
    for control in demo.controls.values():
        for option in list(control.options)[:3]:
            control.value = option
    demo.stop()
    assert demo.background.error is None
    assert demo.training.settings == demo.values()


def test_new_weights_begin_at_epoch_0_with_the_same_weights(demo):
    first = demo.picture.value
    wait_for_epochs(demo, 2)
    demo.stop()
    demo.buttons["New weights"].click()
    assert demo.training.epochs == 0
    assert first.split("best so far")[0] == demo.picture.value.split("best so far")[0]


def test_momentum_is_for_sgd_only(demo):
    assert not demo.controls["momentum"].disabled
    demo.controls["optimizer"].value = "Adam"
    assert demo.controls["momentum"].disabled


def test_the_goal_is_said_and_whether_it_is_reached(demo):
    goal = demo.training.points.goal
    assert (
        f"goal below {goal}" in demo.drawn.alt and "not reached yet" in demo.drawn.svg()
    )
    demo.training.best["two moons"] = (goal / 2, 7)
    shown = draw(demo.training).svg()
    assert "at epoch 7, ✓ reached" in shown and "not reached" not in shown


def test_losses_out_of_hand_are_still_drawn(demo):
    with torch.no_grad():
        for w in demo.training.model.parameters():
            w.fill_(float("nan"))
    demo.training.epoch()
    assert "nan" in draw(demo.training).alt


def test_the_words_do_not_vary(demo):
    data, _ = demo._repr_mimebundle_()
    assert data["text/plain"] == playground(epochs=1).words
    assert {"image/png", "application/vnd.jupyter.widget-view+json"} < set(data)
