"""Sent to the kernel before any code of the learner's; runs the checks there.

It is not imported but sent as text and run with a private copy of the builtins, so
that nothing a submission does later to names, modules or hooks changes how a check is
started or its record is handed out. Two messages of its own take the place of execute
requests: `course_check` runs a check block and keeps its record; `course_record` hands
it out, with what was found rewritten. What shares a process cannot be sealed off: code
that walks the interpreter's memory could still reach in here.
"""

# ruff: noqa: E402
import builtins
import collections
import contextlib
import copy
import functools
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
import warnings

import numpy as np
import torch
from jupyter_client.session import Session

import course_utils.checking as checking
from course_utils.checking import encode, observe
from course_utils.judging import compare, keys

WATCHED = [
    builtins, checking, compare, encode, keys, observe,
    collections, copy, functools, inspect, itertools, json, json.encoder, math,
    operator, random, types, torch, torch.autograd, torch.linalg, torch.nn,
    torch.nn.functional, torch.nn.init, torch.optim, torch.testing, torch.utils.data,
    np, Session,
]  # fmt: skip
OPTIMIZER = torch.optim.Optimizer
KINDS = (types.FunctionType, types.BuiltinFunctionType, type, types.ModuleType)
OWN_NAMES = {  # IPython's own; and what torch.set_default_dtype rightly changes
    "display", "get_ipython", "exit", "quit", "copyright", "credits", "license",
    "input", "Storage",
}  # fmt: skip


def watched():
    """The modules above, their classes that are torch's or ours, and two more."""
    owners = {id(owner): owner for owner in [*WATCHED, torch.Tensor, np.ndarray]}
    for owner in WATCHED:
        for value in list(vars(owner).values()):
            if isinstance(value, type) and value.__module__[:5] in ("torch", "cours"):
                owners[id(value)] = value
    return list(owners.values())


def snapshot(owner):
    """What must stay as it is: functions with their code, classes, modules."""
    values, codes = {}, []
    # The first optimizer of its class wraps `step` in a hook for the profiler.
    own = {"step"} if isinstance(owner, type) and issubclass(owner, OPTIMIZER) else ()
    for name, value in list(vars(owner).items()):
        if (
            name in own
            or name in OWN_NAMES
            or (name.startswith("_") and not name.endswith("__"))
        ):
            continue
        inner = getattr(value, "__func__", getattr(value, "fget", value))
        if isinstance(inner, KINDS) or isinstance(owner, type) and callable(value):
            values[name] = value
            if isinstance(inner, types.FunctionType):
                codes.append((name, inner, inner.__code__))
    inherited = (
        set().union(*map(vars, owner.__mro__[1:])) if isinstance(owner, type) else ()
    )
    return owner, values, codes, set(inherited).difference(vars(owner))


def rewritten(before):
    """Names whose function, class or module is no longer the one of `before`."""
    found = []
    for owner, values, codes, inherited in before:
        now = vars(owner)
        changed = [name for name, value in values.items() if now.get(name) is not value]
        changed += [name for name, inner, code in codes if inner.__code__ is not code]
        changed += [name for name in now if name in inherited and callable(now[name])]
        found += [f"{owner.__name__}.{name}" for name in changed]
    return found


def quiet():
    """Stop what the learner's code may have set to act during the grader's own."""
    sys.settrace(None)
    sys.setprofile(None)
    threading.settrace(None)
    signal.setitimer(signal.ITIMER_REAL, 0)
    monitoring = getattr(sys, "monitoring", None)
    for tool in range(6) if monitoring else ():
        if monitoring.get_tool(tool):
            monitoring.set_events(tool, 0)


def install(shell, stem, seed, setup):
    """Run the reference's setup cells and put the two messages in place."""
    kernel, session, names = shell.kernel, shell.kernel.session, shell.user_ns
    send, handlers, dumps = session.send, kernel.shell_handlers, json.dumps
    os.environ["COURSE_SEED"] = str(seed)
    for source in setup:
        exec(compile(source, "<setup>", "exec"), names)
    records, kept = [], {}
    given = {name: value for name, value in names.items() if not name.startswith("_")}
    before = list(map(snapshot, watched()))
    hooks = [
        shell.ast_transformers,
        shell.input_transformer_manager.cleanup_transforms,
        shell.input_transformer_manager.line_transforms,
        shell.input_transformer_manager.token_transformers,
        shell.input_transformers_post,
        *shell.events.callbacks.values(),
    ]
    unhooked = [list(hook) for hook in hooks]

    def put_back():
        """Names of the setup that are missing."""
        for name, value in given.items():
            if name not in names:
                names[name] = value

    def course_check(stream, ident, parent):
        quiet()
        records.clear()
        kept.clear()
        kernel._allow_stdin = False
        state = observe.State()
        try:
            source = parent["content"]["source"]
            put_back()
            check = observe.Check(stem, seed, records.append, given, names)
            exec(compile(source, "<check>", "exec"), {"check": check})
        except BaseException as error:
            kept["error"] = type(error).__name__
        quiet()
        kept["record"] = dumps(records)
        with contextlib.suppress(BaseException):
            state.restore()
        send(stream, "execute_reply", {"status": "ok"}, parent, ident=ident)

    def course_record(stream, ident, parent):
        quiet()
        found = rewritten(before)
        if kernel.shell_handlers is not handlers or session.send != send:
            found.append("the kernel's messages")
        for name, handler in own.items():
            if handlers.get(name) is not handler:
                found.append(f"the kernel's {name}")
        put_back()
        for hook, old in zip(hooks, unhooked, strict=True):
            hook[:] = old
        told = {**kept, "nonce": parent["content"]["nonce"], "rewritten": found[:20],
                "exit": bool(shell.exit_now)}  # fmt: skip
        kept.clear()
        send(stream, "execute_reply", {"status": "ok", **told}, parent, ident=ident)

    own = {"course_check": course_check, "course_record": course_record}
    own["execute_request"] = handlers["execute_request"]
    handlers.update(own)
    warnings.simplefilter("default")
