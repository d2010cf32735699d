"""The course's one code of colors and its one set of words.

A color means one thing in every picture, and never stands alone: a shape, a dash,
stripes or a word say the same. Pictures take the colors below by their meaning.
"""

from __future__ import annotations

# Lab's own theme variables, so that a live picture follows light and dark; the value
# behind the comma is what a PNG and any page outside Lab use.
INK = "var(--jp-content-font-color1, #1f2328)"
SOFT = "var(--jp-content-font-color2, #57606a)"
LINE = "var(--jp-border-color0, #6e7781)"
PAPER = "var(--jp-layout-color0, #ffffff)"
PANEL = "var(--jp-layout-color2, #eef0f2)"

BLACK, WHITE = "#000000", "#ffffff"

# The hues of Okabe and Ito (2008), made to be told apart by color-blind people.
NOW = "#d55e00"  # what works, moves or has just changed; the way a gradient went
MODEL = "#0072b2"  # what the model does: operations, predictions, its training
TRUTH = "#e69f00"  # what it is measured by: targets, validation
DATA = "#56b4e9"  # what goes in: samples, features, tensors in general
LEARNED = "#f0e442"  # what training changes: leaves, parameters, kernels
GOOD = "#009e73"  # right, the best so far, the goal
WRONG = "#cc79a7"  # wrong, a misfit, a distance to the target; striped or crossed too

ROLES = (NOW, MODEL, TRUTH, DATA, LEARNED, GOOD, WRONG)

# Only told apart, by a number or a mark as well: batches, classes, methods, workers.
SERIES = (DATA, TRUTH, GOOD, WRONG, LEARNED, MODEL)

# Above and below zero, where numbers are drawn as a map; their sign is written too.
PLUS, MINUS = TRUTH, MODEL

# Words that pictures do not use, and the course's own word for the same thing.
WORDS = {
    "held-out": "validation",
    "held out": "validation",
    "valid loss": "validation loss",
    "ground truth": "target",
    "guess": "prediction",
    "hatched": "striped",
}


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of a `#rrggbb` color."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def luminance(color: str) -> float:
    """How light a `#rrggbb` color is, 0 to 1, as WCAG 2 computes it."""
    shares = [channel / 255 for channel in channels(color)]
    linear = [
        s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(color: str) -> str:
    """What is easiest to read on a color: black or white, or a theme's own ink."""
    if not color.startswith("#"):
        return INK
    return BLACK if luminance(color) > 0.179 else WHITE
