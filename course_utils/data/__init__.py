"""Datasets that need no download, and the real ones of torchvision where possible."""

from .copies import Copies, noisy_copies
from .downloads import cifar10, fashion_mnist, mnist, pretrained
from .names import PlaceName, place_names, split_by_place
from .tables import Digits, SlowDataset, Table, diabetes, dyed_digit, mnist_sample, wine

__all__ = [
    "Copies",
    "Digits",
    "PlaceName",
    "SlowDataset",
    "Table",
    "cifar10",
    "diabetes",
    "dyed_digit",
    "fashion_mnist",
    "mnist",
    "mnist_sample",
    "noisy_copies",
    "place_names",
    "pretrained",
    "split_by_place",
    "wine",
]
