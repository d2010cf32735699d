import pytest
import torch
from torch import nn
from torchvision.models import resnet18

from course_utils.demos.module_explorer import _heights, module_explorer
from course_utils.errors import CourseError
from course_utils.pictures.layers import trace, visible


@pytest.fixture(scope="module")
def resnet():
    return resnet18()


def texts(demo):
    return demo.picture.value.replace("</text>", "\n")


def test_the_default_shows_a_network_and_digits():
    demo = module_explorer()
    assert ">1,898" in texts(demo) and ">(1, 16, 2, 2)" in texts(demo)
    assert "Layer 0: Conv2d, 80 parameters, output (1, 8, 8, 8)" in demo.drawn.alt


def test_choosing_a_layer_shows_what_it_gives():
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    x = torch.tensor([[1.0, -2.0], [0.5, 3.0]])
    demo = module_explorer(model, x)
    demo.controls["layer"].value, demo.controls["index"].value = 1, 1
    for value in model[0](x[1]).tolist():
        assert f">{value:.2f}\n" in texts(demo)


def test_a_resnet_opens_to_the_chosen_depth(resnet):
    demo = module_explorer(resnet, torch.randn(2, 3, 32, 32), depth=0)
    assert "Layer the module itself: ResNet, 11,689,512 parameters" in demo.drawn.alt
    trees = []
    for depth in (0, 1, 2, 3, 4):
        demo.controls["depth"].value = depth
        trees.append(demo.controls["layer"].max + 1)
    assert trees == [1, 11, 19, 62, 68]
    assert trees[-1] == len(list(resnet.modules()))


def test_folding_keeps_to_the_chosen_layer(resnet):
    demo = module_explorer(resnet, torch.randn(1, 3, 32, 32), depth=3)
    demo.controls["layer"].value = 30
    assert "Layer layer2.1.conv2:" in demo.drawn.alt
    demo.controls["depth"].value = 4
    assert "Layer layer2.1.conv2:" in demo.drawn.alt
    demo.controls["depth"].value = 2
    assert "Layer layer2.1:" in demo.drawn.alt
    demo.controls["depth"].value = 0
    assert "Layer the module itself:" in demo.drawn.alt


def test_a_long_tree_says_how_much_is_outside_the_picture(resnet):
    demo = module_explorer(resnet, torch.randn(1, 3, 32, 32), depth=4)
    assert "… 52 more below" in texts(demo)
    demo.controls["layer"].value = 67
    assert "… 52 more above" in texts(demo)


def test_frozen_layers_are_named():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    model[0].requires_grad_(False)
    shown = texts(module_explorer(model, torch.ones(1, 2)))
    assert ">12 part\n" in shown and ">6 frozen\n" in shown and ">6\n" in shown


@pytest.mark.parametrize(
    ("module", "x"),
    [
        (nn.LSTM(4, 6, batch_first=True), torch.randn(2, 5, 4)),
        (nn.Embedding(9, 4), torch.randint(9, (2, 5))),
        (nn.Identity(), torch.zeros(3, 1)),
    ],
)
def test_any_module_can_be_explored(module, x):
    demo = module_explorer(module, x)
    demo.controls["index"].value = 1
    assert type(module).__name__ in demo.drawn.alt


def test_a_layer_that_never_runs_is_told():
    class Idle(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleList([nn.Linear(2, 2)])

        def forward(self, x):
            return self.layers[0](x)

    shown = texts(module_explorer(Idle(), torch.ones(1, 2)))
    assert "does not run" in shown and "nothing: it does not run by itself" in shown


def test_it_is_told_where_height_and_width_become_less(resnet):
    layers = visible(trace(resnet, torch.randn(1, 3, 64, 64)), 1)
    before = dict(zip((row.path for row in layers), _heights(layers, 64), strict=True))
    assert [before[p] for p in ("conv1", "bn1", "layer1", "layer2", "layer4")] == [
        *(64, 32, 16, 16, 4)
    ]


@pytest.mark.parametrize(
    ("module", "x"),
    [(3, None), (nn.Linear(3, 3), torch.ones(2, 5)), (nn.Linear(3, 3), [[1.0]])],
)
def test_what_does_not_fit_is_refused_in_one_sentence(module, x):
    with pytest.raises(CourseError) as error:
        module_explorer(module, x)
    assert "\n" not in str(error.value)
