"""The batch conveyor."""

import re

import pytest
import torch
from torch.utils.data import DataLoader

from course_utils.demos.conveyor import conveyor

BOLD = r'font-size="16"[^>]*font-weight="bold"[^>]*>(\d+)<'


def set_to(demo, **values):
    for name, value in values.items():
        demo.controls[name].value = value


def tiles(demo):
    """The indices on the belts, in the order they lie there."""
    return [int(n) for n in re.findall(BOLD, demo.picture.value)][10:]


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("batch_size", [1, 3, 10])
def test_the_belts_carry_what_a_real_loader_gives(shuffle, drop_last, batch_size):
    demo = conveyor()
    set_to(demo, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last, seed=4)
    set_to(demo, step=demo.controls["step"].max)
    generator = torch.Generator().manual_seed(4)
    real = DataLoader(
        torch.arange(10), batch_size, shuffle, drop_last=drop_last, generator=generator
    )
    assert tiles(demo) == [
        i for _ in range(3) for batch in real for i in batch.tolist()
    ]


def test_the_last_step_is_the_last_batch_of_the_last_epoch():
    demo = conveyor()
    for batch_size, drop_last, steps in ((4, False, 9), (4, True, 6), (10, True, 3)):
        set_to(demo, batch_size=batch_size, drop_last=drop_last)
        step = demo.controls["step"]
        assert step.max == step.player.max == steps


def test_a_step_puts_one_more_batch_on_the_belt():
    demo = conveyor()
    set_to(demo, batch_size=3)
    for step, count in enumerate((0, 3, 6, 9, 10, 13)):
        set_to(demo, step=step)
        assert len(tiles(demo)) == count


def test_what_drop_last_leaves_out_is_seen_at_the_end_of_the_epoch():
    demo = conveyor()
    set_to(demo, batch_size=4, drop_last=True, step=1)
    assert "left out" not in demo.picture.value
    set_to(demo, step=2)
    assert "left out: 8, 9" in demo.picture.value
    assert demo.picture.value.count(">left out<") == 2


def test_the_first_picture_shows_a_whole_epoch_and_the_words_stay():
    demo = conveyor(samples=6)
    assert "batch 2 of 2: samples [4, 5]" in demo.drawn.alt
    words = demo._repr_mimebundle_()[0]["text/plain"]
    set_to(demo, shuffle=True)
    assert demo._repr_mimebundle_()[0]["text/plain"] == words == demo.words
