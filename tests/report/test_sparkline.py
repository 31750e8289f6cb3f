"""A force in one line: heights follow the values, and pipes see nothing of it."""

import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rich.console import Console

from forcelaw.report.drawing import draw_sparkline, show_force

BLOCKS = "▁▂▃▄▅▆▇█"


@given(
    arrays(float, st.integers(2, 60), elements=st.floats(-1e9, 1e9, allow_subnormal=False)),
    st.floats(1e-6, 1e6),
)
def test_heights_follow_the_values_in_any_units(values, unit):
    drawn = draw_sparkline(values, length=len(values))
    if np.ptp(values) <= 1e-3 * np.abs(values).max():
        return
    heights = np.array([BLOCKS.index(one) for one in drawn])
    assert (np.diff(heights[np.argsort(values)]) >= 0).all()
    assert {0, 7} <= set(heights)
    scaled = np.array([BLOCKS.index(one) for one in draw_sparkline(unit * values, len(values))])
    assert (abs(scaled - heights) <= 1).all()


def test_what_is_not_finite_is_blank_and_a_constant_is_not_drawn():
    assert draw_sparkline([1, np.nan, 2]) == "▁ █"
    assert draw_sparkline([2, 2, 2]) == draw_sparkline([]) == draw_sparkline([np.nan]) == ""


def shown(**options):
    file = io.StringIO()
    show_force(
        Console(file=file, width=80, highlight=False, **options),
        "force",
        [1, 2, 3],
        [3.0, 2.0, 1.0],
    )
    return file.getvalue()


def test_it_is_for_people_and_not_for_pipes():
    assert shown(force_terminal=False) == ""
    assert "1 to 3, r from 1 to 3" in shown(force_terminal=True)
