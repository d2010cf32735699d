"""The dataset explorer."""

import re

import pytest
import torch

from course_utils.data import Digits
from course_utils.demos.dataset_explorer import TRANSFORMS, dataset_explorer


@pytest.fixture(scope="module")
def demo():
    return dataset_explorer()


def numbers(svg):
    """What stands in the pixels of both images."""
    return re.findall(r'text-anchor="middle"[^>]*>(-?[\d.]+)<', svg)


def test_the_slider_reaches_every_sample_and_no_more(demo):
    index = demo.controls["index"]
    assert (index.min, index.max) == (0, len(Digits()) - 1)


def test_the_index_chooses_the_sample(demo):
    demo.controls["transform"].value = "off"
    for index in (7, 1436):
        demo.controls["index"].value = index
        image, label = Digits()[index]
        assert f"label = {label} " in demo.picture.value
        shown = [float(n) for n in numbers(demo.picture.value)]
        expected = image.flatten().tolist() * 2
        assert torch.allclose(torch.tensor(shown), torch.tensor(expected), atol=0.006)


@pytest.mark.parametrize("name", [n for n in TRANSFORMS if n != "off"])
def test_a_transform_changes_the_sample_and_not_what_is_stored(demo, name):
    demo.controls["index"].value = 7
    demo.controls["transform"].value = "off"
    before = numbers(demo.picture.value)
    demo.controls["transform"].value = name
    after = numbers(demo.picture.value)
    assert after[:64] == before[:64] and after[64:] != before[64:]
    assert f"transform={name}" in demo.picture.value


def test_shape_dtype_and_range_are_those_of_the_sample(demo):
    demo.controls["transform"].value = "CenterCrop(6)"
    assert "(1, 6, 6) float32, 0.00 to 1.00" in demo.picture.value
    demo.controls["transform"].value = "Normalize([0.5], [0.5])"
    assert "(1, 8, 8) float32, -1.00 to 1.00" in demo.picture.value


def test_the_saved_notebook_gets_a_picture_and_words_that_do_not_vary(demo):
    data, _ = demo._repr_mimebundle_()
    demo.controls["index"].value = 20
    assert data["image/png"] and data["text/plain"] == demo.words
    assert demo._repr_mimebundle_()[0]["text/plain"] == demo.words
