"""Each line carries the local slope: a number, or the rule in a word."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.graph import graph_of
from course_utils.graph.folding import fold
from course_utils.graph.lines import lines_of
from course_utils.graph.rules import SENTENCES, SLOPES, sentence, word


def slopes(computation, **names):
    """(source, target) → what stands at the line between them."""
    view = fold(graph_of(computation, **names), "all")
    return {
        (view.boxes[line.source].title, view.boxes[line.target].title): line.slope
        for line in lines_of(view)
    }


def test_numbers_along_a_way_multiply_to_the_gradient():
    w = torch.tensor(3.0, requires_grad=True)
    x, target = torch.tensor(2.0), torch.tensor(5.0)
    found = slopes(lambda: (w * x - target) ** 2, w=w)
    assert found == {
        ("w", "mul"): "×2",
        ("x", "mul"): "",
        ("mul", "sub"): "×1",
        ("target", "sub"): "",
        ("sub", "pow 2"): "×2",
    }


@pytest.mark.parametrize(
    "of, expected",
    [
        (lambda x, w: torch.relu(x @ w), {"@ wᵀ", "xᵀ @", "× [matmul > 0]", "×1 each"}),
        (lambda x, w: x * w.t(), {"× wᵀ", "× x", "turned back", "×1 each"}),
        (lambda x, w: (x - w.sum(0)[:, None]) ** 3, {"×1", "×−1, summed", "× 3·sub²"}),
        (lambda x, w: (x / 4).exp().log(), {"÷ 4", "× result", "÷ exp"}),
    ],
)
def test_a_tensor_has_the_rule_in_a_word(of, expected):
    x = torch.rand(2, 3, requires_grad=True)
    w = torch.rand(3, 2, requires_grad=True)
    assert expected <= set(slopes(lambda: of(x, w).sum(), x=x, w=w).values())


def test_the_learners_names_stand_in_the_rule():
    x, w = torch.rand(2, 3), torch.rand(3, 3, requires_grad=True)

    def compute():
        hidden = x @ w
        bent = torch.tanh(hidden)
        return (bent * hidden).sum()

    found = slopes(compute, x=x, w=w)
    assert found["hidden = matmul", "bent = tanh"] == "× (1 − bent²)"
    assert found["hidden = matmul", "mul"] == "× bent"


def test_a_number_that_received_nothing_still_has_its_rule():
    w = torch.tensor(-3.0, requires_grad=True)
    found = slopes(lambda: torch.relu(w * 2) * 5)
    assert found["mul 2", "relu"] == "×0" and found["w", "mul 2"] == "× 2"


def test_every_rule_can_be_said():
    torch.manual_seed(0)
    images, table = torch.randn(2, 1, 6, 6), nn.Embedding(4, 3)
    conv, norm = nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)
    layers = nn.Sequential(conv, norm, nn.LeakyReLU(), nn.MaxPool2d(2), nn.Flatten())

    def compute():
        scores = layers(images)[:, :3] + table(torch.tensor([1, 3]))
        loss = F.cross_entropy(scores, torch.tensor([0, 2]))
        return loss + F.mse_loss(scores.softmax(1).sqrt(), torch.ones(2, 3))

    graph = graph_of(compute)
    nodes = [n for n in graph.nodes if n.kind == "operation" and word(n) in SLOPES]
    said = {word(node): sentence(graph, node) for node in nodes}
    assert len(said) > 12 and all("{" not in text for text in said.values())
    assert set(SENTENCES) <= set(SLOPES)
    assert said["sqrt"] == "sqrt divides the gradient by 2·√softmax"
