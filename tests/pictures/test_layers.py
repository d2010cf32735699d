import pytest
import torch
from torch import nn

from course_utils.pictures.layers import trace, visible


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(3, 3)
        self.idle = nn.Linear(3, 2)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        return {"out": (self.drop(self.inner(self.inner(x))), None)}


def test_paths_shapes_and_parameters_are_those_of_the_modules():
    model = nn.Sequential(nn.Linear(4, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 2)))
    layers = trace(model, torch.randn(5, 4))
    assert [layer.path for layer in layers] == ["", "0", "1", "1.0", "1.1"]
    assert [layer.depth for layer in layers] == [0, 1, 1, 2, 2]
    assert [layer.parameters for layer in layers] == [23, 15, 8, 0, 8]
    assert [layer.shape for layer in layers] == [(5, 2), (5, 3), (5, 2), (5, 3), (5, 2)]
    assert [layer.leaf for layer in layers] == [False, True, False, True, True]


def test_an_output_is_the_first_sample_as_it_was_before_in_place_changes():
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(inplace=True))
    nn.init.constant_(model[0].weight, -1.0)
    x = torch.ones(3, 2)
    linear = trace(model, x)[1]
    assert torch.equal(linear.output, model[0](x)[0])
    assert linear.output.max() < 0


def test_layers_that_run_twice_or_never_and_nested_outputs():
    whole, inner, idle, drop = trace(Twice(), torch.ones(2, 3))
    assert (whole.shape, inner.calls, idle.calls) == ((2, 3), 2, 0)
    assert idle.shape is None and idle.output is None
    assert torch.equal(drop.output, inner.output)  # eval mode: nothing dropped


def test_frozen_parameters_are_counted_apart():
    model = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))
    model[0].requires_grad_(False)
    assert [layer.trainable for layer in trace(model, torch.ones(1, 4))] == [8, 0, 8]


class Noise(nn.Module):
    def forward(self, x):
        return x + torch.randn(x.shape)


def test_the_random_state_is_left_as_it_was():
    before = torch.get_rng_state()
    trace(Noise(), torch.zeros(2, 3))
    assert torch.equal(torch.get_rng_state(), before)


def test_the_module_is_left_as_it_was():
    model = nn.Sequential(nn.BatchNorm1d(2), nn.Dropout(0.5))
    model[1].eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    trace(model, torch.randn(4, 2))
    assert [m.training for m in model.modules()] == [True, True, False]
    assert all(torch.equal(before[n], v) for n, v in model.state_dict().items())
    assert not any(m._forward_hooks for m in model.modules())


def test_an_error_is_raised_and_leaves_no_hook():
    model = nn.Sequential(nn.Linear(2, 2))
    with pytest.raises(RuntimeError):
        trace(model, torch.ones(1, 3))
    assert model.training and not model[0]._forward_hooks


def test_at_most_sixteen_channels_are_kept():
    layers = trace(nn.Conv2d(1, 20, 1), torch.randn(2, 1, 4, 4))
    assert layers[0].shape == (2, 20, 4, 4)
    assert layers[0].output.shape == (16, 4, 4)


def test_folding_hides_what_is_deeper():
    model = nn.Sequential(nn.Sequential(nn.ReLU()), nn.ReLU())
    layers = trace(model, torch.ones(1))
    assert [layer.path for layer in visible(layers, 1)] == ["", "0", "1"]
    assert [layer.path for layer in visible(layers, 0)] == [""]
