"""Tables of numbers: a broadcasting mistake, a matrix product, a confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import torch
from torch import Tensor

from course_utils.errors import CourseError
from course_utils.locale.again import N_

from .palette import DATA, GOOD, INK, MODEL, PANEL, PAPER, SOFT, TRUTH, WRONG
from .parts import Cell, draw_cell, frame, grid, mixed, outline, short
from .svg import Picture, fit, text_width

SIDE, HIGH, MOST = 46, 32, 8  # pixels of a cell; cells of a side that are drawn


def difference_table(predicted: Tensor, target: Tensor) -> Picture:
    """What `predicted - target` is for `(n, 1)` and `(n,)`: an `(n, n)` table.

    Its diagonal holds the n differences that were meant; where the predictions are
    right, these are zeros. In a lesson: `difference_table(predicted, target)`.
    Raises CourseError for other shapes, and for more than 8 samples.
    """
    n = len(target)
    if predicted.shape != (n, 1) or target.shape != (n,) or not 1 <= n <= MOST:
        shapes = f"{tuple(predicted.shape)} and {tuple(target.shape)}"
        raise CourseError(
            N_(
                "the shapes must be (n, 1) and (n,), n up to 8, not {shapes}",
                shapes=shapes,
            )
        )
    table = (predicted - target).detach()
    alt = f"({n}, 1) − ({n},) is ({n}, {n}): {n} differences that were meant, on the "
    alt += f"diagonal, and {n * n - n} that were not."
    left, top = 190, 100
    picture = Picture(left + n * SIDE + 250, top + n * HIGH + 16, alt)
    picture.text(8, 20, f"({n}, 1) − ({n},) → ({n}, {n})", 15, bold=True, mono=True)
    picture.text(left, 54, "target", 13, fill=SOFT)
    picture.text(left - SIDE - 12, top - 8, "predicted", 13, "middle", SOFT)
    rows = [[Cell(short(v), TRUTH) for v in target.tolist()]]
    grid(picture, left, 60, rows, SIDE, 28)
    column = [[Cell(short(v), MODEL)] for v in predicted.flatten().tolist()]
    grid(picture, left - SIDE - 36, top, column, SIDE, HIGH)
    cells = [[Cell(short(v), PANEL) for v in row] for row in table.tolist()]
    for i in range(n):
        cells[i][i] = Cell(cells[i][i].text, GOOD, bold=True)
    grid(picture, left, top, cells, SIDE, HIGH)
    x = left + n * SIDE + 24
    draw_cell(picture, x, top, 22, 16, Cell("", GOOD))
    picture.text(x + 30, top + 13, f"{n} were meant", 13)
    draw_cell(picture, x, top + 26, 22, 16, Cell("", PANEL))
    picture.text(x + 30, top + 39, f"{n * n - n} compare strangers", 13)
    mean = table.square().mean().item()
    meant = table.diagonal().square().mean().item()
    picture.text(x, top + 70, f"mean of the squares: {mean:.2f}", 13)
    picture.text(x, top + 90, f"of the diagonal: {meant:.2f}", 13, bold=True)
    return picture


def matrix_product(a: Tensor, b: Tensor, row: int = 0, column: int = 0) -> Picture:
    """`a @ b` for `(n, k)` and `(k, m)`: one row times one column is one number.

    row, column: which number of the product is computed. In a lesson:
    `matrix_product(x, w, row=1)`. Raises CourseError for shapes that do not fit, more
    than 8 rows or columns, and a place outside.
    """
    shapes = tuple(a.shape), tuple(b.shape)
    if a.dim() != 2 or b.dim() != 2 or a.shape[1] != b.shape[0]:
        raise CourseError(
            N_("the shapes must be (n, k) and (k, m), not {shapes}", shapes=shapes)
        )
    (n, k), m = shapes[0], b.shape[1]
    if max(n, k, m) > MOST or not (0 <= row < n and 0 <= column < m):
        raise CourseError(
            N_("at most 8 rows and columns, and a number within the product")
        )
    a, b = a.detach(), b.detach()
    product = a @ b
    terms = zip(a[row].tolist(), b[:, column].tolist(), strict=True)
    total = short(product[row, column].item())
    equation = (
        " + ".join(f"{_factor(x)}·{_factor(y)}" for x, y in terms) + f" = {total}"
    )
    alt = f"{shapes[0]} @ {shapes[1]} is {(n, m)}; row {row} times column {column}: "
    left, top = 8, 52
    second, third = left + k * SIDE + 44, left + (k + m) * SIDE + 88
    width = max(third + m * SIDE + 8, text_width(equation, 14, mono=True) + 16)
    picture = Picture(width, top + max(n, k) * HIGH + 46, f"{alt}{equation}.")
    a_row = [(row, j) for j in range(k)]
    b_column = [(i, column) for i in range(k)]
    _matrix(picture, left, top, "a", a, a_row, DATA)
    _matrix(picture, second, top, "b", b, b_column, MODEL)
    _matrix(picture, third, top, "a @ b", product, [(row, column)], GOOD)
    frame(picture, third + column * SIDE, top + row * HIGH, SIDE, HIGH)
    for x, sign in ((second, "@"), (third, "=")):
        picture.text(x - 22, top + HIGH, sign, 18, "middle", bold=True)
    picture.text(left, picture.height - 12, equation, 14, mono=True)
    return picture


def _matrix(picture: Picture, x, top, name: str, matrix: Tensor, chosen, fill) -> None:
    """A matrix under its name and shape, with the chosen cells in a color."""
    picture.text(x, top - 30, name, 14, bold=True, mono=True)
    picture.text(x, top - 12, tuple(matrix.shape), 13, fill=SOFT, mono=True)
    cells = [[Cell(short(v), PAPER) for v in line] for line in matrix.tolist()]
    for i, j in chosen:
        cells[i][j] = Cell(cells[i][j].text, fill, bold=True)
    grid(picture, x, top, cells, SIDE, HIGH)


def _factor(value: float) -> str:
    text = short(value)
    return f"({text})" if text.startswith("-") else text


def confusion_map(counts: Tensor, names: Sequence[object]) -> Picture:
    """A confusion matrix `(n, n)` as a map: rows are targets, columns predictions.

    The stronger a cell, the larger its share of the row; mistakes are pink.
    In a lesson: `confusion_map(confusion(targets, predicted, 10), range(10))`.
    Raises CourseError where there is not one name a class, or more than 16.
    """
    n = len(names)
    if counts.shape != (n, n) or not 1 <= n <= 16:
        raise CourseError(
            N_(
                "{n} names (at most 16) for counts {value}",
                n=n,
                value=tuple(counts.shape),
            )
        )
    right, total = int(counts.diagonal().sum()), int(counts.sum())
    alt = f"Confusion of {n} classes: {right} of {total} on the diagonal."
    longest = max(text_width(str(name), 12) for name in names)
    side, left, top = min(44, 400 // n), 20 + round(min(max(54, longest), 110)), 56
    top += round(0.64 * min(longest, 110))
    picture = Picture(left + n * side + 190, top + n * side + 12, alt)
    picture.sharpness = 1
    picture.text(left, 20, "predicted →", 13, bold=True)
    picture.text(8, 40, "target ↓", 13, bold=True)
    rows = counts.double() / counts.sum(1, keepdim=True).clamp(min=1)
    cells = [
        [
            Cell(int(c) or "", mixed(GOOD if i == j else WRONG, 0 if not c else s**0.5))
            for j, (c, s) in enumerate(zip(line, shares, strict=True))
        ]
        for i, (line, shares) in enumerate(
            zip(counts.tolist(), rows.tolist(), strict=True)
        )
    ]
    grid(picture, left, top, cells, side, size=12)
    outline(picture, left, top, side, torch.eye(n))
    for i, name in enumerate(names):
        middle = (i + 0.5) * side
        picture.text(left - 8, top + middle + 4, name, 12, "end", width=left - 12)
        turn = f"translate({left + middle} {top - 8}) rotate(-40)"
        words = escape(fit(str(name), 110, 12))
        picture.add("text", words, transform=turn, font_size=12, fill=INK)
    x = left + n * side + 16
    picture.text(x, top + 14, f"{right} of {total} right:", 13, bold=True)
    picture.text(x, top + 32, "the diagonal", 13)
    wrong = counts.clone().fill_diagonal_(0)
    i, j = divmod(int(wrong.argmax()), n)
    if wrong[i, j]:
        picture.text(x, top + 62, "most often confused:", 13, bold=True)
        picture.text(x, top + 80, f"{names[i]}, taken for", 13, width=174)
        picture.text(x, top + 98, f"{names[j]}: {int(wrong[i, j])}×", 13, width=174)
    return picture
