"""In the kernel before any code of the learner's; runs the checks there.

It is imported where kernels are forked from, and then no name leads to it: checks are
run by copies of our own modules, with a private copy of the builtins, so that nothing a
submission does later to names, modules or hooks changes how a check is started or its
record is handed out. Two messages of its own take the place of execute requests:
`course_check` runs a check and keeps its record; `course_record` hands it out, with
what was found rewritten. What shares a process cannot be sealed off: code that walks
the interpreter's memory could still reach in here.
"""

# ruff: noqa: E402
import builtins

__builtins__ = dict(vars(builtins))  # a learner who rewrites `len` rewrites another

import contextlib
import json
import os
import signal
import sys
import threading
import types
import warnings

from course_utils.checking import observe

from . import watch

WATCH = watch.Watch()


def forget() -> None:
    """Have no name lead here."""
    package = sys.modules[__package__]
    for name in (watch.__name__, __name__):
        del sys.modules[name]
        delattr(package, name.rpartition(".")[2])


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
    forget()
    kernel, session, names = shell.kernel, shell.kernel.session, shell.user_ns
    send, handlers, dumps = session.send, kernel.shell_handlers, json.dumps
    execute, private = handlers["execute_request"], WATCH.private
    published = kernel.iopub_socket
    observer = private[observe.__name__]
    leave_devices = private[observer.State.__module__].leave_devices
    os.environ["COURSE_SEED"] = str(seed)
    for source in setup:
        exec(compile(source, "<setup>", "exec"), names)
    records, kept, found, hooks = [], {}, {}, Hooks(shell)
    given = {name: value for name, value in names.items() if not name.startswith("_")}
    setup_names = {name: own_copy(value, private) for name, value in given.items()}
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
        """Streams that can be written to, a folder that is there, the CPU."""
        sys.stdout, sys.stderr = streams
        leave_devices()
        try:
            os.getcwd()
        except OSError:
            os.makedirs(folder, exist_ok=True)
            os.chdir(folder)

    def look() -> list[str]:
        """All that was found rewritten; what can be put back is."""
        quiet()
        look_at_handlers()
        put_back()
        hooks.put_back()
        try:
            found.update(dict.fromkeys(WATCH.look(), True))
        except Exception as error:  # parts that were taken away
            found[f"what is looked at ({type(error).__name__})"] = True
        return [*found]

    async def execute_request(stream: object, ident: object, parent: dict) -> None:
        """A learner's cell; what it did is seen before the next, and a warning sent."""
        try:
            await execute(stream, ident, parent)
        finally:
            stand()
            if look() or shell.exit_now:
                send(published, "course_warning", {}, parent)

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
        reply = {
            **kept,
            "status": "ok",
            "nonce": parent["content"]["nonce"],
            "rewritten": look()[:20],
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
