"""Numbers and ticks as people read them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelaw.report.drawing.axes import fit_scale
from forcelaw.report.readable_numbers import (
    error_of,
    mean_and_spread,
    measured_number,
    number,
    sentence,
    share,
    tick_label,
    ticks,
    with_error,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (math.nan, "—"),
        (math.inf, "∞"),
        (0.0, "0"),
        (0, "0"),
        (1234567, "1,234,567"),
        (0.99983, "1.000"),
        (-1.5, "\N{MINUS SIGN}1.50"),
        (1.2e-5, "1.20 × 10⁻⁵"),
        (123456.0, "1.23 × 10⁵"),
        ("text", "text"),
    ],
)
def test_number(value, text):
    assert number(value, 3) == text


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (-48.0123, 0.00757, "−48.0123"),
        (24.0, 0.5, "24.00"),
        (0.03, 1.0, "0.0300"),
        (2.0, 0.0, "2.0000"),
        (2.0, None, "2.0000"),
    ],
)
def test_digits_of_a_measured_number_follow_its_error(value, error, text):
    assert measured_number(value, error) == text


@pytest.mark.parametrize(
    ("value", "error", "together", "alone"),
    [
        (0.09959, 0.0008, "0.0996 ± 0.0008", "0.00080"),
        (-3.286, 0.46, "−3.3 ± 0.5", "0.46"),
        (2e-5, 3e-7, "2.000 × 10⁻⁵ ± 3 × 10⁻⁷", "3.0 × 10⁻⁷"),
        (120.0, 30.0, "120 ± 30", "30"),
        (2.0, None, "2.000 ± —", "—"),
    ],
)
def test_an_error_has_no_power_that_its_number_lacks(value, error, together, alone):
    assert with_error(value, error) == together
    assert error_of(value, error) == alone


def test_logarithmic_axes_of_less_than_two_decades_are_marked_all_along():
    scale = fit_scale([0.03, 0.4], 0, 100, logarithmic=True)
    assert [label for _, label in scale.ticks()] == ["0.05", "0.1", "0.2"]


def test_notes_become_sentences():
    assert sentence("times are steps") == "Times are steps."
    assert sentence("Done.") == "Done."
    assert share(0.99996) == "1.0000" and share(None) == "—"


def test_mean_and_spread():
    assert mean_and_spread(0.9, 0.01, None, [1, 2]) == "0.900 ± 0.010"
    assert mean_and_spread(0.9, None, None, [1]) == "0.900"
    assert mean_and_spread(None, None, None, []) == "—"
    assert mean_and_spread(0.5, 0.1, 2, [0.4, 0.6, None]) == "0.500 ± 0.100 (2 of 3)"


finite = st.floats(-1e9, 1e9, allow_nan=False)


@given(finite, st.floats(1e-6, 1e9))
def test_ticks_are_inside_and_distinct(low, width):
    high = low + width
    if not high > low:
        return
    marks = ticks(low, high)
    slack = 1e-6 * max(abs(low), abs(high), width)
    assert all(low - slack <= mark <= high + slack for mark in marks)
    assert len(marks) <= 12
    assert sorted(set(marks)) == marks


def test_tick_labels_tell_neighbours_apart():
    for low, high in ((0, 1), (0, 0.25), (-3, 3), (0, 1e-6), (0, 2e6), (10, 10.5)):
        marks = ticks(low, high, 6)
        labels = [tick_label(mark, marks) for mark in marks]
        assert len(set(labels)) == len(labels), labels


@given(st.lists(finite, min_size=1, max_size=20))
def test_scale_shows_all_its_values(values):
    scale = fit_scale(values, 0.0, 100.0)
    assert all(-1e-6 <= scale(value) <= 100 + 1e-6 for value in values)


def test_logarithmic_scale_leaves_out_what_is_not_positive():
    scale = fit_scale([0.0, -1.0, 1.0, 100.0], 0.0, 100.0, logarithmic=True)
    assert not scale.shows(0.0)
    assert not scale.shows(None)
    assert scale.shows(10.0)
    assert scale(10.0) == pytest.approx(50.0)
