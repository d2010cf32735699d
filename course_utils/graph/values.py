"""Copies of what a tensor held at one moment, and the text that shows it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

FULL = 16  # elements that are still shown one by one
SIDE = 4  # and at most so many rows and columns of them


@dataclass(frozen=True)
class Value:
    """What a tensor held: all of a small one, a summary of a large one.

    shape: its sizes. numbers: a copy of a tensor of at most 16 elements, else None.
    low, high, mean: the summary of a larger one. note: why there are no numbers.
    """

    shape: tuple[int, ...]
    dtype: str
    bytes: int
    numbers: Tensor | None = None
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    note: str = ""

    @property
    def size(self) -> str:
        """The shape as it is written on an edge: `2×3`, or `scalar`."""
        return size_text(self.shape)

    def lines(self) -> list[str]:
        """The rows to draw: numbers in columns, or a summary of two lines."""
        if self.note:
            return [self.note]
        if self.numbers is None:
            return [
                f"{_short(self.low)} … {_short(self.high)}",
                f"mean {_short(self.mean)}",
            ]
        if not self.numbers.numel():
            return ["empty"]
        columns = self.shape[-1] if self.shape else 1
        cells = _cells(self.numbers.flatten().tolist())
        wide = max(map(len, cells))
        rows = (cells[i : i + columns] for i in range(0, len(cells), columns))
        return ["  ".join(cell.rjust(wide) for cell in row) for row in rows]

    def inline(self) -> str:
        """The same in one line, for a sentence."""
        rows = self.lines()
        if self.note or self.numbers is None:
            return ", ".join(rows)
        rows = [" ".join(row.split()) for row in rows]
        return rows[0] if not self.shape else "[" + " | ".join(rows) + "]"


def size_text(shape: Iterable[int]) -> str:
    """`2×3`, or `scalar`."""
    return "×".join(map(str, shape)) or "scalar"


def take(tensor: Tensor, summarize: bool = True) -> Value:
    """Copy what `tensor` holds now; nothing of it is kept alive.

    summarize: False saves the time to read through a large tensor.
    """
    with torch._C.DisableTorchFunction(), torch.no_grad():
        kind = str(tensor.dtype).removeprefix("torch.")
        if tensor.is_nested:
            return Value((), kind, 0, note="nested tensor")
        shape = tuple(tensor.shape)
        size = tensor.numel() * tensor.element_size()
        if tensor.layout is not torch.strided:
            return _sparse(tensor, shape, kind)
        if tensor.is_quantized:
            return Value(shape, kind, size, note=f"quantized {kind}")
        if tensor.device.type == "meta" or type(tensor).__name__ == "FakeTensor":
            return Value(shape, kind, 0, note="no data (meta)")
        if _is_small(shape):
            return Value(shape, kind, size, tensor.detach().cpu().clone())
        if not summarize:
            return Value(shape, kind, size, note=size_text(shape))
        return _summary(tensor.detach(), shape, kind, size)


def _is_small(shape: tuple[int, ...]) -> bool:
    count = math.prod(shape)
    columns = shape[-1] if shape else 1
    rows = count // columns if columns else 0
    return count == 0 or (count <= FULL and rows <= SIDE and columns <= SIDE)


def _sparse(tensor: Tensor, shape: tuple[int, ...], kind: str) -> Value:
    layout = str(tensor.layout).removeprefix("torch.").replace("_", " ")
    count = tensor._nnz() if tensor.layout is not torch._mkldnn else 0
    return Value(shape, kind, 0, note=f"{layout}, {count} stored")


def _summary(tensor: Tensor, shape: tuple[int, ...], kind: str, size: int) -> Value:
    if tensor.is_complex():
        return Value(shape, kind, size, note="complex")
    if not tensor.is_floating_point():
        tensor = tensor.float()
    low, high = torch.aminmax(tensor)
    mean = tensor.mean().item()
    return Value(shape, kind, size, None, low.item(), high.item(), mean)


def _cells(values: list) -> list[str]:
    """All whole, or all with two decimals, or all short: columns that compare."""
    if isinstance(values[0], complex):
        return [f"{value:.2g}" for value in values]
    if not isinstance(values[0], float):
        return [str(value) for value in values]
    sizes = [abs(value) for value in values if math.isfinite(value) and value]
    if all(size == int(size) and size < 10_000 for size in sizes):
        return [f"{value + 0.0:.0f}" for value in values]
    if 0.1 <= max(sizes) < 10_000:
        return ["≈0" if 0 < abs(v) < 0.005 else f"{v + 0.0:.2f}" for v in values]
    return [_short(value) for value in values]


def _short(value: float) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)


def bytes_text(count: int) -> str:
    """`96 B`, `1.5 KB`, `44.7 MB`."""
    for unit in ("B", "KB", "MB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} GB"
