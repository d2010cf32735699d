"""What each operation does with a gradient: a sentence, and the local slopes.

The rules are those of calculus. `{0}`, `{1}`, `{2}` stand for the inputs, by slot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .model import Backward, Graph, Node
from .values import Value

BROADCASTING = ("add", "sub", "mul", "div")
LONGEST = 10  # letters of a name in a slope
SUPERSCRIPT = str.maketrans("-.0123456789", "⁻·⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Rule:
    """slopes: what the gradient is multiplied by on its way to each input, in slots'
    order; the last stands for all that follow."""

    sentence: str
    slopes: tuple[str, ...]


def _rule(sentence: str, *slopes: str) -> Rule:
    return Rule(sentence, slopes)


AS_IT_IS = _rule("{name} hands the gradient on as it is", "×1")
SIGN = _rule("the sign of the gradient turns", "×−1")
CHOSEN = _rule("the gradient goes to the chosen places, and 0 to the others", "placed")
LARGEST = _rule(
    "{name} gives the gradient to the element it chose, and 0 to the others",
    "× [chosen]",
)
SHAPE = _rule("{name} gives the gradient the old shape back", "reshaped")
TURNED = _rule("{name} puts the gradient's dimensions back in their order", "turned")
WINDOW = _rule("each place of a window gets an equal share of the gradient", "÷ window")
NORM = _rule(
    "{name} scales the gradient by weight / std, and takes off what would only move "
    "the mean or the spread",
    "× {1} / std",
    "× normed, summed",
    "summed",
)
RULES = {
    "add": _rule("add hands the gradient on as it is, to each of its inputs", "×1"),
    "sub": _rule(
        "sub hands the gradient on as it is to the first input, and with the sign "
        "turned to the second",
        "×1",
        "×−1",
    ),
    "rsub": SIGN,
    "neg": SIGN,
    "mul": _rule(
        "each input of mul gets the gradient times the other input", "× {1}", "× {0}"
    ),
    "div": _rule(
        "the upper input gets the gradient / lower; the lower one gets "
        "-gradient · upper / lower²",
        "÷ {1}",
        "× −{0} / {1}²",
    ),
    "pow": _rule("x ** n passes gradient · n · x ** (n - 1)", "× {power}"),
    "square": _rule("the gradient is multiplied by 2x", "× 2·{0}"),
    "sqrt": _rule("the gradient is divided by 2 · √x", "÷ 2·√{0}"),
    "exp": _rule("exp multiplies the gradient by its own result", "× {result}"),
    "log": _rule("log divides the gradient by its input", "÷ {0}"),
    "sin": _rule("the gradient is multiplied by cos(x)", "× cos {0}"),
    "cos": _rule("the gradient is multiplied by -sin(x)", "× −sin {0}"),
    "abs": _rule("abs multiplies the gradient by the sign of its input", "× sign {0}"),
    "tanh": _rule("tanh multiplies the gradient by 1 - result²", "× (1 − {result}²)"),
    "sigmoid": _rule(
        "sigmoid multiplies the gradient by result · (1 - result)",
        "× {result}·(1 − {result})",
    ),
    "relu": _rule(
        "relu passes the gradient where its input was positive, and 0 elsewhere",
        "× [{0} > 0]",
    ),
    "leaky_relu": _rule(
        "the gradient passes where the input was positive, a part elsewhere",
        "× 1 or less",
    ),
    "clamp": _rule(
        "clamp passes the gradient where it changed nothing, and 0 elsewhere",
        "× [unchanged]",
    ),
    "matmul": _rule(
        "for a @ b, a gets gradient @ b.T and b gets a.T @ gradient", "@ {1}ᵀ", "{0}ᵀ @"
    ),
    "addmm": _rule(
        "for bias + a @ b, the bias gets the gradient summed over the rows, "
        "a gets gradient @ b.T and b gets a.T @ gradient",
        "summed",
        "@ {2}ᵀ",
        "{1}ᵀ @",
    ),
    "dot": _rule("each vector gets the gradient times the other one", "× {1}", "× {0}"),
    "sum": _rule("sum gives every element it added the same gradient", "×1 each"),
    "mean": _rule(
        "mean gives every element the gradient / how many there were", "÷ {count}"
    ),
    "max": LARGEST,
    "min": LARGEST,
    "amax": LARGEST,
    "amin": LARGEST,
    "logsumexp": _rule(
        "each element gets its softmax share of the gradient", "× softmax"
    ),
    "softmax": _rule(
        "softmax passes result · (gradient - sum of gradient · result)", "× softmax …"
    ),
    "log_softmax": _rule(
        "log_softmax passes gradient - softmax · sum of the gradient", "− softmax·Σ"
    ),
    "nll_loss": _rule(
        "only the log-probability of the right class gets a gradient, -1 / batch size",
        "× −[target] / n",
    ),
    "mse_loss": _rule(
        "mse_loss passes 2 · (prediction - target) / how many there are",
        "× 2·error / n",
        "× −2·error / n",
    ),
    "binary_cross_entropy_with_logits": _rule(
        "the logits get (sigmoid - target) / how many", "× (sigmoid − target) / n"
    ),
    "transpose": TURNED,
    "permute": TURNED,
    "view": SHAPE,
    "reshape": SHAPE,
    "unsqueeze": SHAPE,
    "squeeze": SHAPE,
    "expand": _rule("where expand repeated a value, its gradients are added", "summed"),
    "select": CHOSEN,
    "slice": CHOSEN,
    "index": CHOSEN,
    "cat": _rule("cat cuts the gradient where it joined the tensors", "its part"),
    "stack": _rule("stack gives each tensor its slice of the gradient", "its part"),
    "clone": AS_IT_IS,
    "to": _rule("the gradient gets the input's dtype and device again", "×1"),
    "conv": _rule(
        "conv sends the input the gradient spread by the kernel, and the "
        "kernel the sum of gradient times what it saw",
        "spread by {1}",
        "× {0}, summed",
        "summed",
    ),
    "max_pool2d": _rule(
        "max_pool2d sends the gradient to the place where each maximum was",
        "× [largest]",
    ),
    "avg_pool2d": WINDOW,
    "adaptive_avg_pool2d": WINDOW,
    "batch_norm": NORM,
    "layer_norm": NORM,
    "embedding": _rule(
        "each row of the table gets the gradients of the places it was used", "placed"
    ),
    "native_dropout": _rule(
        "the gradient passes where the element was kept, scaled alike", "× mask"
    ),
}
UNKNOWN = _rule("{name} applies its own derivative", "its own rule")


def word(node: Node) -> str:
    """The operation without its number and its in-place underscore."""
    return node.name.split()[0].rstrip("_")


def rule_of(node: Node) -> Rule:
    """What the operation does with a gradient."""
    return RULES.get(word(node), UNKNOWN)


def slope(graph: Graph, node: Node, slot: int, turn: Backward) -> str:
    """What the gradient is multiplied by on its way to one input: `×2`, `@ wᵀ`.

    A number where one number comes and one goes; else the rule in a word.
    """
    received, sent = turn.received.get(0), turn.sent.get(slot)
    if (ratio := _ratio(received, sent)) is not None:
        return f"×{_number(ratio)}".replace("-", "−")
    slopes = rule_of(node).slopes
    template = slopes[min(slot, len(slopes) - 1)]
    names = _Operands(graph, node)
    text = template.format(
        *names.inputs, result=names.result, power=names.power, count=names.count
    )
    text = text.replace("ᵀᵀ", "")
    source = graph.inputs(node)[slot]
    value = graph.nodes[source.source].values.get(source.output)
    return text + (", summed" if is_stretched(node, value) else "")


def _number(value: float) -> str:
    whole = value == int(value) and abs(value) < 10_000
    return f"{value:.0f}" if whole else f"{value:.3g}"


def _ratio(received: Value | None, sent: Value | None) -> float | None:
    """By how much one number is multiplied, where it can be told."""
    numbers = [v.numbers for v in (received, sent) if v and v.numbers is not None]
    if len(numbers) < 2 or any(n.numel() != 1 or n.is_complex() for n in numbers):
        return None
    came, goes = (float(n) for n in numbers)
    if came == 0 or not math.isfinite(came) or not math.isfinite(goes):
        return None
    return goes / came


class _Operands:
    """The names of an operation's inputs and result, as short as a slope needs."""

    def __init__(self, graph: Graph, node: Node):
        number = node.name.partition(" ")[2]
        edges = graph.inputs(node)
        self.inputs = [
            short_name(graph, graph.nodes[edges[slot].source])
            if slot in edges
            else number
            for slot in range(max(3, *edges) + 1)
        ]
        self.result = node.variable or "result"
        self.power = f"{number}·{self.inputs[0]}" + _exponent(number)
        sizes = [v.shape for v in (graph.nodes[edges[0].source].value, node.value) if v]
        self.count = (
            f"{math.prod(sizes[0]) // max(math.prod(sizes[1]), 1):,}"
            if len(sizes) == 2
            else "n"
        )


def short_name(graph: Graph, node: Node) -> str:
    """What a tensor is called in a slope: `w`, `wᵀ`, or the operation that made it."""
    if word(node) == "transpose" and not node.variable and (e := graph.inputs(node)):
        return short_name(graph, graph.nodes[e[0].source]) + "ᵀ"
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


def is_stretched(node: Node, value: Value | None) -> bool:
    """Whether broadcasting used an input's elements several times, so that their
    gradients are added up."""
    if word(node) not in BROADCASTING or not value or not node.value:
        return False
    return value.shape != node.value.shape
