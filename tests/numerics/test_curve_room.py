"""Axes of curves that may diverge."""

import numpy as np
import pytest

from forcelaw.numerics import room_of_curve


def test_a_pole_does_not_rule_the_axis():
    r = np.linspace(0.01, 4, 200)
    low, high = room_of_curve(-1 / r**2)
    assert -1e3 < low < -10 and 0 < high < 10


def test_a_curve_of_one_size_is_seen_whole():
    force = np.sin(np.linspace(0, 6, 50))
    low, high = room_of_curve(np.append(force, np.nan))
    assert low < -1 and high > 1 and high - low < 3


@pytest.mark.parametrize("values", [[], [np.nan, np.inf]])
def test_of_no_values_there_is_room_all_the_same(values):
    assert room_of_curve(np.array(values)) == (-1.0, 1.0)
