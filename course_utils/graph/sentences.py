"""What happens in a step, in a sentence or two with its numbers."""

from __future__ import annotations

from .model import Backward, Graph, Node, total_bytes
from .rules import is_stretched, sentence, short_name, word
from .values import bytes_text

START = (
    "Only the tensors we begin with are known. Forward computes the values from left "
    "to right and writes down how; backward goes the same way back."
)


def forward_sentence(node: Node, folded: bool = False) -> str:
    """What happened when the operation ran."""
    value = node.value
    text = f"Result: {value.inline()} ({value.size})." if value else "It runs."
    if folded:
        return text + " The operations inside are folded into one box."
    if word(node) == "detach":
        return (
            "detach gives the same numbers as a tensor without grad_fn: the line "
            f"is cut, and no gradient will come back along it. {text}"
        )
    if node.region:
        return f"Under {node.region} PyTorch computes but writes nothing down. {text}"
    if node.kind == "plain":
        return f"No gradient goes through here: nothing is written down. {text}"
    if node.version:
        text = f"In place: the tensor is overwritten (version {node.version}). {text}"
    if node.saved:
        names = ", ".join(dict.fromkeys(s.tensor or s.name for s in node.saved))
        size = bytes_text(total_bytes(node.saved))
        text += f" Backward will need {names}: kept, {size}."
    inside = f" (for {node.call})" if node.call and word(node) not in node.call else ""
    return f"{node.engine} is written down for backward{inside}. {text}"


def backward_sentence(
    graph: Graph, node: Node, turn: Backward, folded: bool = False
) -> str:
    """What the operation does with the gradient that came to it."""
    received = ", ".join(v.inline() for v in turn.received.values()) or "nothing"
    if node.kind == "leaf":
        return _accumulate(graph, node, turn, received)
    if folded:
        return f"The whole box passes its gradient back. At its end it was {received}."
    rule = sentence(graph, node)
    gone = " What it kept is freed." if turn.frees and node.saved else ""
    sent = _sent(graph, node, turn)
    return f"{rule}{_positive(node)}. Received {received}; sends {sent}.{gone}"


def _accumulate(graph: Graph, node: Node, turn: Backward, received: str) -> str:
    uses = sum(e.source == node.index and e.kind == "gradient" for e in graph.edges)
    several = f"{node.name} was used {uses} times: its gradients were added first. "
    earlier = [
        t.grad for t in graph.backward if t.node == node.index and t.turn < turn.turn
    ]
    before = earlier[-1] if earlier else node.grad
    total = turn.grad.inline() if turn.grad else "None"
    if before is None:
        text = f"{node.name}.grad was None and is now {received}."
    else:
        text = f"{node.name}.grad was {before.inline()}; {received} is added: {total}."
    return (several if uses > 1 else "") + "AccumulateGrad: " + text


def _sent(graph: Graph, node: Node, turn: Backward) -> str:
    parts = []
    for slot, edge in sorted(graph.inputs(node, "gradient").items()):
        if slot in turn.sent:
            source = graph.nodes[edge.source]
            part = f"{turn.sent[slot].inline()} to {short_name(graph, source)}"
            if is_stretched(node, source.values.get(edge.output)):
                part += " (added up, because broadcasting used it several times)"
            parts.append(part)
    return ", ".join(parts) or "nothing on"


def _positive(node: Node) -> str:
    """`(positive here: 2 of 4)` where the rule depends on the numbers."""
    if word(node) != "relu" or node.value is None or node.value.numbers is None:
        return ""
    numbers = node.value.numbers
    return f" (positive here: {int((numbers > 0).sum())} of {numbers.numel()})"
