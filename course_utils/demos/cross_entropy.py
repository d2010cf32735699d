"""Cross-entropy: how the loss falls as the right class becomes more probable."""

from __future__ import annotations

import ipywidgets as widgets

from course_utils.errors import CourseError
from course_utils.locale.again import N_
from course_utils.pictures.losses import minus_log

from .base import FULL_NAME, Demo
from .blame import plain_errors


@plain_errors
def cross_entropy(p: float = 0.25) -> Demo:
    """Move the probability of the right class; the loss is −log p.

    p: where to begin, 0.01 to 1. Raises CourseError for another number.
    """
    if not (isinstance(p, int | float) and 0.01 <= p <= 1):
        raise CourseError(N_("p must be a probability from 0.01 to 1."))
    control = widgets.FloatSlider(
        p, min=0.01, max=1, step=0.01, description="p", style=FULL_NAME
    )
    words = N_("Demo: the cross-entropy of one sample, −log p, with a dot to move.")
    return Demo(minus_log, {"p": control}, words)
