import torch
from torch import nn

from course_utils.data import Digits
from course_utils.demos.digit_model import digit_model
from course_utils.demos.feature_maps import feature_maps


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


def test_every_layer_shows_its_maps():
    demo = feature_maps()
    assert demo.picture.value.count("<image") == 1 + 3 * 8 + 3 * 16
    digit = Digits(train=False)[0]
    best = digit_model()(digit[0][None]).argmax().item()
    assert f"the largest score is that of class {best}." in demo.drawn.alt
    assert f"A {digit[1]} on its way" in demo.drawn.alt


def test_another_digit_gives_other_maps():
    demo = feature_maps()
    before = demo.picture.value
    demo.controls["index"].value = 7
    assert demo.picture.value != before


def test_a_network_of_ones_own_stays_in_its_mode():
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.Dropout(), nn.Flatten(), nn.Linear(72, 4)
    )
    demo = feature_maps(model)
    assert demo.picture.value.count("<image") == 1 + 2 + 2
    assert model.training and model[1].training
