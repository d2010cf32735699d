import pytest
import torch
from torch import nn

from course_utils.demos.point_training import SIZES, Training, cross_entropy
from course_utils.demos.points import KINDS, LIMITS, classifier, points

DEFAULT = dict(
    data="two moons",
    size="1 layer of 16",
    optimizer="SGD",
    lr=0.1,
    momentum=0.0,
    decay=0.0,
    batch=16,
)


def training(**settings):
    made = Training()
    made.apply({**DEFAULT, **settings})
    return made


def flat(model):
    return torch.cat([w.detach().flatten() for w in model.parameters()])


@pytest.mark.parametrize("kind", KINDS)
def test_points_are_balanced_inside_the_map_and_always_the_same(kind):
    made, again = points(kind), points(kind)
    assert made.y.mean() == made.y_valid.mean() == 0.5
    assert LIMITS[0] < made.x.min() and made.x.max() < LIMITS[1]
    assert torch.equal(made.x, again.x) and not torch.equal(
        made.x[:9], made.x_valid[:9]
    )


@pytest.mark.parametrize("hidden", SIZES.values())
def test_a_classifier_gives_one_logit_and_leaves_the_global_seed_alone(hidden):
    before = torch.get_rng_state()
    model = classifier(hidden, torch.Generator().manual_seed(1))
    assert model(torch.zeros(5, 2)).shape == (5, 1)
    assert [m.out_features for m in model[::2]] == [*hidden, 1]
    assert torch.equal(before, torch.get_rng_state())


def test_the_loss_is_binary_cross_entropy():
    logits, y = 5 * torch.randn(50, 1), torch.arange(50).remainder(2.0).unsqueeze(1)
    expected = nn.BCEWithLogitsLoss()(logits, y)
    torch.testing.assert_close(cross_entropy(logits, y), expected)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_training_lowers_the_loss(optimizer):
    made = training(optimizer=optimizer)
    for _ in range(20):
        made.epoch()
    first, last = made.history["training"][0], made.history["training"][-1]
    assert last < 0.8 * first and made.epochs == 20


@pytest.mark.parametrize(
    "change", [dict(lr=0.5), dict(momentum=0.9), dict(decay=0.1), dict(batch=4)]
)
def test_a_setting_changed_while_it_trains_has_an_effect_and_loses_nothing(change):
    kept, changed = training(), training()
    for made in (kept, changed):
        made.epoch()
    changed.apply({**DEFAULT, **change})
    assert torch.equal(flat(kept.model), flat(changed.model))
    for made in (kept, changed):
        made.epoch()
    assert not torch.equal(flat(kept.model), flat(changed.model))
    assert changed.epochs == 2


@pytest.mark.parametrize("change", [dict(data="circles"), dict(size="2 layers of 16")])
def test_other_data_or_another_size_starts_anew(change):
    made = training()
    made.epoch()
    made.apply({**DEFAULT, **change})
    assert made.epochs == 0


def test_another_optimizer_goes_on_with_the_same_weights():
    made = training()
    made.epoch()
    before = flat(made.model)
    made.apply({**DEFAULT, "optimizer": "Adam"})
    assert isinstance(made.optimizer, torch.optim.Adam) and made.epochs == 1
    assert torch.equal(before, flat(made.model))


def test_the_best_so_far_outlives_new_weights_and_belongs_to_its_data():
    made = training()
    for _ in range(5):
        made.epoch()
    best = made.best["two moons"]
    assert best == (min(made.history["validation"]), 5)
    made.restart()
    assert made.best["two moons"] == best and made.epochs == 0
    made.apply({**DEFAULT, "data": "circles"})
    assert made.best["two moons"] == best and "circles" in made.best


def test_an_epoch_that_is_stopped_trains_on_no_further_batch():
    made = training()
    before = flat(made.model)
    assert made.epoch(stopped=lambda: True) is False
    assert torch.equal(before, flat(made.model)) and made.epochs == 0
