"""Sent to the kernel before any code of the learner's; runs the checks there.

It is not imported but sent as text and run with a private copy of the builtins, and
checks are run by copies of our own modules that no name leads to, so that nothing a
submission does later to names, modules or hooks changes how a check is started or its
record is handed out. Two messages of its own take the place of execute requests:
`course_check` runs a check and keeps its record; `course_record` hands it out, with
what was found rewritten. What shares a process cannot be sealed off: code that walks
the interpreter's memory could still reach in here.
"""

# ruff: noqa: E402
import builtins
import collections
import contextlib
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
import signal
import sys
import threading
import types
import typing
import warnings

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


class Snapshot(typing.NamedTuple):
    """What a module or class was before any code of the learner's.

    values: its functions, classes and modules by name. codes: the code of each plain
    function. inherited: what a class has from its bases, by name.
    """

    owner: object
    values: dict
    codes: list
    inherited: dict


def snapshot(owner: object) -> Snapshot:
    """What must stay as it is in one module or class."""
    values, codes = {}, []
    for name, value in list(vars(owner).items()):
        private = name.startswith("_") and not name.endswith("__")
        if private or name in OWN_NAMES:
            continue
        inner = getattr(value, "__func__", getattr(value, "fget", value))
        if isinstance(inner, KINDS) or isinstance(owner, type) and callable(value):
            values[name] = value
            if isinstance(inner, types.FunctionType):
                codes.append((name, inner, inner.__code__))
    inherited = {}
    for base in reversed(owner.__mro__[1:] if isinstance(owner, type) else ()):
        inherited.update(vars(base))
    for name in vars(owner):
        inherited.pop(name, None)
    return Snapshot(owner, values, codes, inherited)


def snapshots() -> list[Snapshot]:
    """Of the modules above, of ours, and of their classes that are torch's or ours."""
    owners = [*WATCHED, torch.Tensor, np.ndarray]
    owners += [module for name, module in sys.modules.items() if name.startswith(OURS)]
    packages = (torch.__name__, checking.__name__.partition(".")[0])
    for owner in list(owners):
        for value in list(vars(owner).values()):
            if isinstance(value, type):
                if value.__module__.partition(".")[0] in packages:
                    owners.append(value)
    return [
        snapshot(owner) for owner in {id(owner): owner for owner in owners}.values()
    ]


def rewritten(before: list[Snapshot]) -> list[str]:
    """Names whose function, class or module is no longer the one it was."""
    found = []
    for owner, values, codes, inherited in before:
        now = vars(owner)
        changed = [
            name
            for name, value in values.items()
            if now.get(name) is not value and not torch_wraps(now.get(name), value)
        ]
        changed += [name for name, inner, code in codes if inner.__code__ is not code]
        changed += [
            name
            for name in inherited.keys() & now.keys()
            if callable(now[name]) and not torch_wraps(now[name], inherited[name])
        ]
        found += [f"{owner.__name__}.{name}" for name in changed]
    return found


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


def made_of(value: object, seen: set[int]) -> list:
    """A value of our modules, and all that it does its work with, in order."""
    if id(value) in seen:
        return []
    seen.add(id(value))
    inner, module = [], getattr(value, "__module__", None)
    ours = type(module) is str and module.startswith(OURS)
    if type(value) is types.FunctionType and ours:
        inner = [value.__code__, value.__defaults__, value.__kwdefaults__, vars(value)]
        inner += [cell.cell_contents for cell in value.__closure__ or ()]
    elif type(value) is dict:
        inner = [*value.keys(), *value.values()]
    elif type(value) in (list, tuple):
        inner = value
    elif type(value) in (staticmethod, classmethod):
        inner = [value.__func__]
    elif type(value) is property:
        inner = [value.fget]
    elif isinstance(value, type) and ours:
        inner = [*value.__bases__]
        inner += [v for name, v in vars(value).items() if callable(v) or name[0] != "_"]
    return sum([made_of(part, seen) for part in inner], [value])


def parts_of(modules: list[types.ModuleType]) -> dict[tuple[int, str], list]:
    """What each name of some modules, of which two may be called alike, is made of."""
    return {
        (number, f"{module.__name__}.{name}"): made_of(value, set())
        for number, module in enumerate(modules)
        for name, value in list(vars(module).items())
        if not name.startswith("__")
    }


def replaced(before: dict, now: dict) -> list[str]:
    """Names that are gone, or made of other parts than before."""
    return [key[1] for key in before if not same(before[key], now.get(key, []))]


def same(before: list, now: list) -> bool:
    return len(before) == len(now) and all(
        a is b for a, b in zip(before, now, strict=True)
    )


def quiet() -> None:
    """Stop what the learner's code may have set to act during the grader's own."""
    sys.settrace(None)
    sys.setprofile(None)
    threading.settrace(None)
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.setitimer(signal.ITIMER_REAL, 0)
    monitoring = getattr(sys, "monitoring", None)
    for tool in range(6) if monitoring else ():
        if monitoring.get_tool(tool):
            monitoring.set_events(tool, 0)


class Hooks:
    """IPython's lists of functions that change or follow a cell, to be put back."""

    def __init__(self, shell: object):
        transformers = shell.input_transformer_manager
        self.lists = [
            shell.ast_transformers,
            transformers.cleanup_transforms,
            transformers.line_transforms,
            transformers.token_transformers,
            shell.input_transformers_post,
            *shell.events.callbacks.values(),
        ]
        self.before = [list(hooks) for hooks in self.lists]

    def put_back(self) -> None:
        for hooks, before in zip(self.lists, self.before, strict=True):
            hooks[:] = before


def install(shell: object, stem: str, seed: int, setup: list[str]) -> None:
    """Run the reference's setup cells and put the two messages in place."""
    kernel, session, names = shell.kernel, shell.kernel.session, shell.user_ns
    send, handlers, dumps = session.send, kernel.shell_handlers, json.dumps
    execute, private = handlers["execute_request"], private_copies()
    observer = private[observe.__name__]
    os.environ["COURSE_SEED"] = str(seed)
    for source in setup:
        exec(compile(source, "<setup>", "exec"), names)
    records, kept, found, hooks = [], {}, {}, Hooks(shell)
    given = {name: value for name, value in names.items() if not name.startswith("_")}
    setup_names = {name: own_copy(value, private) for name, value in given.items()}
    modules = [*private.values(), *map(sys.modules.get, our_names())]
    before, parts = snapshots(), parts_of(modules)
    shadows = own_methods(kernel)
    streams, folder = (sys.stdout, sys.stderr), os.getcwd()

    def put_back() -> None:
        """Names of the setup that are missing."""
        for name, value in given.items():
            if name not in names:
                names[name] = value

    def look_at_handlers() -> None:
        """Note what answers messages in our place, and put ours back."""
        if kernel.shell_handlers is not handlers or session.send != send:
            found["the kernel's messages"] = True
            kernel.shell_handlers = handlers
        for name, handler in own.items():
            if handlers.get(name) is not handler:
                found[f"the kernel's {name}"] = True
                handlers[name] = handler
        for name in own_methods(kernel):
            if name not in shadows:
                found[f"the kernel's {name}"] = True
                delattr(kernel, name)

    def stand() -> None:
        """Streams that can be written to, and a folder that is there."""
        sys.stdout, sys.stderr = streams
        try:
            os.getcwd()
        except OSError:
            os.makedirs(folder, exist_ok=True)
            os.chdir(folder)

    async def execute_request(stream: object, ident: object, parent: dict) -> None:
        """A learner's cell; what it did to our messages is seen before the next."""
        try:
            await execute(stream, ident, parent)
        finally:
            look_at_handlers()
            stand()

    def course_check(stream: object, ident: object, parent: dict) -> None:
        quiet()
        stand()
        look_at_handlers()
        records.clear()
        kept.clear()
        kernel._allow_stdin = False
        state = observer.State()
        try:
            source = parent["content"]["source"]
            put_back()
            check = observer.Check(stem, seed, records.append, setup_names, names)
            exec(compile(source, "<check>", "exec"), {"check": check})
        except BaseException as error:
            kept["error"] = type(error).__name__
        quiet()
        kept["record"] = dumps(records)
        with contextlib.suppress(BaseException):
            state.restore()
        stand()
        look_at_handlers()
        send(stream, "execute_reply", {"status": "ok"}, parent, ident=ident)

    def course_record(stream: object, ident: object, parent: dict) -> None:
        quiet()
        look_at_handlers()
        now = [*rewritten(before), *replaced(parts, parts_of(modules))]
        put_back()
        hooks.put_back()
        reply = {
            **kept,
            "status": "ok",
            "nonce": parent["content"]["nonce"],
            "rewritten": list(dict.fromkeys([*found, *now]))[:20],
            "exit": bool(shell.exit_now),
        }
        kept.clear()
        send(stream, "execute_reply", reply, parent, ident=ident)

    own = {
        "course_check": course_check,
        "course_record": course_record,
        "execute_request": execute_request,
    }
    handlers.update(own)
    warnings.simplefilter("default")


def own_copy(value: object, private: dict[str, types.ModuleType]) -> object:
    """The private copy of a function or class of ours; any other value as it is."""
    if not isinstance(value, types.FunctionType | type):
        return value
    module = private.get(value.__module__)
    return vars(module).get(value.__name__, value) if module else value


def own_methods(kernel: object) -> list[str]:
    """Methods that were set on the kernel itself, in front of its class's."""
    return [name for name in vars(kernel) if callable(getattr(type(kernel), name, 0))]
