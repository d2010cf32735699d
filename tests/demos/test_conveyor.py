"""The batch conveyor."""

import pytest
import torch
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    IterableDataset,
    RandomSampler,
    WeightedRandomSampler,
)

from course_utils.data import Digits
from course_utils.demos.conveyor import conveyor, conveyor_picture
from course_utils.demos.packing import numbered, run, source, unchanged
from course_utils.errors import CourseError


def set_to(demo, **values):
    for name, value in values.items():
        demo.controls[name].value = value


def epochs(data, **chosen):
    """The batches that the belts carry."""
    samples, _, loader = source(data)
    with unchanged(data):
        return run(loader(**chosen), samples).epochs


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("batch_size", [1, 3, 10])
def test_the_belts_carry_what_a_real_loader_gives(shuffle, drop_last, batch_size):
    chosen = dict(batch_size=batch_size, shuffle=shuffle, drop_last=drop_last)
    generator = torch.Generator().manual_seed(4)
    real = DataLoader(torch.arange(10), generator=generator, **chosen)
    given = [[batch.tolist() for batch in real] for _ in range(3)]
    assert epochs(10, seed=4, **chosen) == given


def test_the_last_step_is_the_last_batch_of_the_last_epoch():
    demo = conveyor()
    for batch_size, drop_last, steps in ((4, False, 9), (4, True, 6), (10, True, 3)):
        set_to(demo, batch_size=batch_size, drop_last=drop_last)
        step = demo.controls["step"]
        assert step.max == step.player.max == steps


def test_it_begins_in_the_middle_of_epoch_2_and_keeps_its_place():
    demo = conveyor(12)
    assert demo.drawn.alt.startswith("Epoch 2, batch 2 of 3: samples [4, 5, 6, 7];")
    for batch_size, place in ((2, "batch 4 of 6"), (1, "batch 8 of 12"), (6, "1 of 2")):
        set_to(demo, batch_size=batch_size)
        assert demo.drawn.alt.startswith("Epoch 2") and place in demo.drawn.alt
    set_to(demo, step=0, batch_size=3)
    assert demo.controls["step"].value == 0


def test_one_iteration_is_not_iterations():
    demo = conveyor()
    set_to(demo, step=1)
    assert demo.drawn.alt.endswith("; 1 iteration so far")


def test_what_drop_last_leaves_out_is_seen_at_the_end_of_the_epoch():
    packed = run(numbered(10, 4, False, True, 0), 10)
    assert "left out: 8, 9" not in conveyor_picture(packed, 1, "").svg()
    assert "left out: 8, 9" in conveyor_picture(packed, 2, "").svg()


def test_a_large_dataset_shows_its_first_60_samples():
    demo = conveyor(Digits())
    assert demo.controls["batch_size"].max == 60
    assert "… 1,377 more" in demo.picture.value


def test_a_loader_is_shown_in_the_order_that_comes_next_and_keeps_it():
    loader = DataLoader(Digits(), 16, shuffle=True)
    torch.manual_seed(3)
    demo = conveyor(loader)
    assert list(demo.controls) == ["step"]
    set_to(demo, step=1)
    digits = DataLoader(range(1437), 16, shuffle=True)
    first = next(iter(digits)).tolist()
    assert f"batch 1 of 90: samples {first[:8]}"[:-1] in demo.drawn.alt


def test_samplers_of_indices_and_of_batches():
    weighted = WeightedRandomSampler([0.0, 1.0, 0.0], 6)
    assert epochs(weighted, batch_size=4, drop_last=False)[0] == [[1] * 4, [1] * 2]
    by_four = BatchSampler(range(10), 4, False)
    assert epochs(by_four)[2] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert list(conveyor(RandomSampler(range(5))).controls)[0] == "batch_size"


class Stream(IterableDataset):
    def __iter__(self):
        return iter(range(3))


@pytest.mark.parametrize(
    "wrong", [0, -1, 3.5, None, "", [], DataLoader(Stream()), iter("ab")]
)
def test_what_has_no_indices_is_refused_in_one_sentence(wrong):
    with pytest.raises(CourseError, match="packs no indices|conveyor takes a number"):
        conveyor(wrong)
