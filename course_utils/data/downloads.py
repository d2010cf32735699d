"""The real torchvision data and weights, or a stand-in that says so."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import torch
from torch.utils.data import Dataset

from .tables import Digits

HOME = Path.home() / ".cache" / "pytorch-basics-course"
PATIENCE = 3.0  # seconds until a silent server counts as out of reach


def mnist(root=HOME, train=True, transform=None, download=True) -> Dataset:
    """MNIST: `(image, label)`, a gray 28 × 28 PIL image (or its transform) and an int.

    Reads the files under `root`, fetches them first if they are missing and `download`
    allows it. Where neither works, prints one line and gives the course's digits,
    enlarged to the same size, so that the code after it runs all the same.
    """
    from torchvision.datasets import MNIST

    return _image_data(
        MNIST, MNIST.mirrors, (28, "L"), root, train, transform, download
    )


def fashion_mnist(root=HOME, train=True, transform=None, download=True) -> Dataset:
    """FashionMNIST: gray 28 × 28 PIL images of clothes; otherwise like `mnist`."""
    from torchvision.datasets import FashionMNIST as Data

    return _image_data(Data, Data.mirrors, (28, "L"), root, train, transform, download)


def cifar10(root=HOME, train=True, transform=None, download=True) -> Dataset:
    """CIFAR10: color 32 × 32 PIL images (170 MB to fetch); otherwise like `mnist`."""
    from torchvision.datasets import CIFAR10

    return _image_data(
        CIFAR10, [CIFAR10.url], (32, "RGB"), root, train, transform, download
    )


def pretrained(model_fn: Callable[..., torch.nn.Module], weights: Any, **options):
    """`model_fn` with torchvision's trained weights, or with random ones.

    weights: such as `ResNet18_Weights.DEFAULT`. Where they are neither on this machine
    nor in reach, prints one line and returns the model untrained, of the same form.
    options: further arguments of `model_fn` that keep the form of the weights.
    """
    cached = Path(torch.hub.get_dir()) / "checkpoints" / Path(weights.url).name
    try:
        if not cached.exists() and not _reachable(weights.url):
            raise OSError("no answer from the server")
        with _short_timeout():
            return model_fn(weights=weights, **options)
    except (OSError, RuntimeError, HTTPException) as error:
        print(f"{model_fn.__name__} starts from random weights ({_reason(error)}).")
        return model_fn(weights=None, **options)


class _EnlargedDigits(Dataset):
    """The course's digits as PIL images of another dataset's size and mode."""

    def __init__(self, side: int, mode: str, train: bool, transform: Callable | None):
        self.digits = Digits(train)
        self.classes, self.targets = (
            list(self.digits.classes),
            self.digits.labels.tolist(),
        )
        self.side, self.mode, self.transform = side, mode, transform

    def __len__(self) -> int:
        return len(self.digits)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        from torchvision.transforms.functional import to_pil_image

        image, label = self.digits[index]
        image = to_pil_image(image).resize((self.side, self.side)).convert(self.mode)
        return image if self.transform is None else self.transform(image), label


def _image_data(kind, addresses, form, root, train, transform, download) -> Dataset:
    """The dataset from disk, else from the network, else the digits in its form."""
    options = dict(train=train, transform=transform)
    try:
        try:
            return kind(root, download=False, **options)
        except RuntimeError as missing:  # torchvision's word for missing files
            if not download:
                raise OSError("its files are not on this machine") from missing
        if not any(_reachable(address) for address in addresses):
            raise OSError("no answer from the server")
        with _short_timeout():
            return kind(root, download=True, **options)
    except (OSError, RuntimeError, ValueError, AssertionError, HTTPException) as error:
        side, mode = form
        print(
            f"{kind.__name__} cannot be had here ({_reason(error)}): "
            "enlarged digits take its place."
        )
        return _EnlargedDigits(side, mode, train, transform)


def _reason(error: Exception) -> str:
    """The first line of an error's message, or its kind, to stand in brackets."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".:") if lines else type(error).__name__


def _reachable(address: str, seconds: float | None = None) -> bool:
    """Whether a server answers in time; name lookup may hang, hence the thread."""
    seconds = PATIENCE if seconds is None else seconds
    answers = []

    def ask() -> None:
        try:
            with urlopen(Request(address, method="HEAD"), timeout=seconds):
                answers.append(True)
        except HTTPError:  # an answer, if only to say no
            answers.append(True)
        except (OSError, HTTPException, ValueError):
            pass

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return bool(answers)


@contextmanager
def _short_timeout(seconds: float = 10) -> Iterator[None]:
    """A time limit on every read, since torchvision sets none."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
