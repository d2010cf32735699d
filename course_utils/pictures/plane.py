"""A function of two variables, seen from above: bands, contours, paths, points."""

from __future__ import annotations

import numpy as np
from contourpy import FillType, LineType, contour_generator

from .palette import LINE
from .parts import Chart
from .svg import Picture


class Plane(Chart):
    """A square chart whose points are a function's `(x, y)`, both in `limits`.

    left, top, side: where the square stands, in pixels.
    """

    def __init__(self, picture: Picture, left, top, side, limits: tuple[float, float]):
        super().__init__(picture, left, top, side, side, limits, limits)
        picture.rect(left, top, side, side, "none", LINE, 0)

    def ticks(self, size: int) -> np.ndarray:
        """`size` values from the lowest to the highest, to make a grid of."""
        return np.linspace(*self.xs, size)

    def bands(self, values: np.ndarray, levels: list[float], fills: list[str]) -> None:
        """Fill where `values` `(rows, columns)` lie between each level and the next."""
        maker = self._maker(values, fill_type=FillType.OuterOffset)
        for low, high, fill in zip(levels[:-1], levels[1:], fills, strict=True):
            rings = []
            for points, offsets in zip(*maker.filled(low, high), strict=True):
                rings += [points[a:b] for a, b in zip(offsets, offsets[1:])]  # noqa: B905
            if rings:
                d = "".join(self._trace(ring) + "Z" for ring in rings)
                self.picture.path(d, "none", 0, fill=fill, fill_rule="evenodd")

    def contour(self, values: np.ndarray, level: float, **style) -> None:
        """The line where `values` `(rows, columns)` cross a level."""
        lines = self._maker(values, line_type=LineType.Separate).lines(level)
        if lines:
            self.picture.path("".join(map(self._trace, lines)), **style)

    def _maker(self, values: np.ndarray, **kinds):
        rows, columns = values.shape
        x, y = self.ticks(columns), self.ticks(rows)
        return contour_generator(x, y, np.nan_to_num(values), **kinds)

    def _trace(self, points: np.ndarray) -> str:
        places = ((self.x(x), self.y(y)) for x, y in points.tolist())
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
