"""A picture stands alone on any page, in any theme, at any size of type."""

import io
import re

import pytest
from PIL import Image

from course_utils.pictures.palette import INK, MODEL, NOW, PANEL, TRUTH, channels
from course_utils.pictures.svg import Picture, stripes


def striped(fill):
    picture = Picture(140, 70, "a box with stripes and an arrow")
    picture.rect(10, 10, 40, 30, fill, hatch=True)
    picture.line(60, 60, 130, 20, NOW, arrow=True)
    return picture


def test_a_picture_needs_nothing_that_another_one_could_take_away():
    svg = striped(MODEL).svg()
    assert " id=" not in svg and "url(" not in svg and "<defs" not in svg


@pytest.mark.parametrize(
    "fill, ink", [(PANEL, INK), ("none", INK), (TRUTH, "#000000"), (MODEL, "#ffffff")]
)
def test_stripes_follow_the_ink_that_can_be_read_on_their_ground(fill, ink):
    assert re.search(
        rf'stroke="{re.escape(ink)}"[^>]*class="hatch"', striped(fill).svg()
    )


def test_stripes_stay_in_their_box_and_meet_those_of_the_next():
    starts = re.findall(
        r"M([\d.]+) ([\d.]+)l([\d.]+) -([\d.]+)", stripes(10, 4, 40, 30)
    )
    assert len(starts) == 11
    for x, y, right, up in (map(float, start) for start in starts):
        assert 10 <= x and x + right <= 50 and y <= 34 and y - up >= 4
        assert (x + y) % 6 == 0 and right == up


def test_an_arrow_points_the_way_of_its_line_in_its_color():
    picture = Picture(50, 50, "an arrow")
    picture.line(10, 40, 10, 20, NOW, arrow=True)
    d, color = re.findall(r'd="(M[^"]*z)" fill="([^"]*)"', picture.svg())[-1]
    (x, tip), *corners = [
        tuple(map(float, p))
        for p in re.findall(r"(\S+?) ([\d.]+)", d[1:].replace("L", " "))
    ]
    assert (x, tip) == (10, 20) and color == NOW
    assert all(y > tip for _, y in corners)


def test_a_live_picture_is_as_large_as_the_type_and_scrolled_where_it_is_narrow():
    html = Picture(700, 350, "words").html()
    assert "overflow-x:auto" in html and "--jp-content-font-size1" in html
    assert "width:50.00em;min-width:40.00em;max-width:100%" in html


def test_a_thin_line_keeps_its_color_in_a_png_of_few_colors():
    picture = Picture(200, 200, "many colors, and one line of the accent")
    for i in range(100):
        picture.rect(2 * i, 0, 2, 200, f"#{i * 2:02x}{99 + i:02x}{255 - i:02x}")
    picture.line(0, 100, 200, 100, NOW, 2)
    image = Image.open(io.BytesIO(picture.png(1)))
    colors = {color for _, color in image.convert("RGB").getcolors()}
    assert channels(NOW) in colors and len(colors) <= 64
