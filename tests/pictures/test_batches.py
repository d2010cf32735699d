"""The picture of a DataLoader's inside."""

import inspect
import re

import torch
from torch.utils.data import DataLoader

from course_utils.data import Digits
from course_utils.pictures.batches import PARTS, inside_loader


def test_the_arguments_are_those_of_a_dataloader():
    named = " ".join(line for _, lines in PARTS.values() for line in lines)
    arguments = set(re.findall(r"\w+", named))
    assert arguments <= set(inspect.signature(DataLoader).parameters)
    assert {"batch_size", "shuffle", "drop_last", "collate_fn"} <= arguments


def test_the_batch_is_what_a_real_loader_gives():
    generator = torch.Generator().manual_seed(0)
    digits = torch.utils.data.Subset(Digits(), range(10))
    loader = DataLoader(digits, 4, shuffle=True, generator=generator)
    images, labels = next(iter(loader))
    shapes = [str(tuple(part.shape)) for part in (images, labels)]
    assert list(PARTS["batch"][0]) == shapes


def test_the_same_indices_go_through_all_parts():
    generator = torch.Generator().manual_seed(0)
    real = next(iter(DataLoader(range(10), 4, shuffle=True, generator=generator)))
    for part in ("batch sampler", "dataset"):
        shown = re.findall(r"\d", " ".join(PARTS[part][0]))
        assert [int(index) for index in shown] == real.tolist()
    assert PARTS["sampler"][0][0] == ", ".join(map(str, real.tolist())) + ","


def test_every_part_stands_inside_the_picture():
    picture = inside_loader()
    xs = [float(x) for x in re.findall(r'<rect x="([\d.]+)"', picture.svg())]
    assert len(xs) == len(PARTS) and max(xs) + 156 <= picture.width <= 920
    assert all(f">{part}<" in picture.svg() for part in PARTS)
