import torch

from course_utils.pictures.initialization import WAYS, initializations, spreads


def test_only_one_way_keeps_the_size_of_the_values():
    large, small, kept = (spreads(way) for way in WAYS)
    assert large[-1] > 1e20 and small[-1] < 1e-20 and 0.2 < kept[-1] < 5
    assert len(large) == len(small) == len(kept) == 31


def test_the_picture_is_the_same_each_time_and_draws_no_random_number():
    before = torch.get_rng_state()
    assert initializations().svg() == initializations().svg()
    assert torch.equal(torch.get_rng_state(), before)
