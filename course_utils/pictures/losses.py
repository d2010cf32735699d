"""Cross-entropy as a curve: −log p, with a dot on it."""

from __future__ import annotations

import math

from course_utils.errors import CourseError
from course_utils.locale.again import N_

from .palette import MODEL, NOW
from .parts import Chart
from .svg import Picture

HIGH = 5.0  # the largest loss on the axis


def minus_log(p: float) -> Picture:
    """The loss of one sample whose own class has the probability `p`, 0 to 1.

    In a lesson: `minus_log(0.5)`; to move the dot, `cross_entropy()` of the demos.
    Raises CourseError for another number.
    """
    if not 0 <= p <= 1:
        raise CourseError(N_("p must be a probability, 0 to 1, not {p}", p=p))
    loss = abs(math.log(p)) if p else math.inf
    shown = f"{loss:.2f}" if p else "infinite"
    picture = Picture(650, 304, f"A probability of {p:g} is a loss of {shown}.")
    picture.colors, picture.sharpness = 20, 1  # lesson 05 holds several large ones
    picture.text(8, 20, f"loss = −log({p:g}) = {shown}", 15, bold=True, mono=True)
    chart = Chart(picture, 40, 44, 430, 214, (0, 1), (0, HIGH))
    chart.axes({x / 4: f"{x / 4:g}" for x in range(5)}, {y: f"{y}" for y in range(6)})
    picture.text(chart.right, chart.bottom + 36, "p of the right class", 13, "end")
    points = (n / 200 for n in range(1, 201))
    chart.curve([(x, -math.log(x)) for x in points if -math.log(x) <= HIGH], MODEL)
    x, y = chart.x(p), chart.y(loss)
    picture.line(x, chart.bottom, x, y, NOW, 1.5, dash="4 3")
    picture.line(chart.left, y, x, y, NOW, 1.5, dash="4 3")
    chart.mark(p, loss, "circle", NOW, 7)
    verdict = (
        ("sure and right:", "hardly any loss")
        if p > 0.8
        else (
            ("sure and wrong:", "a very large loss")
            if p < 0.1
            else ("unsure:", "in between")
        )
    )
    for line, words in enumerate(verdict):
        picture.text(chart.right + 18, 70 + 20 * line, words, 14, bold=not line)
    return picture
