"""Formulas that no force of physics is, told by the formula and the distances of the data."""

import numpy as np
import pytest

from forcelaw.laws import Expression
from forcelaw.particles import Trajectories
from forcelaw.particles.equations import Design
from forcelaw.particles.selection.plausibility import is_plausible


@pytest.fixture(scope="module")
def design():
    """Three charges in pairs near and far: distances of 1 to 1.5, and of 4 to 5.5."""
    draw = np.random.default_rng(0)
    position = np.array([[0.0, 0.0], [1.25, 0.0], [5.0, 0.0]]) + draw.uniform(
        -0.1, 0.1, size=(2, 20, 3, 2)
    )
    still = np.zeros_like(position)
    data = Trajectories(position, acceleration=still, mass=1.0, charge=[1.0, -1.0, 2.0])
    return Design.of(data, 40, seed=0)


@pytest.mark.parametrize(
    ("text", "plausible"),
    [
        ("r**2*(0.04/(2*r - 6) - 1.5)", False),
        ("1/(r - 3)**2", False),
        ("q_i*q_j*(r - 3.3)**(-1.5)", False),
        ("1/(r - 0.5)", True),
        ("1/(8 - r)", True),
        ("q_i*q_j/(r**2*m_i)", True),
        ("1/(q_i*q_j)", True),
        ("2*(r - 3)", True),
        ("(r - 3)**3", True),
        ("2.0/r**12.5", True),
        ("2.0*r**69.0", False),
    ],
)
def test_poles_and_steep_powers_are_told(design, text, plausible):
    assert is_plausible(Expression.parse(text), design) == plausible
