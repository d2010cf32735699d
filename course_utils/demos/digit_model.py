"""A small convolutional network, trained on the digits, for demos to look into."""

from __future__ import annotations

from functools import cache

import torch
from torch import nn

from course_utils.data import Digits


@cache
def digit_model() -> nn.Sequential:
    """A network `(B, 1, 8, 8)` to `(B, 10)`; the first call trains it for a second.

    The random state is left as it was. Callers share one model and must not change it.
    """
    digits, threads = Digits(), torch.get_num_threads()
    torch.set_num_threads(1)  # for tensors this small, threads only wait for each other
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(0)
        model = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(64, 10),
        )  # fmt: skip
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        for _ in range(5):
            for rows in torch.randperm(len(digits)).split(64):
                scores = model(digits.images[rows])
                loss = nn.functional.cross_entropy(scores, digits.labels[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
    torch.set_num_threads(threads)
    return model.eval()
