"""Train and eval side by side."""

import pytest
import torch
from torch import nn

from course_utils.demos.modes import CALLS, LAYERS, SAMPLE, modes, ready, run
from course_utils.errors import CourseError


def set_to(demo, **values):
    for name, value in values.items():
        demo.controls[name].value = value


@pytest.mark.parametrize("layer", LAYERS)
def test_only_train_mode_changes_from_call_to_call(layer):
    train, evaluated = (
        run(ready(layer), CALLS, train=mode).outputs for mode in (True, False)
    )
    assert len(train.unique(dim=0)) > 1
    assert len(evaluated.unique(dim=0)) == 1


@pytest.mark.parametrize("p", [0.25, 0.5, 0.75])
def test_dropout_drops_or_scales_in_train_mode_and_passes_in_eval_mode(p):
    sample = torch.tensor(SAMPLE)
    outputs = run(nn.Dropout(p), CALLS, train=True).outputs
    assert torch.allclose(
        outputs[outputs != 0], (sample / (1 - p) + 0 * outputs)[outputs != 0]
    )
    assert 0 < int((outputs == 0).sum()) < outputs.numel()
    assert torch.equal(run(nn.Dropout(p), 1, train=False).outputs[0], sample)


def test_only_train_mode_moves_the_running_mean():
    layer = ready(LAYERS[-1])
    assert run(layer, 3, train=False).running[0][0] == 1.0
    means = [run(layer, calls, train=True).running[0][0] for calls in (1, 3)]
    assert len({1.0, *map(float, means)}) == 3 and layer.running_mean[0] == 1.0
    expected = (torch.tensor(SAMPLE) - 1) / 2  # the mean 1 and the variance 4 it has
    output = run(layer, 1, train=False).outputs[0]
    assert torch.allclose(output, expected, atol=1e-4)


def test_the_random_state_is_left_alone():
    torch.manual_seed(3)
    before = torch.get_rng_state()
    run(nn.Dropout(), 4, train=True)
    assert torch.equal(before, torch.get_rng_state())


def test_batchnorm_computes_with_the_batch_that_is_shown():
    side = run(ready(LAYERS[-1]), 2, train=True)
    mean, deviation = side.batch.mean(0), side.batch.std(0, correction=0)
    expected = (torch.tensor(SAMPLE) - mean) / deviation
    assert torch.allclose(side.outputs[-1], expected, atol=1e-4)
    assert side.batch[0].tolist() == list(SAMPLE)


def test_the_picture_counts_the_different_outputs():
    demo = modes()
    for layer in LAYERS:
        set_to(demo, layer=layer, calls=CALLS)
        number = len(run(ready(layer), CALLS, train=True).outputs.unique(dim=0))
        train = f"train mode, {CALLS} calls, {number} different outputs;"
        assert f"{train} eval mode, {CALLS} calls, 1 different output." in (
            demo.drawn.alt
        )


def test_before_the_first_call_only_the_input_is_shown():
    demo = modes()
    set_to(demo, calls=0)
    assert "call 1<" not in demo.picture.value
    assert demo.picture.value.count(f">{SAMPLE[0]:.2f}<") == 2


def test_a_layer_of_ones_own_is_copied():
    layer = nn.Sequential(nn.BatchNorm1d(6), nn.Dropout(0.1))
    demo = modes(layer)
    assert demo.values()["layer"].startswith("Sequential( (0): BatchNorm1d(6,")
    assert "eval mode, 4 calls, 1 different output." in demo.drawn.alt
    assert layer.training and not layer[0].running_mean.any()


@pytest.mark.parametrize("wrong", [3, nn.Linear(3, 6), nn.Linear(6, 2), nn.GRU(6, 6)])
def test_another_layer_is_refused_in_one_sentence(wrong):
    with pytest.raises(CourseError) as error:
        modes(wrong)
    assert "\n" not in str(error.value)
