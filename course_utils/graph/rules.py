"""What an operation does in forward and in backward, in words and numbers.

The rules are those of calculus; each sentence says what happens to the gradient that
an operation receives, before it hands it on to its inputs.
"""

from __future__ import annotations

from .model import Backward, Graph, Node
from .values import Value, bytes_text

RULES = {
    "add": "{name} hands the gradient on as it is, to each of its inputs",
    "sub": "sub hands the gradient on as it is to the first input, and with the sign "
    "turned to the second",
    "rsub": "the sign of the gradient turns",
    "neg": "the sign of the gradient turns",
    "mul": "each input of mul gets the gradient times the other input",
    "div": "the upper input gets the gradient / lower; the lower one gets "
    "-gradient · upper / lower²",
    "pow": "x ** n passes gradient · n · x ** (n - 1)",
    "square": "the gradient is multiplied by 2x",
    "sqrt": "the gradient is divided by 2 · √x",
    "exp": "exp multiplies the gradient by its own result",
    "log": "log divides the gradient by its input",
    "sin": "the gradient is multiplied by cos(x)",
    "cos": "the gradient is multiplied by -sin(x)",
    "abs": "abs multiplies the gradient by the sign of its input",
    "tanh": "tanh multiplies the gradient by 1 - result²",
    "sigmoid": "sigmoid multiplies the gradient by result · (1 - result)",
    "relu": "relu passes the gradient where its input was positive, and 0 elsewhere",
    "leaky_relu": "the gradient passes where the input was positive, a part elsewhere",
    "clamp": "clamp passes the gradient where it changed nothing, and 0 elsewhere",
    "matmul": "for a @ b, a gets gradient @ b.T and b gets a.T @ gradient",
    "addmm": "for bias + a @ b, the bias gets the gradient summed over the rows, "
    "a gets gradient @ b.T and b gets a.T @ gradient",
    "dot": "each vector gets the gradient times the other one",
    "sum": "sum gives every element it added the same gradient",
    "mean": "mean gives every element the gradient / how many there were",
    "max": "max gives the gradient to the largest element, and 0 to the others",
    "min": "min gives the gradient to the smallest element, and 0 to the others",
    "amax": "the gradient goes to the largest elements, and 0 to the others",
    "logsumexp": "each element gets its softmax share of the gradient",
    "softmax": "softmax passes result · (gradient - sum of gradient · result)",
    "log_softmax": "log_softmax passes gradient - softmax · sum of the gradient",
    "nll_loss": "only the log-probability of the right class gets a gradient, "
    "-1 / batch size",
    "mse_loss": "mse_loss passes 2 · (prediction - target) / how many there are",
    "binary_cross_entropy_with_logits": "the logits get (sigmoid - target) / how many",
    "transpose": "a transpose turns the gradient back",
    "permute": "permute puts the gradient's dimensions back in their order",
    "view": "view gives the gradient the old shape back",
    "reshape": "reshape gives the gradient the old shape back",
    "unsqueeze": "the extra dimension is taken off the gradient",
    "squeeze": "the dimension of size 1 comes back",
    "expand": "where expand repeated a value, its gradients are added up",
    "select": "the gradient goes to the chosen place, and 0 to the others",
    "slice": "the gradient goes to the chosen places, and 0 to the others",
    "index": "the gradient goes to the chosen places, and 0 to the others",
    "cat": "cat cuts the gradient where it joined the tensors",
    "stack": "stack gives each tensor its slice of the gradient",
    "clone": "clone hands the gradient on as it is",
    "to": "the gradient is converted back to the input's dtype and device",
    "conv": "conv sends the input the gradient spread by the kernel, and the "
    "kernel the sum of gradient times what it saw",
    "max_pool2d": "max_pool2d sends the gradient to the place where each maximum was",
    "avg_pool2d": "each place of a window gets an equal share of the gradient",
    "adaptive_avg_pool2d": "each place of a window gets an equal share of the gradient",
    "batch_norm": "batch_norm scales the gradient by weight / std, and takes off what "
    "would only move the mean or the spread",
    "layer_norm": "layer_norm scales the gradient by weight / std, and takes off what "
    "would only move the mean or the spread",
    "embedding": "each row of the table gets the gradients of the places it was used",
    "native_dropout": "the gradient passes where the element was kept, scaled alike",
}


def word(node: Node) -> str:
    """The operation without its number and its in-place underscore."""
    return node.name.split()[0].rstrip("_")


def forward_rule(graph: Graph, node: Node, folded: bool = False) -> str:
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
    names = dict.fromkeys(s.tensor or s.name for s in node.saved)
    size = bytes_text(sum({s.storage: s.bytes for s in node.saved}.values()))
    kept = f" Backward will need {', '.join(names)}: kept, {size}." if names else ""
    inside = f" (for {node.call})" if node.call and word(node) not in node.call else ""
    return f"{node.engine} is written down for backward{inside}. {text}{kept}"


def backward_rule(
    graph: Graph, node: Node, turn: Backward, folded: bool = False
) -> str:
    """What the operation does with the gradient that came to it."""
    received = ", ".join(v.inline() for v in turn.received.values()) or "nothing"
    if node.kind == "leaf":
        return _accumulate(graph, node, turn, received)
    if folded:
        return (
            f"The whole module passes its gradient back. At its end it was {received}."
        )
    rule = RULES.get(word(node), "{name} applies its own derivative")
    rule = rule.format(name=word(node)) + _count(graph, node)
    sent = _sent(graph, node, turn)
    gone = " What it kept is freed." if turn.frees and node.saved else ""
    if not rule.startswith(word(node)):
        rule = rule[0].upper() + rule[1:]
    return f"{rule}. Received {received}; sends {sent}.{gone}"


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
    for edge in graph.edges:
        if (
            edge.target == node.index
            and edge.kind == "gradient"
            and edge.slot in turn.sent
        ):
            source, sent = graph.nodes[edge.source], turn.sent[edge.slot]
            value = source.values.get(edge.output)
            text = f"{sent.inline()} to {source.name}"
            parts.append(text + _stretched(node, value))
    return ", ".join(parts) or "nothing on"


def _stretched(node: Node, value: Value | None) -> str:
    """Broadcasting used elements several times, so their gradients are added up."""
    broadcasts = word(node) in ("add", "sub", "mul", "div", "addmm")
    if not (broadcasts and value and node.value) or value.shape == node.value.shape:
        return ""
    if word(node) == "addmm" and len(value.shape) == 2:
        return ""
    return " (added up, because broadcasting used it several times)"


def _count(graph: Graph, node: Node) -> str:
    """`(2 of 4 here)` where the rule depends on the numbers."""
    if word(node) != "relu" or node.value is None or node.value.numbers is None:
        return ""
    numbers = node.value.numbers
    return f" (positive here: {int((numbers > 0).sum())} of {numbers.numel()})"
