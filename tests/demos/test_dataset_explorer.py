"""The dataset explorer."""

import pytest
import torch

from course_utils.data import Digits, wine
from course_utils.demos.dataset_explorer import (
    TRANSFORMS,
    _transformed,
    change,
    dataset_explorer,
    facts,
)
from course_utils.errors import CourseError

IMAGE = Digits()[7][0]


def test_the_slider_reaches_every_sample_and_no_more():
    index = dataset_explorer().controls["index"]
    assert (index.min, index.max) == (0, len(Digits()) - 1)


def test_the_index_and_the_transform_choose_what_is_told():
    demo = dataset_explorer()
    demo.controls["index"].value = 1436
    demo.controls["transform"].value = "CenterCrop(6)"
    _, label = Digits()[1436]
    assert f"Sample 1436: (1, 6, 6) float32, 0.00 to 1.00; label {label};" in (
        demo.drawn.alt
    )


def test_what_a_transform_changed_is_counted_and_marked():
    flipped = change(IMAGE, IMAGE.flip(2))
    assert torch.equal(flipped.other, (IMAGE != IMAGE.flip(2))[0])
    number = int(flipped.other.sum())
    assert flipped.words == (f"{number} of 64", "pixels changed") and number > 10
    assert change(IMAGE, IMAGE).words == ("", "the same")


def test_a_crop_is_found_where_it_was_cut_out():
    cut = change(IMAGE, IMAGE[:, 1:7, 2:8])
    assert cut.cut == (1, 2) and not cut.other.any()
    assert cut.words == ("36 of 64", "pixels kept")


def test_it_begins_with_a_transform_that_changes_something():
    demo = dataset_explorer()
    assert TRANSFORMS[demo.controls["transform"].value] is not None
    assert "pixels changed" in demo.drawn.alt


def test_a_random_transform_draws_the_same_picture_again_and_leaves_the_random_state():
    before = torch.get_rng_state()
    noise = [_transformed(lambda x: x + torch.rand(1), IMAGE, 3) for _ in range(2)]
    assert torch.equal(*noise) and facts(noise[0]) != facts(IMAGE)
    assert torch.equal(torch.get_rng_state(), before)


def test_an_own_dataset_and_an_own_transform():
    def darker(image):
        return image / 2

    demo = dataset_explorer([(torch.rand(3, 20, 10), "cat")] * 4, darker)
    assert demo.controls["index"].max == 3
    assert "label cat; transform darker: 200 of 200 pixels changed" in demo.drawn.alt


@pytest.mark.parametrize("wrong", [5, [], list(zip(*wine()[:2], strict=True)), ["ab"]])
def test_what_is_no_dataset_of_images_is_refused_in_one_sentence(wrong):
    with pytest.raises(CourseError) as error:
        dataset_explorer(wrong)
    assert "\n" not in str(error.value)
