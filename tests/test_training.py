import ast
import copy
from pathlib import Path

import nbformat
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from course_utils import training

LESSON = Path(__file__).parent.parent / "notebooks" / "05_training.ipynb"


def functions(source):
    """Name → function of a source, without docstrings and type hints."""
    found = {
        n.name: n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)
    }
    for function in found.values():
        if ast.get_docstring(function) is not None:
            del function.body[0]
        function.returns = None
        for argument in function.args.args:
            argument.annotation = None
    return {name: ast.dump(function) for name, function in found.items()}


@pytest.mark.parametrize("name", ["train_epoch", "evaluate", "fit"])
def test_the_loop_is_the_one_that_the_lesson_builds(name):
    cells = nbformat.read(LESSON, 4).cells
    lesson = {}
    for cell in cells:
        if cell.cell_type == "code":
            lesson |= functions(cell.source)
    assert lesson[name] == functions(Path(training.__file__).read_text())[name]


def loader(x, y, batch_size=4):
    return DataLoader(TensorDataset(x, y), batch_size=batch_size)


@pytest.fixture
def data():
    torch.manual_seed(0)
    x = torch.randn(10, 3)
    return x, x @ torch.tensor([[1.0], [2.0], [3.0]])


def test_evaluate_is_the_mean_over_samples_of_uneven_batches(data):
    x, y = data
    y[8:] += 5
    model = nn.Sequential(nn.Linear(3, 1), nn.Dropout(0.9))
    found = training.evaluate(model, nn.MSELoss(), loader(x, y))
    expected = nn.functional.mse_loss(model.eval()(x), y).item()
    assert found == pytest.approx(expected, rel=1e-5)


def test_evaluate_changes_no_weight_and_keeps_no_graph(data):
    model = nn.Linear(3, 1)
    before = copy.deepcopy(model.state_dict())
    seen = []
    model.register_forward_hook(lambda m, x, y: seen.append(y.requires_grad))
    training.evaluate(model, nn.MSELoss(), loader(*data))
    assert seen == 3 * [False] and model.weight.grad is None
    assert torch.equal(before["weight"], model.weight)


def test_an_epoch_is_plain_pytorch(data):
    x, y = data
    ours, theirs = nn.Linear(3, 1), nn.Linear(3, 1)
    theirs.load_state_dict(ours.state_dict())
    optimizer = torch.optim.SGD(ours.parameters(), lr=0.05)
    found = training.train_epoch(ours.eval(), nn.MSELoss(), optimizer, loader(x, y))
    losses = []
    for batch, target in zip(x.split(4), y.split(4), strict=True):
        loss = (theirs(batch) - target).square().mean()
        slopes = torch.autograd.grad(loss, list(theirs.parameters()))
        losses.append(loss.item() * len(batch))
        with torch.no_grad():
            for w, slope in zip(theirs.parameters(), slopes, strict=True):
                w -= 0.05 * slope
    torch.testing.assert_close(ours.weight, theirs.weight)
    assert ours.training and found == pytest.approx(sum(losses) / 10)


def test_accuracy_is_the_share_of_right_answers():
    logits = torch.tensor([[3.0, 1.0], [0.0, 1.0], [5.0, 2.0], [1.0, 2.0], [9.0, 0.0]])
    model = nn.Linear(2, 2, bias=False)
    nn.init.eye_(model.weight)
    answers = torch.tensor([0, 1, 1, 1, 1])
    assert training.accuracy(model, loader(logits, answers)) == pytest.approx(3 / 5)


def overshooting(data, epochs, patience):
    """A fit whose validation targets lie half way to the training targets."""
    x, y = data
    model = nn.Linear(3, 1)
    nn.init.zeros_(model.weight)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    valid = loader(x, y / 2)
    args = (loader(x, y), valid, nn.MSELoss(), optimizer, epochs, patience)
    return model, valid, training.fit(model, *args)


def test_fit_stops_after_patience_and_puts_the_best_weights_back(data):
    model, valid, history = overshooting(data, epochs=50, patience=3)
    lowest = history["valid"].index(min(history["valid"]))
    assert len(history["valid"]) == len(history["train"]) == lowest + 4 < 50
    found = training.evaluate(model, nn.MSELoss(), valid)
    assert found == pytest.approx(min(history["valid"]), rel=1e-6)
    assert found < 0.9 * history["valid"][-1]


def test_fit_runs_to_the_end_where_patience_is_not_used_up(data):
    assert len(overshooting(data, epochs=7, patience=99)[2]["valid"]) == 7


def test_fit_survives_a_loss_that_is_never_a_number(data):
    x, y = data
    model = nn.Linear(3, 1)
    before = model.weight.detach().clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    broken = loader(x, y * float("nan"))
    training.fit(model, broken, broken, nn.MSELoss(), optimizer, 9, patience=2)
    assert torch.equal(before, model.weight)
