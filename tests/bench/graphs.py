"""Graph drawing here and by torchviz; run by the Python that has torchviz."""

import json
import shutil
import warnings

import torch
import torchviz
from measure import seconds
from torch import nn
from torchvision.models import resnet18

from course_utils.graph import graph_of, show


def toy():
    """Two layers on three samples: a loss to draw, and its parameters by name."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    x = torch.randn(3, 2)
    return lambda: model(x).square().mean(), model


def large():
    """ResNet-18 on one small image."""
    torch.manual_seed(0)
    model = resnet18(weights=None).eval()
    x = torch.randn(1, 3, 64, 64)
    return lambda: model(x).square().mean(), model


def ours(computation, model) -> str:
    """Record forward and backward, lay it out, draw it: an SVG that is ready."""
    return show(graph_of(computation, model=model)).svg()


def theirs(computation, model) -> str:
    """torchviz: DOT source, and an SVG of it where Graphviz is installed."""
    dot = torchviz.make_dot(computation(), dict(model.named_parameters()))
    return dot.pipe("svg") if shutil.which("dot") else dot.source


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = {"dot": bool(shutil.which("dot"))}
    for make in (toy, large):
        computation, model = make()
        for draws in (ours, theirs):
            draws(computation, model)
            took = seconds(lambda d=draws, c=computation, m=model: d(c, m))
            found[f"{make.__name__} {draws.__name__}"] = took
    print(json.dumps(found))
