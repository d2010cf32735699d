"""What PyTorch changes in itself while it is used is no tampering."""

import pytest

from course_utils.tools.grading import grade as module
from course_utils.tools.grading.grade import grade
from course_utils.tools.kernels import WARM

ANSWERS = {
    "AdamW": "torch.optim.AdamW(torch.nn.Linear(2, 2).parameters()).step()",
    "every optimizer": """
for name in torch.optim.__all__:
    kind = getattr(torch.optim, name)
    if isinstance(kind, type) and kind is not torch.optim.Optimizer:
        model = torch.nn.Linear(2, 2, bias=False)
        if name != "SparseAdam":
            optimizer = kind(model.parameters())
            model(torch.ones(2)).sum().backward()
            optimizer.step(lambda: torch.tensor(0.0))""",
    "compile": """
model = torch.compile(torch.nn.Linear(2, 2), backend="eager")
model(torch.ones(2)).sum().backward()
torch.optim.AdamW(model.parameters()).step()""",
    "dynamo": "import torch._dynamo, torch._inductor.config",
    "profiler": """
with torch.profiler.profile(), torch.autograd.profiler.record_function("x"):
    torch.optim.SGD(torch.nn.Linear(2, 2).parameters(), 0.1).step()""",
    "functions": "torch.func.vmap(torch.func.grad(torch.sin))(torch.ones(3))",
    "deterministic": "torch.use_deterministic_algorithms(True)",
    "torchvision": "import torchvision; torchvision.models.resnet18()",
    "parametrized": """
torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(2, 2))
torch.nn.utils.parametrizations.spectral_norm(torch.nn.Linear(2, 2))""",
}


@pytest.mark.parametrize("kernels", ["isolated", "cold"])
def test_a_class_that_uses_pytorch_gets_full_marks(
    small, tmp_path, monkeypatch, request, kernels
):
    if kernels == "isolated":
        request.getfixturevalue("isolation")
    monkeypatch.setattr(module, "WARM", {})
    for name in WARM:
        monkeypatch.delenv(name, raising=False)
    for student, code in ANSWERS.items():
        answers = small.cells(squares=f"{small.right}\n{code}")
        small.write(tmp_path / "in" / student / f"{small.stem}.ipynb", answers)
    summary = grade(
        tmp_path / "in",
        tmp_path / "out",
        seed=1,
        unisolated=kernels == "cold",
        solutions=small.folder,
    )
    lost = {m.student: m.notes for m in summary.marked if m.points != 6 or m.errors}
    assert lost == {} and len(summary.marked) == len(ANSWERS)
