"""Datasets that need no download."""

import torch
from torch.utils.data import DataLoader

from course_utils.data import (
    Digits,
    SlowDataset,
    diabetes,
    mnist_sample,
    noisy_copies,
    place_names,
    split_by_place,
    wine,
)


def test_a_digit_is_a_small_gray_image_with_its_label():
    image, label = Digits()[0]
    assert (image.shape, image.dtype, type(label)) == ((1, 8, 8), torch.float32, int)
    images = Digits().images
    assert (images.min(), images.max()) == (0, 1)


def test_the_two_parts_hold_every_digit_once():
    from sklearn.datasets import load_digits

    parts = torch.cat([Digits(train=True).images, Digits(train=False).images])
    whole = torch.tensor(load_digits().images / 16).float()
    assert sorted(parts.flatten(1).tolist()) == sorted(whole.flatten(1).tolist())
    assert len(Digits(train=False)) == 360


def test_every_class_is_in_both_parts():
    for train in (True, False):
        share = Digits(train).labels.bincount() / len(Digits(train))
        assert share.min() > 0.07


def test_the_split_stays_what_the_stored_outputs_show():
    labels = [label for _, label in (Digits()[i] for i in range(10))]
    assert labels == [6, 5, 3, 4, 4, 4, 8, 8, 7, 0]


def test_a_transform_is_called_with_the_image():
    assert torch.equal(Digits(transform=lambda x: 1 - x)[3][0], 1 - Digits()[3][0])


def test_changing_a_sample_leaves_the_dataset_as_it_was():
    digits = Digits()
    digits[0][0].zero_()
    assert digits[0][0].sum() > 0


def test_tables_have_a_name_for_every_column():
    for table, shape in ((wine(), (178, 13)), (diabetes(), (442, 10))):
        assert table.x.shape == shape and table.x.dtype == torch.float32
        assert (len(table.columns), len(table.y)) == (shape[1], shape[0])
    assert wine().y.dtype == torch.int64 and len(wine().classes) == 3
    assert diabetes().y.dtype == torch.float32 and not diabetes().classes


def test_place_names_come_in_the_languages_asked_for():
    names = place_names(["de", "fr"])
    assert {p.language for p in names} == {"German", "French"}
    assert ("Deutschland", "German") in {p[:2] for p in names}


def test_only_on_request_are_names_kept_that_languages_share():
    assert "Italia" not in {p.name for p in place_names(["it", "es"])}
    assert "Italia" in {p.name for p in place_names(["it", "es"], shared=True)}


def test_a_place_is_never_on_both_sides_of_a_split():
    for shared in (False, True):
        train, test = split_by_place(place_names(shared=shared), test=0.25, seed=3)
        assert not {p.place for p in train} & {p.place for p in test}
        assert not {p.name for p in train} & {p.name for p in test}


def test_a_split_by_place_has_the_size_asked_for_and_loses_nothing():
    names = place_names()
    train, test = split_by_place(names, test=0.25)
    places = {p.place for p in names}
    assert len({p.place for p in test}) == round(len(places) / 4)
    assert sorted(train + test) == sorted(names)


def test_the_seed_decides_a_split_by_place():
    names = place_names(["de"])
    assert split_by_place(names, seed=1) == split_by_place(names, seed=1)
    assert split_by_place(names, seed=1) != split_by_place(names, seed=2)


def test_a_slow_sample_says_who_loaded_it_and_when():
    sample = SlowDataset(3, seconds=0.01)[2]
    assert (sample["index"], sample["worker"]) == (2, -1)
    assert sample["end"] - sample["start"] >= 0.01


def test_workers_share_the_samples_of_a_slow_dataset():
    loader = DataLoader(SlowDataset(4, seconds=0.0), batch_size=1, num_workers=2)
    samples = list(loader)
    assert [int(s["worker"]) for s in samples] == [0, 1, 0, 1]
    assert len({int(s["process"]) for s in samples}) == 2


def test_names_are_a_file_of_ours_so_no_package_changes_them():
    assert len(place_names()) == 2304
    assert len(place_names(["de"])) == 369


def test_twelve_pictures_of_mnist_are_kept():
    images, labels = mnist_sample()
    assert len(images) == len(labels) == 12
    assert {(image.size, image.mode) for image in images} == {((28, 28), "L")}


def test_copies_are_remembered_only_where_one_is_in_the_training_part():
    copies = noisy_copies(Digits(), originals=200, times=5)
    order = torch.randperm(1000, generator=torch.Generator().manual_seed(0))
    assert copies.accuracy(order[200:], order[:200]) > 0.95
    held = copies.original < 40
    assert copies.accuracy(~held, held) < 0.2
