import pytest
import torch
from torch import nn

from course_utils.data import Digits
from course_utils.demos.digit_model import digit_model
from course_utils.demos.feature_maps import feature_maps, seen
from course_utils.errors import CourseError


def test_the_default_network_has_learned_the_digits():
    digits = Digits(train=False)
    with torch.no_grad():
        found = digit_model()(digits.images).argmax(1)
    assert (found == digits.labels).float().mean() > 0.9


def test_the_default_network_leaves_the_random_state():
    digit_model.cache_clear()
    before = torch.get_rng_state()
    digit_model()
    assert torch.equal(torch.get_rng_state(), before)


def test_the_picture_says_what_the_network_says():
    demo = feature_maps()
    image, label = Digits(train=False)[0]
    best = digit_model()(image[None]).argmax().item()
    assert f"the largest score is that of class {best}." in demo.drawn.alt
    assert f"A {label} on its way through 6 layers of maps" in demo.drawn.alt


def test_any_map_of_any_layer_can_be_chosen():
    demo = feature_maps()
    demo.controls["layer"].value, demo.controls["channel"].value = 3, 15
    assert "Map 15 of layer 3." in demo.drawn.alt
    demo.controls["layer"].value = 0  # which has 8 maps
    assert "Map 7 of layer 0." in demo.drawn.alt


def test_a_map_looks_where_its_kernel_reaches():
    model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 2, 3))
    image = torch.rand(1, 8, 8)
    expected = torch.zeros(8, 8, dtype=torch.bool)
    expected[2:5, 3:6] = True
    assert torch.equal(seen(model, "0", 0, (3, 4), image), expected)
    expected[1:6, 2:7] = True
    assert torch.equal(seen(model, "1", 1, (2, 3), image), expected)


def test_a_network_of_ones_own_stays_in_its_mode():
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.Dropout(), nn.Flatten(), nn.Linear(72, 4)
    )
    demo = feature_maps(model)
    assert demo.controls["layer"].max == 1 and demo.controls["channel"].max == 1
    assert model.training and model[1].training


@pytest.mark.parametrize(
    "wrong", [3, nn.Linear(3, 3), nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Conv2d(2, 1, 3)]
)
def test_what_is_no_such_network_is_refused_in_one_sentence(wrong):
    with pytest.raises(CourseError) as error:
        feature_maps(wrong)
    assert "\n" not in str(error.value)
