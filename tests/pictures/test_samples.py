"""Still pictures of samples."""

import pytest

from course_utils.pictures.samples import both_sides, collating, loading, splits


def test_a_batch_has_one_dimension_more_in_every_form():
    svg = collating().svg()
    assert svg.count(">(4, 13)<") == 3 and svg.count(">(4,)<") == 2


def test_lazy_loading_keeps_what_was_asked_for():
    svg = loading(files=5, asked=(1, 3)).svg()
    assert ">5 in memory<" in svg and ">2 in memory<" in svg
    assert svg.count("stroke-dasharray") == 3


def test_an_original_counts_as_split_only_with_copies_on_both_sides():
    assert both_sides({(0, 1), (1, 1), (0, 2)}, copies=2) == 1
    assert both_sides(set(), copies=2) == 0


def test_both_splits_hold_back_as_many_rows_and_one_of_them_leaks():
    left, right = splits().svg().split(">split by original<")
    assert left.count('class="hatch"') == right.count('class="hatch"') == 10
    assert "both sides: 0 of 10" in right and "both sides: 0 of 10" not in left


@pytest.mark.parametrize("picture", [collating, loading, splits])
def test_every_picture_has_words_and_pixels(picture):
    data, metadata = picture()._repr_mimebundle_()
    assert data["image/png"] and data["text/plain"] == metadata["image/png"]["alt"]
