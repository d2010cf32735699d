"""A function of two variables, seen from above: bands, contours, paths, points."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from contourpy import FillType, LineType, contour_generator

from .svg import INK, LINE, Picture


class Plane:
    """A square part of a picture where `(x, y)` in `limits` have their places.

    left, top, side: where the square stands, in pixels.
    limits: the lowest and highest value, the same for x and y.
    """

    def __init__(self, picture: Picture, left, top, side, limits: tuple[float, float]):
        self.picture, self.left, self.top, self.side = picture, left, top, side
        self.low, self.high = limits
        picture.rect(left, top, side, side, "none", LINE, 0)

    def ticks(self, size: int) -> np.ndarray:
        """`size` values from the lowest to the highest, to make a grid of."""
        return np.linspace(self.low, self.high, size)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """The pixels of a point; one outside is moved to the edge."""
        return (
            self.left + self.side * self._share(x),
            self.top + self.side * (1 - self._share(y)),
        )

    def _share(self, value: float) -> float:
        """0 at the lowest value, 1 at the highest; `value` may be NaN."""
        share = (float(value) - self.low) / (self.high - self.low)
        return min(share, 1.0) if share > 0 else 0.0

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

    def path(self, points: Iterable[tuple[float, float]], **style) -> None:
        """A line from point to point."""
        self.picture.path(self._trace(points), **style)

    def mark(self, x: float, y: float, shape: str, fill: str, size: float = 4) -> None:
        """A point as a `"circle"`, a `"square"` or a `"triangle"`."""
        x, y = self.place(x, y)
        edge = INK if size >= 2 else "none"
        if shape == "circle":
            self.picture.circle(x, y, size, fill, edge, stroke_width=1)
        elif shape == "square":
            box = (x - size, y - size, 2 * size, 2 * size)
            self.picture.rect(*box, fill, edge, 0, stroke_width=1)
        else:
            d = f"M{x:.1f} {y - 1.3 * size:.1f}l{1.2 * size} {2.2 * size}"
            self.picture.path(f"{d}h{-2.4 * size}z", edge, 1, fill=fill)

    def _maker(self, values: np.ndarray, **kinds):
        rows, columns = values.shape
        x, y = self.ticks(columns), self.ticks(rows)
        return contour_generator(x, y, np.nan_to_num(values), **kinds)

    def _trace(self, points: Iterable[tuple[float, float]]) -> str:
        points = points.tolist() if isinstance(points, np.ndarray) else points
        places = (self.place(x, y) for x, y in points)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
