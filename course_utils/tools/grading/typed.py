"""Dataclasses as JSON, and back as the types they were written from, strictly."""

from __future__ import annotations

import functools
import json
import math
import types
import typing
from dataclasses import asdict, is_dataclass
from enum import Enum
from typing import Any


def dump(value: Any) -> str:
    """A dataclass as JSON. Raises TypeError or ValueError for what JSON cannot hold."""
    try:
        return json.dumps(asdict(value))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def load(kind: Any, text: str) -> Any:
    """JSON as a declared type: `int`, `list[str]`, a dataclass, `X | None` …

    Raises TypeError or ValueError for what that type cannot have been written as.
    """
    try:
        return _typed(kind, json.loads(text))
    except (RecursionError, OverflowError) as error:
        raise ValueError("nested too deeply, or too large a number") from error


def _typed(kind: Any, value: object) -> Any:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        kinds = [k for k in inner if k is not types.NoneType]
        return None if value is None else _typed(kinds[0], value)
    if is_dataclass(kind):
        return _dataclass(kind, value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if isinstance(value, list) and (origin or kind) in (list, tuple):
        parts = [_typed(inner[0], item) if inner else item for item in value]
        return parts if (origin or kind) is list else tuple(parts)
    if isinstance(value, dict) and origin is dict:
        return {key: _typed(inner[1], item) for key, item in value.items()}
    if kind is float:
        if type(value) in (int, float) and math.isfinite(value):
            return value
    elif kind in (object, Any) or type(value) is kind:
        return value
    raise TypeError(f"not {kind}: {value!r}"[:200])


def _dataclass(kind: Any, value: object) -> Any:
    hints = _hints(kind)
    if not isinstance(value, dict) or value.keys() != hints.keys():
        raise TypeError(f"not {kind}: {value!r}"[:200])
    return kind(**{name: _typed(hints[name], item) for name, item in value.items()})


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
