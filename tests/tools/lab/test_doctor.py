"""The doctor names what helps on the platform where it is asked."""

import pytest

from course_utils.tools.lab import doctor


@pytest.mark.parametrize(
    ("platform", "packed", "says"),
    [
        ("linux", False, "`make lab` again"),
        ("win32", False, "-m pip install --force-reinstall -e .`"),
        ("darwin", False, "-m pip install --force-reinstall -e .`"),
        ("linux", True, "-m pip install --force-reinstall"),
    ],
)
def test_a_remedy_is_for_the_platform(platform, packed, says, monkeypatch):
    if packed:
        monkeypatch.setattr(doctor, "ROOT", doctor.PACKED)
    assert says in doctor.again(platform)
