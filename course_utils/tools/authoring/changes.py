"""Change Python source in one place, in the ways learners slip.

`changes` yields every mutant of a source. Each kind of change is a function from a node
to the nodes that may stand in its place; a statement may also go.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
}
WRAPPERS = {
    "clone",
    "detach",
    "copy",
    "deepcopy",
    "list",
    "sorted",
    "reversed",
    "abs",
    "float",
    "int",
    "tuple",
    "contiguous",
    "cpu",
    "item",
    "set",
    "round",
}
INPLACE = {
    "add",
    "sub",
    "mul",
    "div",
    "clamp",
    "relu",
    "zero",
    "fill",
    "copy",
    "masked_fill",
    "scatter",
    "index_fill",
    "round",
    "neg",
    "exp",
    "tanh",
    "sqrt",
    "pow",
}
TYPES = {
    "float32": "float64",
    "float64": "float32",
    "int64": "int32",
    "long": "int32",
    "uint8": "int64",
    "float": "double",
}
MODULES = ("torch", "np", "math", "F", "nn.functional")
LEFT_OUT = (
    ast.Expr,
    ast.Assign,
    ast.AugAssign,
    ast.AnnAssign,
    ast.If,
    ast.For,
    ast.While,
    ast.Raise,
    ast.Delete,
    ast.Assert,
)


@dataclass(frozen=True)
class Mutant:
    """A source changed in one place: the first line before and after, and the whole."""

    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.before or 'nothing'} → {self.after or 'left out'}"


def changes(source: str) -> Iterator[Mutant]:
    """Every mutant of a source, each once; the source itself is not among them."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen = {original}
    for parent in list(ast.walk(tree)):
        for name, field in list(ast.iter_fields(parent)):
            places = enumerate(field) if isinstance(field, list) else [(None, field)]
            for at, node in list(places):
                if not isinstance(node, ast.AST) or _is_text(node, parent):
                    continue
                for new in _instead(node, parent):
                    text = _changed(tree, parent, name, at, node, new)
                    if text is not None and text not in seen:
                        seen.add(text)
                        yield Mutant(*_first_lines(original, text), text)


def _first_lines(original: str, text: str) -> tuple[str, str]:
    before, after = "", ""
    for line in unified_diff(original.splitlines(), text.splitlines(), n=0):
        if line.startswith("-") and not line.startswith("---"):
            before = before or line[1:].strip()
        elif line.startswith("+") and not line.startswith("+++"):
            after = after or line[1:].strip()
    return before, after


def _is_text(node: ast.AST, parent: ast.AST) -> bool:
    inside = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return inside or isinstance(parent, ast.JoinedStr | ast.FormattedValue)


def _changed(tree, parent, name, at, node, new) -> str | None:
    """The whole source with `new` in the place of `node`, if that is Python."""
    field = getattr(parent, name)
    if new is None and len(field) == 1:
        new = ast.Pass()
    if at is None:
        setattr(parent, name, new)
    elif isinstance(new, list) or new is None:
        setattr(parent, name, [*field[:at], *(new or []), *field[at + 1 :]])
    else:
        field[at] = new
    try:
        text = ast.unparse(ast.fix_missing_locations(tree))
        compile(text, "<mutant>", "exec")
    except (SyntaxError, ValueError, TypeError, AttributeError):
        text = None
    if at is None:
        setattr(parent, name, node)
    elif isinstance(new, list) or new is None:
        setattr(parent, name, field)
    else:
        field[at] = node
    return text


def _instead(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST | list | None]:
    """What may stand in the place of a node; `None` leaves a statement out."""
    for kind, change in CHANGES.items():
        if isinstance(node, kind):
            yield from change(node)
    if isinstance(node, LEFT_OUT):
        yield None
    if isinstance(node, ast.keyword) and isinstance(parent, ast.Call):
        yield []


def _like(node: ast.AST, **fields) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for i, operator in enumerate(node.ops):
        other = COMPARISONS[type(operator)]()
        yield _like(node, ops=[*node.ops[:i], other, *node.ops[i + 1 :]])


def _arithmetic(node: ast.BinOp | ast.AugAssign) -> Iterator[ast.AST]:
    if type(node.op) in ARITHMETIC:
        yield _like(node, op=ARITHMETIC[type(node.op)]())


def _sides(node: ast.BinOp) -> Iterator[ast.AST]:
    yield node.left
    yield node.right


def _logic(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _like(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    yield from node.values


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)
    elif isinstance(value, float):
        if abs(value) > 1e-3:  # a smaller one only keeps a division from failing
            yield ast.Constant(value * 2)
        yield ast.Constant(0.0)


def _condition(node: ast.If | ast.IfExp | ast.While) -> Iterator[ast.AST]:
    for always in (True, False):
        if not (always and isinstance(node, ast.While)):
            yield _like(node, test=ast.Constant(always))


def _loop(node: ast.For | ast.comprehension) -> Iterator[ast.AST]:
    """The first or the last element left out."""
    for lower, upper in ((ast.Constant(1), None), (None, ast.Constant(-1))):
        whole = ast.Call(ast.Name("list", ast.Load()), [node.iter], [])
        part = ast.Subscript(whole, ast.Slice(lower, upper), ast.Load())
        yield _like(node, iter=part)


def _call(node: ast.Call) -> Iterator[ast.AST]:
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name in WRAPPERS:
        if isinstance(node.func, ast.Attribute) and not node.args:
            yield node.func.value
        elif node.args:
            yield node.args[0]
    if len(node.args) > 1:
        for i in range(len(node.args) - 1):
            args = list(node.args)
            args[i], args[i + 1] = args[i + 1], args[i]
            yield _like(node, args=args)
    for i in range(1, len(node.args)):
        yield _like(node, args=[*node.args[:i], *node.args[i + 1 :]])


def _attribute(node: ast.Attribute) -> Iterator[ast.AST]:
    """In place for a copy, where that can be seen: on what has a name; and back."""
    named = isinstance(node.value, ast.Name | ast.Attribute)
    if node.attr in INPLACE and named and ast.unparse(node.value) not in MODULES:
        yield _like(node, attr=node.attr + "_")
    elif node.attr.endswith("_") and node.attr[:-1] in INPLACE:
        yield _like(node, attr=node.attr[:-1])
    if node.attr in TYPES:
        yield _like(node, attr=TYPES[node.attr])


def _assign(node: ast.Assign) -> Iterator[ast.AST]:
    """In place for a copy; an attribute of the object made one of its class."""
    target, value = node.targets[0], node.value
    if isinstance(value, ast.BinOp) and ast.unparse(value.left) == ast.unparse(target):
        yield ast.AugAssign(target, value.op, value.right)
    if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self":
        owner = ast.Call(ast.Name("type", ast.Load()), [target.value], [])
        yield _like(node, targets=[_like(target, value=owner)])


def _augmented(node: ast.AugAssign) -> Iterator[ast.AST]:
    yield ast.Assign([node.target], node.value)
    read = ast.parse(ast.unparse(node.target), mode="eval").body
    yield ast.Assign([node.target], ast.BinOp(read, node.op, node.value))


def _tuple(node: ast.Tuple) -> Iterator[ast.AST]:
    if isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield _like(node, elts=[node.elts[1], node.elts[0], *node.elts[2:]])


def _with(node: ast.With) -> Iterator[list]:
    yield node.body


def _jump(node: ast.stmt) -> Iterator[ast.AST]:
    for other in (ast.Continue, ast.Break, ast.Return):
        if not isinstance(node, other):
            yield other()


def _return(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None:
        yield ast.Expr(node.value)


def _function(node: ast.FunctionDef) -> Iterator[ast.AST]:
    """A constant for a parameter: its default, or 1."""
    arguments = node.args.posonlyargs + node.args.args
    defaults = [None] * (len(arguments) - len(node.args.defaults)) + node.args.defaults
    for argument, default in zip(arguments, defaults, strict=True):
        if argument.arg != "self":
            name = ast.Name(argument.arg, ast.Store())
            constant = default or ast.Constant(1)
            start = 1 if ast.get_docstring(node) else 0
            body = [*node.body[:start], ast.Assign([name], constant)]
            yield _like(node, body=[*body, *node.body[start:]])


CHANGES = {
    ast.Compare: _compare,
    ast.BinOp: lambda node: [*_arithmetic(node), *_sides(node)],
    ast.AugAssign: lambda node: [*_arithmetic(node), *_augmented(node)],
    ast.BoolOp: _logic,
    ast.UnaryOp: _unary,
    ast.Constant: _constant,
    (ast.If, ast.IfExp, ast.While): _condition,
    (ast.For, ast.comprehension): _loop,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Assign: _assign,
    ast.Tuple: _tuple,
    ast.With: _with,
    (ast.Continue, ast.Break): _jump,
    ast.Return: _return,
    ast.FunctionDef: _function,
}
