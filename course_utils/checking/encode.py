"""Turn a value into plain JSON, once, without trusting the value's own methods."""

from __future__ import annotations

import math

import numpy as np
import torch

LIMIT = 2000  # numbers in one observation; more are summarized
DEPTH = 12  # containers in containers


class Raised:
    """What `raises` saw: an exception, or `None` when the call went through."""

    def __init__(self, error: BaseException | None):
        self.error = error


def encode(value, limit: int = LIMIT, depth: int = DEPTH) -> dict:
    """Describe a value as JSON: its kind, and what is in it.

    Tensors become `{"kind": "tensor", "dtype", "shape", "device", "values"}` with the
    values in a flat list, or `None` there when they are more than `limit`. Types are
    asked of `type()`, contents of the base classes, so a value that lies about its
    class, its length or its equality is still seen as it is.
    """
    kind = type(value)
    if value is None:
        return {"kind": "None"}
    for base, describe in SIMPLE.items():
        if issubclass(kind, base):
            return describe(value)
    if issubclass(kind, torch.Tensor):
        return _tensor(value, limit)
    if issubclass(kind, np.ndarray):
        array = (
            torch.from_numpy(np.array(value)) if value.dtype.kind in "biuf" else None
        )
        if array is not None:
            return {**_tensor(array, limit), "kind": "array"}
    if depth == 0:
        return {"kind": "too deep"}
    for base, describe in CONTAINERS.items():
        if issubclass(kind, base):
            return describe(value, limit, depth - 1)
    return {"kind": "object", "type": kind.__name__}


def _number(value: float):
    """JSON has no NaN and no infinities."""
    return value if math.isfinite(value) else str(value)


def _complex(value) -> list:
    return [_number(value.real), _number(value.imag)]


def _tensor(value: torch.Tensor, limit: int) -> dict:
    cls = type(value)
    if cls.__torch_dispatch__ is not torch.Tensor.__torch_dispatch__:
        return {"kind": "object", "type": cls.__name__}
    with torch._C.DisableTorchFunctionSubclass(), torch.no_grad():
        plain = torch.Tensor.as_subclass(value, torch.Tensor).detach()
        told = {
            "kind": "tensor",
            "dtype": str(plain.dtype).removeprefix("torch."),
            "shape": list(plain.shape),
            "device": plain.device.type,
        }
        if plain.layout is not torch.strided:
            told["layout"] = str(plain.layout).removeprefix("torch.")
        if plain.numel() > limit or plain.is_meta:
            return {**told, "values": None}
        return {**told, "values": _values(plain)}


def _values(plain: torch.Tensor) -> list:
    dense = plain.dequantize() if plain.is_quantized else plain
    flat = dense.to_dense().cpu().resolve_conj().resolve_neg().reshape(-1)
    if flat.is_complex():
        return [_complex(v) for v in flat.tolist()]
    if not flat.is_floating_point():
        return flat.tolist()
    if flat.dtype == torch.float64:
        return [_number(v) for v in flat.tolist()]
    # The shortest decimal that gives the same float32 again, for short notebooks.
    return [_number(float(str(v))) for v in flat.float().numpy()]


def _sequence(kind: str, items, limit: int, depth: int) -> dict:
    items = list(items)
    if len(items) > limit:
        return {"kind": kind, "length": len(items), "items": None}
    return {"kind": kind, "items": [encode(v, limit, depth) for v in items]}


def _tuple(value, limit: int, depth: int) -> dict:
    told = _sequence("tuple", tuple.__iter__(value), limit, depth)
    fields = getattr(type(value), "_fields", None)
    if fields:
        told.update(kind="namedtuple", name=type(value).__name__, fields=list(fields))
    return told


def _dict(value, limit: int, depth: int) -> dict:
    pairs = list(dict.items(value))
    if len(pairs) > limit:
        return {"kind": "dict", "length": len(pairs), "items": None}
    items = [[encode(k, limit, depth), encode(v, limit, depth)] for k, v in pairs]
    return {"kind": "dict", "items": items}


def _set(value, limit: int, depth: int) -> dict:
    told = _sequence("set", value, limit, depth)
    if told["items"] is not None:
        told["items"].sort(key=repr)
    return told


def _raised(value: Raised) -> dict:
    return {"kind": "no error"} if value.error is None else describe_error(value.error)


def describe_error(error: BaseException) -> dict:
    """The kind of an error, its bases, and its message without what varies."""
    bases = [c.__name__ for c in type(error).__mro__[1:] if c is not object]
    try:
        message = str(error)
    except Exception:
        message = ""
    return {
        "kind": "error",
        "type": type(error).__name__,
        "bases": bases,
        "message": message[:2000],
    }


SIMPLE = {
    bool: lambda v: {"kind": "bool", "value": v},
    np.generic: lambda v: encode(v.item()),
    int: lambda v: {"kind": "int", "value": int.__int__(v)},
    float: lambda v: {"kind": "float", "value": _number(float.__float__(v))},
    complex: lambda v: {"kind": "complex", "value": _complex(complex(v))},
    str: lambda v: {"kind": "str", "value": str.__str__(v)[:4000]},
    bytes: lambda v: {"kind": "bytes", "value": bytes.hex(v)[:4000]},
    torch.dtype: lambda v: {"kind": "dtype", "value": str(v).removeprefix("torch.")},
    torch.device: lambda v: {"kind": "device", "value": str(v)},
    Raised: _raised,
    type: lambda v: {"kind": "type", "value": v.__name__},
}
CONTAINERS = {
    list: lambda v, limit, depth: _sequence("list", list.__iter__(v), limit, depth),
    tuple: _tuple,
    dict: _dict,
    set: _set,
    frozenset: _set,
    range: lambda v, limit, depth: _sequence("range", v, limit, depth),
}
