"""What each operation does with a gradient: the local slopes, and a sentence.

The rules are those of calculus.
"""

from __future__ import annotations

import math

from .model import Backward, Graph, Node
from .values import Value

# What the gradient is multiplied by on its way to each input, in slots' order; the last
# stands for all that follow. `{0}`, `{1}`, `{2}` are the inputs, by slot.
SLOPES: dict[str, tuple[str, ...]] = {
    "add": ("×1",),
    "sub": ("×1", "×−1"),
    "rsub": ("×−1",),
    "neg": ("×−1",),
    "mul": ("× {1}", "× {0}"),
    "div": ("÷ {1}", "× −{0} / {1}²"),
    "pow": ("× {power}",),
    "square": ("× 2·{0}",),
    "sqrt": ("÷ 2·√{0}",),
    "exp": ("× {result}",),
    "log": ("÷ {0}",),
    "sin": ("× cos {0}",),
    "cos": ("× −sin {0}",),
    "abs": ("× sign {0}",),
    "tanh": ("× (1 − {result}²)",),
    "sigmoid": ("× {result}·(1 − {result})",),
    "relu": ("× [{0} > 0]",),
    "leaky_relu": ("× 1 or less",),
    "clamp": ("× [unchanged]",),
    "matmul": ("@ {1}ᵀ", "{0}ᵀ @"),
    "addmm": ("summed", "@ {2}ᵀ", "{1}ᵀ @"),
    "dot": ("× {1}", "× {0}"),
    "sum": ("×1 each",),
    "mean": ("÷ {count}",),
    "max": ("× [chosen]",),
    "min": ("× [chosen]",),
    "amax": ("× [chosen]",),
    "amin": ("× [chosen]",),
    "logsumexp": ("× softmax",),
    "softmax": ("× softmax …",),
    "log_softmax": ("− softmax·Σ",),
    "nll_loss": ("× −[target] / n",),
    "mse_loss": ("× 2·error / n", "× −2·error / n"),
    "binary_cross_entropy_with_logits": ("× (sigmoid − target) / n",),
    "transpose": ("turned back",),
    "permute": ("turned back",),
    "view": ("reshaped",),
    "reshape": ("reshaped",),
    "unsqueeze": ("reshaped",),
    "squeeze": ("reshaped",),
    "expand": ("summed",),
    "select": ("placed",),
    "slice": ("placed",),
    "index": ("placed",),
    "cat": ("its part",),
    "stack": ("its part",),
    "clone": ("×1",),
    "to": ("×1",),
    "conv": ("spread by {1}", "× {0}, summed", "summed"),
    "max_pool2d": ("× [largest]",),
    "avg_pool2d": ("÷ window size",),
    "adaptive_avg_pool2d": ("÷ window size",),
    "batch_norm": ("× {1} / std", "× normed, summed", "summed"),
    "layer_norm": ("× {1} / std", "× normed, summed", "summed"),
    "embedding": ("placed",),
    "native_dropout": ("× mask",),
}
# For those whose sentence is not just the slope in words.
SENTENCES = {
    "add": "add hands the gradient on as it is, to each of its inputs",
    "sub": "sub hands the gradient on as it is to the first input, and with the sign "
    "turned to the second",
    "mul": "each input of mul gets the gradient times the other input",
    "div": "the upper input gets the gradient / lower; the lower one gets "
    "-gradient · upper / lower²",
    "relu": "relu passes the gradient where its input was positive, and 0 elsewhere",
    "clamp": "clamp passes the gradient where it changed nothing, and 0 elsewhere",
    "matmul": "for a @ b, a gets gradient @ b.T and b gets a.T @ gradient",
    "addmm": "for bias + a @ b, the bias gets the gradient summed over the rows, "
    "a gets gradient @ b.T and b gets a.T @ gradient",
    "dot": "each vector gets the gradient times the other one",
    "sum": "sum gives every element it added the same gradient",
    "mean": "mean gives every element the gradient / how many there were",
    "logsumexp": "each element gets its softmax share of the gradient",
    "softmax": "softmax passes result · (gradient - sum of gradient · result)",
    "log_softmax": "log_softmax passes gradient - softmax · sum of the gradient",
    "nll_loss": "only the log-probability of the right class gets a gradient, "
    "-1 / batch size",
    "mse_loss": "mse_loss passes 2 · (prediction - target) / how many there are",
    "expand": "where expand repeated a value, its gradients are added up",
    "cat": "cat cuts the gradient where it joined the tensors",
    "stack": "stack gives each tensor its slice of the gradient",
    "conv": "conv sends the input the gradient spread by the kernel, and the kernel "
    "the sum of gradient times what it saw",
    "batch_norm": "batch_norm scales the gradient by weight / std, and takes off what "
    "would only move the mean or the spread",
    "layer_norm": "layer_norm scales the gradient by weight / std, and takes off what "
    "would only move the mean or the spread",
    "embedding": "each row of the table gets the gradients of the places it was used",
    "native_dropout": "the gradient passes where the element was kept, scaled alike",
}
# The words for what is alike in many operations; the slope begins with them.
ALIKE = {
    "×1": "{name} hands the gradient on as it is",
    "×−1": "the sign of the gradient turns",
    "× [": "{name} passes the gradient where its input was {slope}, and 0 elsewhere",
    "× ": "{name} multiplies the gradient by {slope}",
    "÷ ": "{name} divides the gradient by {slope}",
    "turned": "{name} puts the gradient's dimensions back in their order",
    "reshaped": "{name} gives the gradient the old shape back",
    "placed": "the gradient goes to the chosen places, and 0 to the others",
    "": "{name} applies its own derivative",
}
BROADCASTING = ("add", "sub", "mul", "div")
LONGEST = 10  # letters of a name in a slope
SUPERSCRIPT = str.maketrans("-.0123456789", "⁻·⁰¹²³⁴⁵⁶⁷⁸⁹")


def word(node: Node) -> str:
    """The operation without its number and its in-place underscore."""
    return node.name.split()[0].rstrip("_")


def sentence(graph: Graph, node: Node) -> str:
    """What the operation does with the gradient that it receives."""
    name, slope = word(node), _rule(graph, node, 0)
    begin = next(begin for begin in ALIKE if slope.startswith(begin))
    slope = slope.removeprefix(begin).removesuffix("]")
    text = SENTENCES.get(name, ALIKE[begin]).format(name=name, slope=slope)
    return text if text.startswith(name) else text[0].upper() + text[1:]


def slope(graph: Graph, node: Node, slot: int, turn: Backward) -> str:
    """What the gradient is multiplied by on its way to one input: `×2`, `@ wᵀ`.

    A number where one number comes and one goes; else the rule in a word.
    """
    ratio = _ratio(turn.gradient, turn.sent[slot])
    if ratio is not None:
        return f"×{_number(ratio)}".replace("-", "−")
    edge = graph.inputs(node)[slot]
    value = graph.nodes[edge.source].values.get(edge.output)
    added = ", summed" if is_stretched(node, value) else ""
    return _rule(graph, node, slot) + added


def _ratio(received: Value | None, sent: Value) -> float | None:
    """By how much one number is multiplied, where it can be told."""
    numbers = [v.numbers for v in (received, sent) if v and v.numbers is not None]
    if len(numbers) < 2 or any(n.numel() != 1 or n.is_complex() for n in numbers):
        return None
    came, goes = (float(n) for n in numbers)
    return goes / came if came and math.isfinite(came) and math.isfinite(goes) else None


def _number(value: float) -> str:
    whole = value == int(value) and abs(value) < 10_000
    return f"{value:.0f}" if whole else f"{value:.3g}"


def _rule(graph: Graph, node: Node, slot: int) -> str:
    """The slope of one input, with the names of the others."""
    slopes = SLOPES.get(word(node), ("own rule",))
    number = node.name.partition(" ")[2]
    inputs = {s: graph.nodes[e.source] for s, e in graph.inputs(node).items()}
    names = [short_name(graph, inputs[i]) if i in inputs else number for i in range(3)]
    text = slopes[min(slot, len(slopes) - 1)].format(
        *names,
        result=node.variable or "result",
        power=f"{number}·{names[0]}{_exponent(number)}".replace("-", "−"),
        count=_count(inputs.get(0), node),
    )
    return text.replace("ᵀᵀ", "")


def short_name(graph: Graph, node: Node) -> str:
    """What a tensor is called in a slope: `w`, `wᵀ`, or the operation that made it."""
    edges = graph.inputs(node)
    if word(node) == "transpose" and not node.variable and edges:
        return short_name(graph, graph.nodes[edges[0].source]) + "ᵀ"
    name = node.variable or (node.name if node.kind in ("leaf", "data") else word(node))
    name = name.rpartition(".")[2]
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def _exponent(number: str) -> str:
    """What stands behind x in the slope of `x ** number`."""
    try:
        power = _number(float(number) - 1)
    except ValueError:
        return "^(n−1)"
    return "" if power == "1" else power.translate(SUPERSCRIPT)


def _count(source: Node | None, node: Node) -> str:
    """How many elements each element of the result came from."""
    if source is None or source.value is None or node.value is None:
        return "n"
    count = math.prod(source.value.shape) // max(math.prod(node.value.shape), 1)
    return f"{count:,}"


def is_stretched(node: Node, value: Value | None) -> bool:
    """Whether broadcasting used an input's elements several times, so that their
    gradients are added up."""
    if word(node) not in BROADCASTING or not value or not node.value:
        return False
    return value.shape != node.value.shape
