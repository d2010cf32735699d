import re

import pytest

from course_utils.errors import CourseError
from course_utils.pictures.pipeline import PARTS, pipeline


def boxes(picture):
    """Part → (fill, outline width, weight of the name), read from the SVG."""
    svg = picture.svg()
    rects = re.findall(r'<rect [^>]*fill="(.+?)" [^>]*stroke-width="(\d+)"', svg)
    weights = {
        name: "bold" in attributes
        for attributes, name in re.findall(r"<text ([^>]*)>([^<]+)<", svg)
    }
    return {p: (*rect, weights[p]) for p, rect in zip(PARTS, rects, strict=True)}


@pytest.mark.parametrize("part", PARTS)
def test_a_lit_part_stands_out_without_color_too(part):
    before, after = boxes(pipeline()), boxes(pipeline(part))
    changed = [name for name in PARTS if before[name] != after[name]]
    assert changed == [part]
    fill, outline, bold = after[part]
    assert fill != before[part][0] and int(outline) > int(before[part][1]) and bold


def test_the_words_name_the_lit_parts_in_their_order():
    picture = pipeline("step", "loss")
    assert picture.alt.endswith("This lesson: loss, step.")
    assert "No part stands out" in pipeline().alt


def test_an_unknown_part_names_the_parts():
    with pytest.raises(CourseError, match="no part 'Dataloader'.*Dataset, DataLoader"):
        pipeline("Dataset", "Dataloader")


def test_every_box_stands_inside_the_picture():
    picture = pipeline()
    xs = [float(x) for x in re.findall(r'<rect x="([\d.]+)"', picture.svg())]
    assert len(xs) == len(PARTS) and min(xs) >= 0
    assert max(xs) + 100 < picture.width <= 920
