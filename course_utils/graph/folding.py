"""Which nodes of a graph share a box, so that a large graph can still be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .model import Edge, Graph, GraphError, Node

SMALL = 40  # nodes that are drawn one by one
FEW = 16  # boxes to aim for in a larger graph
MOST = 400  # boxes, even when asked to unfold all


@dataclass
class Box:
    """What is drawn as one box: a node, or the nodes of a folded module.

    out: the node whose output leaves the box.
    """

    kind: str
    title: str
    subtitle: str
    nodes: tuple[int, ...]
    out: int


@dataclass
class View:
    """A graph as it is drawn: boxes, and the edges between them."""

    graph: Graph
    boxes: list[Box]
    home: list[int]  # node → box
    edges: list[Edge]  # of the graph, those that leave a box


def fold(graph: Graph, unfold: str | tuple[str, ...] = ()) -> View:
    """Group the nodes: by module when there are more than 40, else one node a box.

    unfold: module paths to open, or `"all"`.
    """
    wanted = (unfold,) if isinstance(unfold, str) else tuple(unfold)
    _check(graph, wanted)
    if "all" in wanted or len(graph.nodes) <= SMALL:
        keys = [("node", n.index) for n in graph.nodes]
    else:
        keys = _by_module(graph, wanted)
        if len(set(keys)) > 3 * SMALL:
            keys = _by_time(graph, keys)
    if len(set(keys)) > MOST:
        raise GraphError(
            f"{len(set(keys)):,} boxes are too many to read. Unfold single modules."
        )
    return _view(graph, keys)


def _check(graph: Graph, wanted: tuple[str, ...]) -> None:
    paths = list(dict.fromkeys(c.path for n in graph.nodes for c in n.calls if c.path))
    for path in wanted:
        if path != "all" and path not in paths:
            known = ", ".join(paths[:12]) or "no modules"
            raise GraphError(f"There is no module {path!r} in this graph: {known}.")


def _by_module(graph: Graph, wanted: tuple[str, ...]) -> list:
    """The deepest level of modules that gives few boxes, and what is asked for."""
    deepest = max((len(node.calls) for node in graph.nodes), default=0)
    keys = _at_depth(graph, 1, ())
    depth = 1
    for trial in range(2, deepest + 2):
        if len(set(_at_depth(graph, trial, ()))) > FEW:
            break
        depth = trial
    return _at_depth(graph, depth, wanted) if deepest else keys


def _at_depth(graph: Graph, depth: int, wanted: tuple[str, ...]) -> list:
    def opened(path: str) -> bool:
        return any(not path or w == path or w.startswith(path + ".") for w in wanted)

    keys: list = [("node", node.index) for node in graph.nodes]
    for node in graph.nodes:
        for level, call in enumerate(node.calls, 1):
            if level >= depth and not opened(call.path):
                keys[node.index] = ("module", node.calls[:level])
                break
    return _with_parameters(graph, keys, lambda leaf: bool(leaf.owner))


def _with_parameters(graph: Graph, keys: list, may_join) -> list:
    """A leaf joins a box when all its uses are in there."""
    uses: dict[int, set] = {}
    for edge in graph.edges:
        uses.setdefault(edge.source, set()).add(keys[edge.target])
    for node in graph.nodes:
        if node.kind in ("leaf", "data") and may_join(node):
            boxes = uses.get(node.index, set())
            if len(boxes) == 1 and next(iter(boxes))[0] != "node":
                keys[node.index] = next(iter(boxes))
    return keys


def _by_time(graph: Graph, keys: list) -> list:
    """Runs of boxes that follow each other, where modules do not fold enough."""
    boxes = list(dict.fromkeys(keys[n.index] for n in graph.nodes if n.code or n.calls))
    run = -(-len(boxes) // FEW)
    part = {key: ("run", i // run) for i, key in enumerate(boxes)}
    return _with_parameters(graph, [part.get(k, k) for k in keys], lambda leaf: True)


def _view(graph: Graph, keys: list) -> View:
    members: dict = {}
    for node in graph.nodes:
        members.setdefault(keys[node.index], []).append(node)
    boxes, home = [], [0] * len(graph.nodes)
    leaving = {e.source for e in graph.edges if keys[e.source] != keys[e.target]}
    leaving.add(graph.result)
    for key, nodes in members.items():
        for node in nodes:
            home[node.index] = len(boxes)
        boxes.append(_box(graph, key, nodes, leaving))
    return View(graph, boxes, home, _between(graph, boxes, home))


def _between(graph: Graph, boxes: list[Box], home: list[int]) -> list[Edge]:
    """The edges that leave a box; those into one module that say the same, once."""
    found: dict = {}
    for edge in graph.edges:
        ends = home[edge.source], home[edge.target]
        if ends[0] != ends[1]:
            folded = "module" in (boxes[ends[0]].kind, boxes[ends[1]].kind)
            same = (edge.source, edge.output, ends[1], edge.kind) if folded else edge
            found.setdefault(same, edge)
    return list(found.values())


def _box(graph: Graph, key, nodes: list[Node], leaving: set[int]) -> Box:
    if key[0] == "node":
        node = nodes[0]
        return Box(node.kind, node.name, _under(node), (node.index,), node.index)
    outputs = [n.index for n in nodes if n.index in leaving] or [nodes[-1].index]
    work = [n for n in nodes if n.kind in ("operation", "plain")]
    if key[0] == "module":
        call = key[1][-1]
        title = f"{call.path} · {call.kind}" if call.path else call.kind
        title += f" · call {call.number}" if call.number > 1 else ""
    else:
        title = f"{len(work)} operations"
    inside = {n.index for n in nodes}
    return Box(
        "module", title, _contents(graph, work, nodes), tuple(inside), outputs[-1]
    )


def _contents(graph: Graph, work: list[Node], nodes: list[Node]) -> str:
    if len(work) == 1:
        text = work[0].name
    else:
        common = Counter(n.name.split()[0] for n in work).most_common(3)
        text = ", ".join(f"{count} {name}" for name, count in common)
    parameters = 0
    for node in nodes:
        if node.kind == "leaf":
            count = 1
            for side in node.value.shape:
                count *= side
            parameters += count
    return (f"{parameters:,} parameters · " if parameters else "") + text


def _under(node: Node) -> str:
    if node.kind == "leaf":
        return "leaf · AccumulateGrad"
    if node.kind == "data":
        return "asks for no gradient"
    return node.engine or node.region or "off the graph"
