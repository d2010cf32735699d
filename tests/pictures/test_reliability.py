import pytest
import torch
from sklearn.calibration import calibration_curve

from course_utils.errors import CourseError
from course_utils.pictures.reliability import binned, reliability


def test_the_bins_are_those_of_scikit_learn():
    torch.manual_seed(0)
    chances, right = torch.rand(300), torch.rand(300) < 0.7
    _, count, mean, share = binned(chances, right, 10)
    expected = calibration_curve(right, chances, n_bins=10)
    assert share.tolist() == pytest.approx(expected[0].tolist())
    assert mean.tolist() == pytest.approx(expected[1].tolist())
    assert count.sum() == 300


def test_a_model_that_is_as_right_as_it_says_has_no_gap():
    chances = torch.tensor([0.75] * 4 + [0.25] * 4)
    right = torch.tensor([1, 1, 1, 0, 1, 0, 0, 0])
    assert reliability(chances, right).alt.endswith("mean gap 0.000.")
    assert reliability(chances, 1 - right).alt.endswith("mean gap 0.500.")


@pytest.mark.parametrize(
    "chances", [torch.rand(3, 1), torch.tensor([]), torch.tensor([2.0])]
)
def test_what_are_no_probabilities_is_refused(chances):
    with pytest.raises(CourseError, match="must be|softmax"):
        reliability(chances, torch.ones(len(chances)))
