import threading

import pytest
import torch
from torch import nn

from course_utils.demos.playground import draw, playground
from course_utils.errors import CourseError


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
    assert reached.wait(180), demo.background.error


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
    assert seen.wait(180)
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


def test_a_step_trains_on_one_batch_and_five_are_an_epoch(demo):
    losses = [demo.training.losses()[0]]
    for _ in range(5):
        demo.buttons["Step"].click()
        losses.append(demo.training.losses()[0])
    assert len(set(losses)) == 6 and demo.training.epochs == 1
    first = playground(epochs=1).training
    assert first.history == demo.training.history


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
    assert f"goal below {goal}" in demo.drawn.alt
    assert "not reached yet" in demo.picture.value
    demo.training.best["two moons"] = (goal / 2, 7)
    assert "at epoch 7, ✓ reached" in draw(demo.training).svg()


def test_the_goal_is_in_reach():
    demo = playground(epochs=0)
    demo.controls["size"].value, demo.controls["lr"].value = "1 layer of 16", 0.1
    demo.controls["momentum"].value = 0.9
    for _ in range(100):
        demo.training.epoch()
    assert demo.training.best["two moons"][0] < demo.training.points.goal


def test_a_model_of_ones_own_is_copied():
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    before = [w.detach().clone() for w in model.parameters()]
    demo = playground(model, epochs=3)
    assert "size" not in demo.controls and demo.training.epochs == 3
    assert all(map(torch.equal, before, model.parameters()))
    assert "layer 1: 3 units" in demo.picture.value
    demo.restart()
    assert all(map(torch.equal, before, demo.training.model.parameters()))


@pytest.mark.parametrize("wrong", [3, nn.ReLU(), nn.Linear(2, 2), nn.Linear(3, 1)])
def test_another_model_is_refused_in_one_sentence(wrong):
    with pytest.raises(CourseError) as error:
        playground(wrong)
    assert "\n" not in str(error.value)


def test_losses_out_of_hand_are_still_drawn(demo):
    with torch.no_grad():
        for w in demo.training.model.parameters():
            w.fill_(float("nan"))
    demo.training.epoch()
    assert "nan" in draw(demo.training).alt
