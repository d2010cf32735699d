"""The stepper goes forward, then backward, and ends at PyTorch's own gradient."""

import re
import traceback

import pytest
import torch
from torch import nn

from course_utils.demos.stepper import stepper
from course_utils.errors import CourseError


def example():
    torch.manual_seed(0)
    x, w = torch.randn(2, 3), torch.randn(3, 2, requires_grad=True)
    return x, w, lambda: torch.relu(x @ w).sum()


def words(demo):
    return demo.drawn.alt


def test_every_step_is_drawn_and_told():
    demo = stepper(example()[2])
    control = demo.controls["step"]
    told = []
    for step in range(control.max + 1):
        control.value = step
        told.append(words(demo).partition(": ")[2])
    kinds = [re.search(r"· (\w+)", line).group(1) for line in told]
    assert kinds == ["start"] + ["forward"] * 3 + ["backward"] * 4
    assert len(set(told)) == len(told)


def test_the_last_gradient_is_torchs():
    x, w, compute = example()
    demo = stepper(compute, step=-1)
    (gradient,) = torch.autograd.grad(compute(), w)
    shown = re.findall(r">([^<]*)</text>", demo.picture.value)
    rows = [" ".join(line.replace("\u00a0", " ").split()) for line in shown]
    for row in gradient.tolist():
        assert " ".join(f"{value:.2f}" for value in row) in rows


def test_a_value_appears_when_its_operation_has_run():
    w = torch.tensor([4.0], requires_grad=True)
    demo = stepper(lambda: (w * 1234.0).sum() * 2)
    assert "4936" not in demo.picture.value
    demo.controls["step"].value = 1
    assert "4936" in demo.picture.value


def test_the_rule_is_told_with_numbers():
    w = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
    demo = stepper(lambda: torch.relu(w).sum(), step=4)
    assert "relu passes the gradient where its input was positive" in words(demo)
    assert "positive here: 2 of 3" in words(demo)
    assert "sends [1 0 1] to w" in words(demo)


def test_what_is_kept_goes_away_in_backward():
    _, _, compute = example()
    demo = stepper(compute)
    kept = []
    for step in range(demo.controls["step"].max + 1):
        demo.controls["step"].value = step
        kept.append(
            re.search(r"kept for backward: ([\d.]+ \w+)", demo.picture.value)[1]
        )
    assert kept == ["0 B", "24 B", "40 B", "40 B", "40 B", "24 B", "0 B", "0 B"]


def test_a_second_backward_adds_to_grad():
    w = torch.tensor([2.0], requires_grad=True)
    demo = stepper(lambda: (w * 3).sum(), passes=2, step=-1)
    assert "w.grad was [3]; [3] is added: [6]" in words(demo)


def test_the_current_line_of_code_is_marked():
    demo = stepper(example()[2], step=1)
    assert "▶" in demo.picture.value
    code = "x,\u00a0w,\u00a0lambda:\u00a0torch.relu(x\u00a0@\u00a0w).sum()"
    assert code in demo.picture.value


def test_a_module_can_be_opened():
    model = nn.Sequential(
        *(nn.Sequential(nn.Linear(2, 2), nn.ReLU()) for _ in range(9))
    )
    demo = stepper(lambda: model(torch.ones(1, 2)).sum(), step=-1)
    last = demo.controls["step"].max
    demo.controls["opened"].value = "4"
    assert demo.controls["step"].max > last
    assert "4.0 · Linear" in demo.picture.value
    demo.controls["opened"].value = "none"
    assert demo.controls["step"].value == demo.controls["step"].max == last


def test_the_legend_stays_below_whatever_the_step():
    demo = stepper(example()[2])
    before = demo.legend.value
    demo.controls["step"].value = 5
    assert demo.legend.value == before and "<details" in before
    assert demo.legend in demo.view.children and "leaf" not in demo.drawn.words.svg()


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((nn.Linear(2, 1),), "Linear is a model"),
        ((lambda x: x,), "needs x"),
        ((None,), "not NoneType"),
        ((lambda: torch.ones(2, requires_grad=True) * 2,), "start.* from one number"),
    ],
)
def test_a_wrong_input_gets_one_sentence(arguments, message):
    with pytest.raises(CourseError, match=message) as caught:
        stepper(*arguments)
    assert "\n" not in str(caught.value)
    assert caught.value._render_traceback_() == [str(caught.value)]


@pytest.mark.parametrize("options", [{"step": "2"}, {"lr": 0.1}, {"gradient": 3}])
def test_a_wrong_option_is_named(options):
    with pytest.raises(CourseError, match=next(iter(options))):
        stepper(example()[2], **options)


def test_the_learners_own_error_is_shown_at_their_line():
    def mistaken():
        return torch.ones(2, 3) @ torch.ones(2, 3, requires_grad=True)

    with pytest.raises(RuntimeError, match="cannot be multiplied") as caught:
        stepper(mistaken)
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert names[-1] == "mistaken" and len(names) <= 3


def test_controls_have_names_and_a_picture_is_saved():
    demo = stepper(example()[2], step=3)
    data, _ = demo._repr_mimebundle_()
    assert set(data) >= {"image/png", "text/plain"}
    assert data["text/plain"] == "graph stepper: 7 steps, forward then backward"
    assert all(control.description for control in demo.controls.values())


@pytest.mark.parametrize("step", [0, 5, -1])
def test_a_step_may_be_chosen_to_begin_with(step):
    demo = stepper(example()[2], step=step)
    assert demo.controls["step"].value == demo.controls["step"].player.value == step % 8
