"""What PyTorch rightly changes in itself while it is used.

It wraps some of its own functions: an optimizer's `step` when the first of its class is
made, others when torch._dynamo is imported or compiles. Imported as `watch` is.
"""

# ruff: noqa: E402
import builtins

__builtins__ = dict(vars(builtins))

import functools
import os
import types

import torch

TORCH_FILES = os.path.dirname(torch.__file__) + os.sep


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
