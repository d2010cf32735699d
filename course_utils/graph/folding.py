"""Which nodes of a graph share a box, so that a large graph can still be read.

Three ways, in this order: a module's operations are one box; of a loop's passes the
first two and the last are a box each, and those between them are one; what is still
too much is cut into runs of what follows each other.

No box may wait for a box that waits for it: the picture has no room for circles. So a
box of operations holds all that ran between its first and its last, and a tensor we
begin with, which waits for nothing, may join any box.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from .loops import passes
from .model import Box, Call, Edge, Graph, GraphError, Node, View

SMALL = 40  # nodes that are drawn one by one
FEW = 16  # boxes to aim for in a larger graph
MANY = 3 * SMALL  # boxes, from which runs are cut
MOST = 400  # boxes, even when asked to unfold all


@dataclass(frozen=True)
class Group:
    """What a box stands for.

    kind: `node`, one by its index; `module`, one call of it, by the calls around it; or
    `part`, the operations of a pass or a run, by a number and a title.
    """

    kind: str
    number: int = 0
    calls: tuple[Call, ...] = ()
    title: str = ""


def fold(graph: Graph, unfold: str | tuple[str, ...] = ()) -> View:
    """Group the nodes where there are more than 40, else one node a box.

    unfold: module paths to open, or `"all"`.
    """
    wanted = (unfold,) if isinstance(unfold, str) else tuple(unfold)
    _check(graph, wanted)
    groups = [Group("node", node.index) for node in graph.nodes]
    if "all" not in wanted and len(groups) > SMALL:
        groups = _by_module(graph, wanted)
        rounds = 0
        while len(set(groups)) > SMALL and (folded := _by_loop(graph, groups, rounds)):
            groups, rounds = folded, rounds + 1
        if len(set(groups)) > MANY:
            groups = _by_time(graph, groups)
    count = len(set(groups))
    if count > MOST:
        raise GraphError(
            f"{count:,} boxes are too many to read. Unfold single modules."
        )
    return _view(graph, groups)


def _check(graph: Graph, wanted: tuple[str, ...]) -> None:
    paths = list(dict.fromkeys(c.path for n in graph.nodes for c in n.calls if c.path))
    for path in wanted:
        if path != "all" and path not in paths:
            known = ", ".join(paths[:12]) or "no modules"
            raise GraphError(f"There is no module {path!r} in this graph: {known}.")


def _by_module(graph: Graph, wanted: tuple[str, ...]) -> list[Group]:
    """The deepest level of modules that gives few boxes, and what is asked for."""
    deepest = max(len(node.calls) for node in graph.nodes)
    depth = 1
    while depth <= deepest and len(set(_at_depth(graph, depth + 1, ()))) <= FEW:
        depth += 1
    return _at_depth(graph, depth, wanted)


def _at_depth(graph: Graph, depth: int, wanted: tuple[str, ...]) -> list[Group]:
    """Every module call at this depth or deeper is a box, unless it is opened."""

    def opened(path: str) -> bool:
        return any(not path or w == path or w.startswith(path + ".") for w in wanted)

    groups = [Group("node", node.index) for node in graph.nodes]
    for node in graph.nodes:
        for level, call in enumerate(node.calls, 1):
            if level >= depth and not opened(call.path):
                groups[node.index] = Group("module", calls=node.calls[:level])
                break
    return _with_starts(graph, groups, lambda node: bool(node.owner))


def _by_loop(graph: Graph, groups: list[Group], number: int) -> list[Group]:
    """The passes of the longest loop, each a box; those in the middle are one.

    Empty where there is no loop.
    """
    running = _running(graph, groups)
    order = list(running)
    loop = passes([_sign(group, graph.nodes[running[group]]) for group in order])
    if not loop:
        return []
    last = len(loop)
    part = {}
    for i, places in enumerate(loop, 1):
        title = f"pass {i}" if i in (1, 2, last) else f"passes 3 to {last - 1}"
        part.update({order[p]: Group("part", number, title=title) for p in places})
    return _with_starts(graph, [part.get(g, g) for g in groups], lambda node: True)


def _sign(group: Group, node: Node) -> Hashable:
    """What comes again in every pass: the operation or module, and its line."""
    line = (node.code.file, node.code.number, node.code.start) if node.code else ()
    calls = tuple((call.path, call.kind) for call in group.calls)
    name = (node.engine, node.name) if group.kind == "node" else group.title
    return name, calls, line


def _by_time(graph: Graph, groups: list[Group]) -> list[Group]:
    """Runs of boxes that follow each other, where nothing else folds enough."""
    running = list(_running(graph, groups))
    each = math.ceil(len(running) / FEW)
    runs = {group: Group("part", i // each) for i, group in enumerate(running)}
    return _with_starts(graph, [runs.get(g, g) for g in groups], lambda node: True)


def _running(graph: Graph, groups: list[Group]) -> dict[Group, int]:
    """The groups of what ran, in order, each with its first node."""
    running: dict[Group, int] = {}
    for node in graph.nodes:
        if node.kind in ("operation", "plain"):
            running.setdefault(groups[node.index], node.index)
    return running


def _with_starts(
    graph: Graph, groups: list[Group], may_join: Callable[[Node], bool]
) -> list[Group]:
    """A leaf or data joins a box when all its uses are in there."""
    uses: dict[int, set[Group]] = {}
    for edge in graph.edges:
        uses.setdefault(edge.source, set()).add(groups[edge.target])
    for node in graph.nodes:
        if node.kind in ("leaf", "data") and may_join(node):
            users = uses.get(node.index, set())
            if len(users) == 1 and (user := next(iter(users))).kind != "node":
                groups[node.index] = user
    return groups


def _view(graph: Graph, groups: list[Group]) -> View:
    members: dict[Group, list[Node]] = {}
    for node in graph.nodes:
        members.setdefault(groups[node.index], []).append(node)
    leaving = {e.source for e in graph.edges if groups[e.source] != groups[e.target]}
    leaving.add(graph.result)
    boxes = [_box(group, nodes, leaving) for group, nodes in members.items()]
    number = {group: b for b, group in enumerate(members)}
    home = [number[group] for group in groups]
    return View(graph, boxes, home, _between(graph, boxes, home))


def _between(graph: Graph, boxes: list[Box], home: list[int]) -> list[Edge]:
    """The edges that leave a box; of those from one node into one folded box the
    first."""
    found: dict[object, Edge] = {}
    for edge in graph.edges:
        source, target = home[edge.source], home[edge.target]
        if source != target:
            folded = "module" in (boxes[source].kind, boxes[target].kind)
            same = (edge.source, target, edge.kind) if folded else edge
            found.setdefault(same, edge)
    return list(found.values())


def _box(group: Group, nodes: list[Node], leaving: set[int]) -> Box:
    if group.kind == "node":
        (node,) = nodes
        title = f"{node.variable} = {node.name}" if node.variable else node.name
        return Box(node.kind, title, _under(node), (node.index,), node.index)
    outputs = [n.index for n in nodes if n.index in leaving] or [nodes[-1].index]
    work = [n for n in nodes if n.kind in ("operation", "plain")]
    inside = tuple(n.index for n in nodes)
    return Box(
        "module", _title(group, work), _contents(work, nodes), inside, outputs[-1]
    )


def _title(group: Group, work: list[Node]) -> str:
    if group.kind == "part":
        return group.title or f"{len(work)} operations"
    call = group.calls[-1]
    title = f"{call.path} · {call.kind}" if call.path else call.kind
    return title + (f" · call {call.number}" if call.number > 1 else "")


def _contents(work: list[Node], nodes: list[Node]) -> str:
    if len(work) == 1:
        text = work[0].name
    else:
        common = Counter(n.name.split()[0] for n in work).most_common(3)
        text = ", ".join(f"{count} {name}" for name, count in common)
    leaves = (n.value.shape for n in nodes if n.kind == "leaf" and n.value)
    count = sum(math.prod(shape) for shape in leaves)
    return (f"{count:,} parameters · " if count else "") + text


def _under(node: Node) -> str:
    plain = {"leaf": "leaf · AccumulateGrad", "data": "asks for no gradient"}
    return plain.get(node.kind) or node.engine or node.region or "off the graph"
