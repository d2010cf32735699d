"""Train and eval side by side."""

import pytest
import torch

from course_utils.demos.modes import CALLS, LAYERS, SAMPLE, modes, run


def set_to(demo, **values):
    for name, value in values.items():
        demo.controls[name].value = value


@pytest.mark.parametrize("layer", LAYERS)
def test_only_train_mode_changes_from_call_to_call(layer):
    train, evaluated = (run(layer, CALLS, train=mode).outputs for mode in (True, False))
    assert len(train.unique(dim=0)) > 1
    assert len(evaluated.unique(dim=0)) == 1


@pytest.mark.parametrize("p", [0.25, 0.5, 0.75])
def test_dropout_drops_or_scales_in_train_mode_and_passes_in_eval_mode(p):
    sample = torch.tensor(SAMPLE)
    outputs = run(f"Dropout({p=})", CALLS, train=True).outputs
    assert torch.allclose(
        outputs[outputs != 0], (sample / (1 - p) + 0 * outputs)[outputs != 0]
    )
    assert 0 < int((outputs == 0).sum()) < outputs.numel()
    assert torch.equal(run(f"Dropout({p=})", 1, train=False).outputs[0], sample)


def test_only_train_mode_moves_the_running_mean():
    layer = LAYERS[-1]
    assert run(layer, 3, train=False).running_mean == 1.0
    first, third = (run(layer, calls, train=True).running_mean for calls in (1, 3))
    assert len({1.0, first, third}) == 3
    expected = (torch.tensor(SAMPLE) - 1) / 2  # the mean 1 and the variance 4 it has
    found = run(layer, 1, train=False).outputs[0]
    assert torch.allclose(found, expected, atol=1e-4)


def test_the_random_state_is_left_alone():
    torch.manual_seed(3)
    before = torch.get_rng_state()
    run("Dropout(p=0.5)", 4, train=True)
    assert torch.equal(before, torch.get_rng_state())


def test_an_unknown_layer_is_refused():
    with pytest.raises(ValueError, match="no layer 'ReLU'"):
        run("ReLU", 1, train=True)


def test_the_picture_counts_the_different_outputs():
    demo = modes()
    for layer in LAYERS:
        set_to(demo, layer=layer, calls=CALLS)
        number = len(run(layer, CALLS, train=True).outputs.unique(dim=0))
        assert f"{CALLS} calls, {number} different outputs<" in demo.picture.value
        assert f"{CALLS} calls, 1 different output<" in demo.picture.value


def test_before_the_first_call_only_the_input_is_shown():
    demo = modes()
    set_to(demo, calls=0)
    assert "call 1<" not in demo.picture.value
    assert demo.picture.value.count(f">{SAMPLE[0]:.2f}<") == 2


def test_the_words_stay_while_the_picture_changes():
    demo = modes()
    first = demo.picture.value
    set_to(demo, layer=LAYERS[-1])
    assert demo.picture.value != first
    assert demo._repr_mimebundle_()[0]["text/plain"] == demo.words
