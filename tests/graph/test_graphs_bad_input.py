"""What cannot be drawn gets a clear error or a summary, never a hang."""

import traceback

import pytest
import torch
from torch import nn

from course_utils.graph import GraphError, graph_of, show


@pytest.mark.parametrize(
    "computation, message",
    [
        (lambda: None, "forget return"),
        (lambda: 3.0, "returned float, not a tensor"),
        (lambda: (torch.ones(1), torch.ones(1)), "Return one tensor"),
    ],
)
def test_no_tensor(computation, message):
    with pytest.raises(GraphError, match=message):
        graph_of(computation)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((nn.Linear(2, 1),), r"Linear is a model.*lambda: model\(x\)"),
        ((lambda x, y: x,), r"needs x, y.*lambda: f\(x, y\)"),
        ((3.0,), "not float"),
        ((torch.relu,), "stopped: relu"),
    ],
)
def test_what_is_no_computation(arguments, message):
    with pytest.raises(GraphError, match=message):
        graph_of(*arguments)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"gradient": 1}, "gradient= takes a tensor, not int"),
        ({"passes": "2"}, "passes= takes a whole number"),
        ({"passes": -1}, "passes= takes a whole number"),
    ],
)
def test_options_of_another_kind(options, message):
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(GraphError, match=message):
        graph_of(lambda: w.sum(), **options)


def lines_of(error):
    return [frame.name for frame in traceback.extract_tb(error.__traceback__)]


def test_the_learners_own_error_shows_the_learners_lines_only():
    model = nn.Sequential(nn.Linear(2, 1))

    def forward():
        return model(torch.ones(1, 3)).sum()

    with pytest.raises(RuntimeError, match="shapes cannot be multiplied") as caught:
        graph_of(forward)
    assert lines_of(caught.value)[-1] == "forward"
    assert len(lines_of(caught.value)) == 4  # this test, graph_of, record, forward


def test_an_error_in_a_backward_of_ones_own_shows_its_line():
    class Broken(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, gradient):
            return gradient / 0 + [][0]

    w = torch.ones(1, requires_grad=True)
    with pytest.raises(IndexError) as caught:
        graph_of(lambda: Broken.apply(w))
    assert lines_of(caught.value)[-1] == "backward"


def test_a_result_of_several_numbers_needs_a_gradient():
    w = torch.ones(3, requires_grad=True)
    with pytest.raises(GraphError, match=r"shape \(3,\).*gradient="):
        graph_of(lambda: w * 2)
    with pytest.raises(GraphError, match=r"gradient= has shape \(2,\)"):
        graph_of(lambda: w * 2, gradient=torch.ones(2))
    graph = graph_of(lambda: w * 2, gradient=torch.tensor([1.0, 0, 5]))
    assert [t.grad.numbers.tolist() for t in graph.backward if t.grad] == [[2, 0, 10]]


def test_a_graph_that_is_already_freed():
    w = torch.ones(2, requires_grad=True)
    loss = torch.exp(w).sum()
    loss.backward()
    with pytest.raises(GraphError, match="already been through backward"):
        graph_of(loss)


def test_a_saved_tensor_changed_in_place():
    w = torch.ones(2, requires_grad=True)

    def compute():
        y = torch.exp(w)
        y += 1
        return y.sum()

    with pytest.raises(GraphError, match="ExpBackward0 needs .* in-place"):
        graph_of(compute)
    assert "was changed" in show(graph_of(compute, passes=0)).svg()


def test_an_error_in_backward_is_told():
    w = torch.ones(2, requires_grad=True)

    def compute():
        y = w * 1
        y.register_hook(lambda g: g[:1])
        return y.sum()

    with pytest.raises(GraphError, match="backward stopped"):
        graph_of(compute)
    assert w.grad is None


def test_compiled_modules_run_as_their_python(monkeypatch):
    model = torch.compile(nn.Linear(2, 1), backend="eager")
    graph = graph_of(lambda: model(torch.ones(1, 2)).sum())
    assert "addmm" in [n.name for n in graph.nodes]


@pytest.mark.filterwarnings("ignore:.*[Ss]parse")
@pytest.mark.parametrize("layout", ["to_sparse", "to_sparse_csr"])
def test_sparse_tensors_are_summed_up(layout):
    w = torch.ones(2, 2, requires_grad=True)
    a = getattr(torch.eye(2), layout)()
    graph = graph_of(lambda: (a @ w).sum(), a=a)
    (node,) = [n for n in graph.nodes if n.name == "a"]
    assert node.value.note.endswith("2 stored")
    assert "2\u00a0stored" in show(graph).svg()


@pytest.mark.filterwarnings("ignore")
def test_quantized_tensors_are_named():
    q = torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)
    w = torch.ones(2, requires_grad=True)
    graph = graph_of(lambda: (q.dequantize() * w).sum(), q=q)
    (node,) = [n for n in graph.nodes if n.name == "q"]
    assert node.value.note == "quantized qint8"


def test_a_tensor_without_data():
    w = torch.ones(2, device="meta", requires_grad=True)
    graph = graph_of(lambda: (w * 2).sum())
    assert {n.value.note for n in graph.nodes} == {"no data (meta)"}


def test_too_many_operations_stop_early():
    ran = []

    def compute():
        y = torch.ones(1, requires_grad=True)
        for i in range(100_000):
            ran.append(i)
            y = y + 1
        return y

    with pytest.raises(GraphError, match="More than 5,000 operations"):
        graph_of(compute)
    assert len(ran) < 6_000


def test_a_finished_graph_of_100000_nodes():
    w = y = torch.ones(1, requires_grad=True)
    for _ in range(100_000):
        y = y + 1
    with pytest.raises(GraphError, match="too many to draw"):
        graph_of(y, w=w)


def test_a_name_that_is_no_tensor():
    with pytest.raises(GraphError, match="lr is a float"):
        graph_of(lambda: torch.ones(1), lr=0.1)


@pytest.mark.filterwarnings("ignore:.*[Ss]parse")
def test_a_sparse_gradient_is_summed_up():
    table = nn.Embedding(4, 2, sparse=True)
    graph = graph_of(lambda: table(torch.tensor([1, 2])).sum())
    (turn,) = [t for t in graph.backward if t.grad]
    assert turn.grad.note == "sparse coo, 2 stored"


def test_an_empty_tensor_is_drawn():
    w = torch.ones(5, 2, requires_grad=True)
    graph = graph_of(lambda: (torch.zeros(0, 5) @ w).sum())
    assert "empty" in show(graph).svg()
