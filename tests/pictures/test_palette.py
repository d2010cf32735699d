"""One code of colors and one set of words, for everybody's eyes."""

import ast
import re
from itertools import combinations

import numpy as np
import pytest

from course_utils.pictures.palette import ROLES, SERIES, WORDS, channels, ink_on
from course_utils.pictures.palette import luminance as light
from course_utils.tools.places import ROOT

MODULES = sorted(
    path.relative_to(ROOT / "course_utils").with_suffix("").as_posix()
    for room in ("pictures", "demos", "graph")
    for path in (ROOT / "course_utils" / room).glob("*.py")
)
# How the eye mixes linear red, green and blue where one kind of cone is missing:
# Machado, Oliveira and Fernandes (2009), severity 1.
EYES = {
    "all cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


def seen(color, eye):
    """The color as CIE L*a*b* of what an eye makes of it."""
    srgb = np.array(channels(color)) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    to_xyz = [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ]
    white = [0.9505, 1.0, 1.089]
    x, y, z = np.cbrt(to_xyz @ np.clip(EYES[eye] @ linear, 0, 1) / white)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", EYES)
def test_no_two_meanings_look_alike(eye):
    for one, other in combinations(ROLES, 2):
        distance = np.linalg.norm(seen(one, eye) - seen(other, eye))
        assert distance > 12, f"{one} and {other}: {distance:.0f}"


@pytest.mark.parametrize("color", ROLES)
def test_text_can_be_read_on_every_color(color):
    high, low = sorted((light(color), light(ink_on(color))), reverse=True)
    assert (high + 0.05) / (low + 0.05) > 4.5


def test_a_theme_keeps_its_own_ink():
    assert ink_on("var(--jp-layout-color2, #eef0f2)").startswith("var(")
    assert ink_on("none").startswith("var(")


def test_what_is_only_told_apart_never_looks_like_what_works_now():
    assert len(set(SERIES)) == len(SERIES) and ROLES[0] not in SERIES


HUES = {"BLUE", "ORANGE", "GREEN", "RED", "PINK", "SKY", "YELLOW", "PALETTE"}


def breaches(module):
    """Hues named or written out, and words that are not the course's."""
    tree = ast.parse((ROOT / "course_utils" / f"{module}.py").read_text())
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = [
        n.body[0].value
        for n in ast.walk(tree)
        if isinstance(n, documented) and isinstance(n.body[0], ast.Expr)
    ]
    for node in ast.walk(tree):
        if node in docstrings:
            continue
        if isinstance(node, ast.Name) and node.id in HUES:
            yield node.id
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"#[0-9a-f]{6}\b", node.value.lower())
            yield from (word for word in WORDS if word in node.value.lower())


@pytest.mark.parametrize("module", MODULES)
def test_a_picture_takes_colors_by_meaning_and_the_words_of_the_course(module):
    assert module == "pictures/palette" or list(breaches(module)) == []
