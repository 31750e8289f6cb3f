"""Relativity's turn of Mercury's ellipse follows from its terms."""

import numpy as np
import pytest

from benchmarks.public.mercury import EINSTEIN, LIGHT, PUBLISHED, precession


def test_the_terms_of_relativity_turn_the_ellipse_as_published():
    gm, axis, e = 2.959122082855911e-4, 0.3870983, 0.2056307
    # Positions at equal steps of the eccentric anomaly, each with its velocity.
    u = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    x = axis * np.stack([np.cos(u) - e, np.sqrt(1 - e**2) * np.sin(u), 0 * u], 1)
    rate = np.sqrt(gm / axis**3) / (1 - e * np.cos(u))
    slope = np.stack([-np.sin(u), np.sqrt(1 - e**2) * np.cos(u), 0 * u], 1)
    v = axis * slope * rate[:, None]
    factors = np.array(EINSTEIN) / LIGHT**2
    assert precession(factors, gm, x, v) == pytest.approx(PUBLISHED, rel=2e-4)
    # A wrong mass of the Sun looks like this mixture and turns nothing.
    mixture = np.array([2.0, -1.0, 0.0, 0.0]) / LIGHT**2
    assert abs(precession(mixture, gm, x, v)) < 1e-9
