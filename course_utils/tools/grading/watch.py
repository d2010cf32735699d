"""What a learner's code may not rewrite: looked at before it runs, and after each cell.

It is imported before any code of a learner's, where kernels are forked from. Like the
witness, it has builtins of its own, and afterwards no name leads to it.
"""

# ruff: noqa: E402
import builtins

__builtins__ = dict(vars(builtins))  # a learner who rewrites `len` rewrites another

import collections
import copy
import functools
import importlib
import inspect
import itertools
import json
import math
import operator
import os
import random
import sys
import types
import typing

import numpy as np
import torch
from jupyter_client.session import Session

from course_utils import checking, judging
from course_utils.checking import observe

# What checks call, and so what a learner might rewrite to have them see another thing.
WATCHED = [
    *(builtins, collections, copy, functools, inspect, itertools, json, json.encoder),
    *(math, operator, random, types, np, Session),
    *(torch, torch.autograd, torch.linalg, torch.nn, torch.nn.functional),
    *(torch.nn.init, torch.optim, torch.testing, torch.utils.data),
]
OURS = (checking.__name__, judging.__name__)
KINDS = (types.FunctionType, types.BuiltinFunctionType, type, types.ModuleType)
# IPython's own; the last is what torch.set_default_dtype rightly changes.
OWN_NAMES = set(
    "display get_ipython exit quit copyright credits license input Storage".split()
)
TORCH_FILES = os.path.dirname(torch.__file__) + os.sep
code_of, is_same = operator.attrgetter("__code__"), operator.is_


class Watch:
    """What was found in place before any code of a learner's."""

    def __init__(self):
        self.private = private_copies()
        ours = [*self.private.values(), *map(sys.modules.get, our_names())]
        self.snapshots, self.parts = snapshots(ours), parts_of(ours)

    def look(self) -> list[str]:
        """Names of what has been rewritten since."""
        found = [name for before in self.snapshots for name in before.rewritten()]
        found += [p.name for p in self.parts if not same(p.inner, inner_of(p.value))]
        return list(dict.fromkeys(found))


class Snapshot(typing.NamedTuple):
    """What a module or class was: its functions, classes and modules by name; its plain
    functions with their code; what a class has from its bases.

    now: what it is, always as of today.
    """

    owner: object
    now: typing.Mapping
    names: list
    values: list
    functions: list
    codes: list
    inherited: dict

    def rewritten(self) -> list[str]:
        """Names whose function, class or module is no longer the one it was."""
        now, changed = self.now, []
        if not same(self.values, [*map(now.get, self.names)]):
            pairs = zip(self.names, self.values, strict=True)
            changed = [n for n, old in pairs if not torch_wraps(now.get(n), old)]
        if not same(self.codes, [*map(code_of, self.functions)]):
            pairs = zip(self.functions, self.codes, strict=True)
            changed += [f.__name__ for f, code in pairs if f.__code__ is not code]
        changed += [
            name
            for name in self.inherited.keys() & now.keys()
            if callable(now[name]) and not torch_wraps(now[name], self.inherited[name])
        ]
        return [f"{self.owner.__name__}.{name}" for name in changed]


def same(before: list, now: list) -> bool:
    return len(before) == len(now) and all(map(is_same, before, now))


def snapshot(owner: object, ours: bool = False) -> Snapshot:
    """What must stay as it is in one module or class; in a module of ours, all."""
    now, kept, functions = vars(owner), {}, []
    for name, value in list(now.items()):
        private = name.startswith("_") and not name.endswith("__")
        if ours and not name.startswith("__"):
            kept[name] = value
        if ours or private or name in OWN_NAMES:
            continue
        inner = getattr(value, "__func__", getattr(value, "fget", value))
        if isinstance(inner, KINDS) or isinstance(owner, type) and callable(value):
            kept[name] = value
            if isinstance(inner, types.FunctionType):
                functions.append(inner)
    inherited = {}
    for base in reversed(owner.__mro__[1:] if isinstance(owner, type) else ()):
        inherited.update(vars(base))
    for name in vars(owner):
        inherited.pop(name, None)
    codes = [*map(code_of, functions)]
    kept_ones = [*kept], [*kept.values()]
    return Snapshot(owner, now, *kept_ones, functions, codes, inherited)


def snapshots(ours: list[types.ModuleType]) -> list[Snapshot]:
    """Of the modules above, of ours, and of their classes that are torch's or ours."""
    owners = [*WATCHED, torch.Tensor, np.ndarray]
    packages = (torch.__name__, checking.__name__.partition(".")[0])
    for owner in [*owners, *map(sys.modules.get, our_names())]:
        for value in list(vars(owner).values()):
            if isinstance(value, type):
                if value.__module__.partition(".")[0] in packages:
                    owners.append(value)
    each = {id(owner): owner for owner in owners}.values()
    return [*map(snapshot, each), *(snapshot(module, True) for module in ours)]


# PyTorch wraps some of its own functions while it is used: an optimizer's `step` when
# the first of its class is made, others when torch._dynamo is imported or compiles.


def torch_wraps(new: object, old: object) -> bool:
    """Whether `new` is a wrapper that PyTorch itself put around `old`.

    From the new function the old one must be reached, and every other function on the
    way, in closures and attributes, must stand in a file of PyTorch's.
    """
    if new is old:
        return True
    if not type(new) is type(old) is types.FunctionType:
        return False
    todo, seen = [new], set()
    while todo:
        function = todo.pop()
        if function in seen:
            continue
        seen.add(function)
        held = list(vars(function).values())
        if function is not old:
            if not torch_wrote(function.__code__):
                return False
            held += [cell.cell_contents for cell in function.__closure__ or ()]
        todo += [value for value in held if type(value) is types.FunctionType]
    return old in seen


def torch_wrote(code: types.CodeType) -> bool:
    """Whether a function's code is word for word in the file it says it is from."""
    path = code.co_filename
    return path.startswith(TORCH_FILES) and code in codes_of(path)


@functools.cache
def codes_of(path: str) -> set[types.CodeType]:
    """The code of every function in a file."""
    with open(path, encoding="utf-8") as file:
        todo, found = [compile(file.read(), path, "exec")], set()
    while todo:
        code = todo.pop()
        found.add(code)
        todo += [part for part in code.co_consts if isinstance(part, types.CodeType)]
    return found


# Of what observes and judges everything counts: private functions, tables, closures.


def private_copies() -> dict[str, types.ModuleType]:
    """Our modules by name, imported once more, and in no other module's sight."""
    package = sys.modules[checking.__name__.partition(".")[0]]
    public = {name: sys.modules.pop(name) for name in our_names()}
    try:
        importlib.import_module(observe.__name__)
        return {name: sys.modules.pop(name) for name in our_names()}
    finally:
        sys.modules.update(public)
        package.checking, package.judging = checking, judging


def our_names() -> list[str]:
    return [name for name in sys.modules if name.startswith(OURS)]


class Part(typing.NamedTuple):
    """A value of our modules that others are part of, and the name it was met under."""

    name: str
    value: object
    inner: list


def parts_of(modules: list[types.ModuleType]) -> list[Part]:
    """All that our modules do their work with, each once."""
    parts, seen = [], set()
    todo = [(module.__name__, module) for module in modules]
    while todo:
        name, value = todo.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if value in modules:
            named = [item for item in vars(value).items() if item[0][:2] != "__"]
            todo += [(f"{name}.{inner}", part) for inner, part in named]
        elif (inner := inner_of(value)) is not None:
            parts.append(Part(name, value, inner))
            todo += [(called(name, part), part) for part in inner]
    return parts


def called(name: str, part: object) -> str:
    """A name for a part of what is known by `name`."""
    if isinstance(part, types.FunctionType | type):
        return f"{part.__module__}.{part.__qualname__}"
    return name


def inner_of(value: object) -> list | None:
    """What a value of our modules does its work with, in order; `None` where it is not
    made of parts."""
    kind = type(value)
    if kind is dict:
        return [*value.keys(), *value.values()]
    if kind in (list, tuple):
        return [*value]
    if kind in (staticmethod, classmethod):
        return [value.__func__]
    if kind is property:
        return [value.fget]
    if kind is not types.FunctionType and not isinstance(value, type):
        return None
    if not (value.__module__ or "").startswith(OURS):
        return None
    if kind is types.FunctionType:
        inner = [value.__code__, value.__defaults__, value.__kwdefaults__]
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        return [*inner, vars(value), *cells]
    held = vars(value).items()
    return [*value.__bases__, *(v for n, v in held if callable(v) or n[0] != "_")]
