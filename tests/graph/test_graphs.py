"""The recorded graph says what PyTorch did: edges, values and gradients."""

import gc
import weakref
from functools import partial

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given, settings
from torch import nn

from course_utils.graph import graph_of, show

UNARY = [
    torch.relu,
    torch.tanh,
    torch.exp,
    torch.sigmoid,
    torch.sin,
    torch.neg,
    torch.t,
    lambda a: a**2,
    lambda a: a * 0.5,
    lambda a: a - a.mean(),
    lambda a: a.clone(),
    lambda a: a.detach() * a,
    lambda a: torch.softmax(a, 0),
    lambda a: a[0] + a,
    lambda a: torch.stack([a, a]).sum(0),
    lambda a: a.reshape(4).view(2, 2),
    lambda a: a.clone().mul_(2),
    lambda a: torch.cat(a.split(1)),
    lambda a: a.max(1)[0] + a,
]
BINARY = [torch.add, torch.sub, torch.mul, torch.mm, torch.maximum, torch.hypot]


@st.composite
def expressions(draw):
    """A function of three 2×2 tensors, made of up to eight operations."""
    choice, place = st.integers(0, 50), st.integers(0, 99)
    step = st.tuples(choice, place, place)
    plan = draw(st.lists(step, min_size=1, max_size=8))

    def compute(*tensors):
        known = list(tensors)
        for choice, i, j in plan:
            a, b = known[i % len(known)], known[j % len(known)]
            if choice % 2:
                known.append(UNARY[choice // 2 % len(UNARY)](a) / 2)
            else:
                known.append(torch.tanh(BINARY[choice // 2 % len(BINARY)](a, b)))
        return sum(known).sum()

    return compute


def three(seed=0):
    torch.manual_seed(seed)
    a, b = (torch.randn(2, 2, requires_grad=True) for _ in range(2))
    return a, b, torch.randn(2, 2)


def walk(result):
    """(names, edges) of the graph as `next_functions` gives it, from the end."""
    number, todo = {result.grad_fn: 0}, [result.grad_fn]
    edges = set()
    for function in todo:
        for slot, (source, output) in enumerate(function.next_functions):
            if source is None:
                continue
            if source not in number:
                number[source] = len(number)
                todo.append(source)
            edges.add((number[source], output, number[function], slot))
    return [function.name().split("::")[-1] for function in todo], edges


def drawn(graph):
    """The same, read from the recorded graph."""
    number, todo = {graph.result: 0}, [graph.result]
    edges = set()
    for node in todo:
        for edge in graph.edges:
            if edge.target != node or edge.kind != "gradient":
                continue
            if edge.source not in number:
                number[edge.source] = len(number)
                todo.append(edge.source)
            edges.add((number[edge.source], edge.output, number[node], edge.slot))
    return [graph.nodes[node].engine for node in todo], edges


@settings(max_examples=60)
@given(expressions())
def test_edges_are_those_of_next_functions(compute):
    tensors = three()
    assert drawn(graph_of(lambda: compute(*tensors))) == walk(compute(*tensors))


@settings(max_examples=60)
@given(expressions())
def test_gradients_are_those_of_autograd(compute):
    a, b, c = three()
    graph = graph_of(lambda: compute(a, b, c), a=a, b=b, c=c)
    expected = torch.autograd.grad(compute(a, b, c), (a, b), allow_unused=True)
    final = {graph.nodes[t.node].name: t.grad.numbers for t in graph.backward if t.grad}
    for name, gradient in zip("ab", expected, strict=True):
        if gradient is None:
            assert name not in final or not final[name].any()
        else:
            exact = {"rtol": 0, "atol": 0, "equal_nan": True}
            torch.testing.assert_close(final[name], gradient, **exact)


@settings(max_examples=40)
@given(expressions())
def test_recording_changes_no_result(compute):
    a, b, c = three()
    seen = []

    def watched():
        seen.append(compute(a, b, c))
        return seen[-1]

    graph = graph_of(watched)
    assert torch.equal(seen[0], compute(a, b, c))
    assert torch.equal(graph.nodes[graph.result].value.numbers, seen[0])
    assert a.grad is None and b.grad is None


def test_every_value_is_the_tensor():
    a, b, c = three()
    kept = {}

    def compute():
        kept["mul"] = a * c
        kept["relu"] = torch.relu(kept["mul"])
        kept["add"] = kept["relu"] + b
        return kept["add"].sum()

    graph = graph_of(compute)
    for name, tensor in kept.items():
        (node,) = [n for n in graph.nodes if n.name == name]
        assert torch.equal(node.value.numbers, tensor)


def test_gradients_in_the_middle_are_retained_gradients():
    a, b, c = three()

    def compute():
        compute.middle = torch.tanh(a @ c)
        compute.middle.retain_grad()
        return (compute.middle * b).sum()

    graph = graph_of(compute)
    (node,) = [n.index for n in graph.nodes if n.name == "tanh"]
    (turn,) = [t for t in graph.backward if t.node == node]
    assert torch.equal(turn.received[0].numbers, compute.middle.grad)


def test_backward_is_in_the_order_of_the_engine():
    a, b, c = three()
    result, order = torch.tanh(a @ c + b).sum(), []
    todo = [result.grad_fn]
    for function in todo:
        function.register_prehook(
            partial(lambda name, g: order.append(name), function.name())
        )
        todo += [f for f, _ in function.next_functions if f and f not in todo]
    result.backward()
    expected = [name.split("::")[-1] for name in order]
    graph = graph_of(lambda: torch.tanh(a @ c + b).sum())
    names = [graph.nodes[turn.node].engine for turn in graph.backward]
    assert names == expected


def test_no_reference_is_left():
    def record():
        model, x = nn.Linear(2, 2), torch.randn(2, 2, requires_grad=True)
        watched = [weakref.ref(x), weakref.ref(model), weakref.ref(model.weight)]

        def compute():
            hidden = model(x).relu()
            watched.append(weakref.ref(hidden))
            return hidden.sum()

        return graph_of(compute), watched

    gc.collect()
    gc.disable()
    try:
        graph, watched = record()
        show(graph, step=3)
        assert [ref() for ref in watched] == [None] * 4
    finally:
        gc.enable()


def test_no_hook_is_left():
    from torch.nn.modules import module

    model, x = nn.Linear(2, 2), torch.randn(3, 2)
    result = model(x).sum()
    before = len(module._global_forward_hooks), len(module._global_forward_pre_hooks)
    graph = graph_of(lambda: model(x).sum())
    after = len(module._global_forward_hooks), len(module._global_forward_pre_hooks)
    assert before == after and not model.weight._backward_hooks
    turns = len(graph.backward)
    result.backward()
    assert len(graph.backward) == turns


def test_nothing_is_left_after_an_error():
    from torch.nn.modules import module

    before = len(module._global_forward_hooks)
    with pytest.raises(ZeroDivisionError):
        graph_of(lambda: torch.ones(2) * (1 / 0))
    assert len(module._global_forward_hooks) == before
    assert torch.ones(2).add(1).sum() == 4


def test_a_grad_that_was_there_stays():
    w = torch.ones(2, requires_grad=True)
    w.grad = old = torch.tensor([1.0, 2.0])
    graph = graph_of(lambda: (w * 3).sum())
    assert w.grad is old and old.tolist() == [1, 2]
    (turn,) = [t for t in graph.backward if t.grad]
    assert turn.grad.numbers.tolist() == [4, 5]


def test_the_second_backward_adds():
    w = torch.ones(2, requires_grad=True)
    graph = graph_of(lambda: (w * w).sum(), passes=2)
    assert [t.grad.numbers.tolist() for t in graph.backward if t.grad] == [
        [2, 2],
        [4, 4],
    ]
    assert [t.frees for t in graph.backward if t.grad] == [False, True]


def test_names_are_found_in_the_code_and_in_modules():
    model, x = nn.Sequential(nn.Linear(2, 1)), torch.ones(1, 2)

    def loss(scale):
        return (model(x) * scale).sum()

    graph = graph_of(lambda: loss(torch.ones(1, requires_grad=True)))
    names = {n.name for n in graph.nodes if n.kind in ("leaf", "data")}
    assert names == {"x", "scale", "0.weight", "0.bias"}


def variables(graph):
    return {node.name: node.variable for node in graph.nodes if node.variable}


def test_results_have_the_names_that_the_code_gives_them():
    w, x, target = (torch.tensor(v, requires_grad=v == 3) for v in (3.0, 2.0, 5.0))

    def compute():
        prediction = w * x
        error = prediction - target
        loss = error**2
        return loss

    expected = {"mul": "prediction", "sub": "error", "pow 2": "loss"}
    assert variables(graph_of(compute)) == expected
    assert variables(graph_of(lambda: (w * x - target) ** 2)) == {}


def test_a_name_that_is_bound_again_belongs_to_each_result():
    w = torch.ones(2, requires_grad=True)

    def compute():
        h = w * 2
        h = torch.tanh(h)
        h = h + 1
        return h.sum()

    expected = {"mul 2": "h", "tanh": "h", "add 1": "h"}
    assert variables(graph_of(compute)) == expected


def test_a_tensor_that_is_given_brings_the_names_around_it():
    w = torch.ones(2, requires_grad=True)
    doubled = w * 2
    loss = doubled.sum()
    graph = graph_of(loss)
    assert variables(graph) == {"mul": "doubled", "sum": "loss"}
    assert [node.name for node in graph.nodes if node.kind == "leaf"] == ["w"]


def test_the_line_and_the_expression_are_known():
    w = torch.ones(2, requires_grad=True)
    graph = graph_of(lambda: (w * 2).sum())
    (node,) = [n for n in graph.nodes if n.name == "mul 2"]
    assert node.code.text == "graph = graph_of(lambda: (w * 2).sum())"
    if node.code.start is not None:  # Python 3.11 on
        assert node.code.text[node.code.start : node.code.end] == "w * 2"


def test_detach_cuts():
    w = torch.ones(2, requires_grad=True)
    graph = graph_of(lambda: (w * (w * 2).detach()).sum())
    (cut,) = [e for e in graph.edges if e.kind == "cut"]
    assert graph.nodes[cut.source].name == "mul 2"
    assert graph.nodes[cut.target].name == "detach"
    assert graph.nodes[cut.target].kind == "plain"


def test_no_grad_is_a_region():
    w = torch.ones(2, requires_grad=True)

    def compute():
        with torch.no_grad():
            scale = w.mean() * 3
        return (w * scale).sum()

    graph = graph_of(compute)
    regions = {n.name: n.region for n in graph.nodes if n.kind == "plain"}
    assert regions == {"mean": "no_grad", "mul 3": "no_grad"}


def test_a_shared_parameter_is_one_node_with_two_edges():
    w = torch.eye(2, requires_grad=True)
    graph = graph_of(lambda: (w @ w).sum())
    (leaf,) = [n.index for n in graph.nodes if n.kind == "leaf"]
    assert [e.slot for e in graph.edges if e.source == leaf] == [0, 1]


def test_in_place_has_its_own_version():
    w = torch.ones(2, requires_grad=True)

    def compute():
        y = w * 2
        y += 1
        return y.sum()

    (node,) = [n for n in graph_of(compute).nodes if n.version]
    assert (node.name, node.version) == ("add_ 1", 1)
    assert node.value.numbers.tolist() == [3, 3]


def test_an_assignment_into_a_slice():
    w = torch.ones(2, 2, requires_grad=True)

    def compute():
        y = w * 2
        y[0] = 5
        return (y * y).sum()

    graph = graph_of(compute)
    (node,) = [n for n in graph.nodes if n.engine == "CopySlices"]
    assert node.value.numbers.tolist() == [[5, 5], [2, 2]]


def test_saved_tensors_and_their_bytes():
    x, w = torch.ones(3, 2), torch.ones(2, 4, requires_grad=True)
    graph = graph_of(lambda: torch.relu(x @ w).sum())
    saved = {
        n.name: [(s.tensor, s.bytes) for s in n.saved] for n in graph.nodes if n.saved
    }
    assert saved == {"matmul": [("x", 24)], "relu": [("its result", 48)]}
    assert graph.kept_bytes == 72


def test_a_function_of_ones_own_is_one_node():
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x.clone() * x

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return 2 * x * g

    w = torch.tensor([3.0], requires_grad=True)
    graph = graph_of(lambda: Square.apply(w).sum())
    assert [n.name for n in graph.nodes] == ["w", "square", "sum"]
    assert graph.nodes[1].value.numbers.tolist() == [9]
    assert [s.tensor for s in graph.nodes[1].saved] == ["w"]


def test_a_tensor_may_be_given_instead_of_a_function():
    w = torch.ones(2, requires_grad=True)
    loss = (w * 2).sum()
    graph = graph_of(loss, w=w)
    assert [n.engine for n in graph.nodes] == [
        "AccumulateGrad",
        "MulBackward0",
        "SumBackward0",
    ]
    assert graph.nodes[0].name == "w"


def test_nothing_asks_for_a_gradient():
    graph = graph_of(lambda: torch.ones(2).sum())
    assert graph.backward == [] and {n.kind for n in graph.nodes} == {"plain"}
    assert "<svg" in show(graph).svg()
