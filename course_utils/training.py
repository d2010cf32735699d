"""The training loop that lesson 05 builds, for later lessons to import."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable

import torch
from torch import nn
from torch.utils.data import DataLoader

__all__ = ["accuracy", "evaluate", "fit", "train_epoch"]


def train_epoch(
    model: nn.Module,
    loss_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    optimizer: torch.optim.Optimizer,
    loader: DataLoader,
) -> float:
    """One pass of the five steps over `loader`; returns the mean loss over samples.

    `loss_fn` takes the model's output and `y` and gives the mean over the batch. The
    losses are those of the batches as they were trained on. Batches are moved to the
    device of the model.
    """
    device = next(model.parameters()).device
    model.train()
    total, samples = 0.0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        samples += len(x)
    return total / samples


@torch.no_grad()
def evaluate(
    model: nn.Module,
    loss_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    loader: DataLoader,
) -> float:
    """The mean loss over the samples of `loader`, in eval mode and without a graph."""
    device = next(model.parameters()).device
    model.eval()
    total, samples = 0.0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        total += loss_fn(model(x), y).item() * len(x)
        samples += len(x)
    return total / samples


@torch.no_grad()
def accuracy(model: nn.Module, loader: DataLoader) -> float:
    """The share of samples whose largest logit, of `(B, classes)`, is the right one."""
    device = next(model.parameters()).device
    model.eval()
    right, samples = 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        right += (model(x).argmax(dim=1) == y).sum().item()
        samples += len(y)
    return right / samples


def fit(
    model: nn.Module,
    train: DataLoader,
    valid: DataLoader,
    loss_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    optimizer: torch.optim.Optimizer,
    epochs: int,
    patience: int,
) -> dict[str, list[float]]:
    """Train with validation, early stopping and the best weights put back at the end.

    Stops after `patience` epochs in a row without a lower validation loss, and after
    `epochs` at the latest. Returns the mean losses of each epoch as
    `{"train": [...], "valid": [...]}`.
    """
    history = {"train": [], "valid": []}
    best, lowest, waited = copy.deepcopy(model.state_dict()), math.inf, 0
    for _ in range(epochs):
        history["train"].append(train_epoch(model, loss_fn, optimizer, train))
        history["valid"].append(evaluate(model, loss_fn, valid))
        if history["valid"][-1] < lowest:
            lowest, waited = history["valid"][-1], 0
            best = copy.deepcopy(model.state_dict())
        else:
            waited += 1
        if waited == patience:
            break
    model.load_state_dict(best)
    return history
