"""What counts as found: the true form up to notation, with the right constants."""

import numpy as np
import pytest

from benchmarks.particles.custom_laws import WORLDS
from benchmarks.public.central_laws import LAWS, compare
from forcelaw.laws import Expression
from forcelaw.particles import Trajectories


@pytest.fixture(scope="module")
def motion():
    draw = np.random.default_rng(0)
    position = np.cumsum(draw.normal(size=(20, 30, 3, 2)), axis=1) + 3 * draw.normal(size=(3, 2))
    near = position / np.abs(position).max() * 2
    return Trajectories(near, near, np.arange(30) * 0.1, {})


def said(text):
    pair = Expression.parse(text)
    return lambda known: np.broadcast_to(pair.at(known), known["r"].shape)


@pytest.mark.parametrize("name", LAWS)
def test_forms_with_their_constants_are_the_laws_that_are_simulated(name, motion):
    near = compare(LAWS[name], said(WORLDS[name].pair), motion)
    assert near.constants < 1e-5
    assert near.found(noisy=False)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("woods-saxon", "2.5*(1 - tanh((r - 1.5)/0.6)**2)"),
        ("morse", "17.92676*exp(-1.5*r) - 80.34215*exp(-3*r)"),
    ],
)
def test_another_notation_is_the_same_law(name, text, motion):
    assert compare(LAWS[name], said(text), motion).found(noisy=False)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("yukawa", "-q_i*q_j*1.3*exp(-1.45*r)/r**2"),
        ("r^-1.5", "m_i/r**1.5"),
        ("hertz", "-8*max(1.5 - r, 0)**1.4"),
        ("friedel", "2*cos(4*r)/r**3 + 0.1*sin(4*r)/r**3"),
        ("hertz", "-9*max(1.5 - r, 0)**1.5"),
        ("woods-saxon", "2.5*exp(-2*(r - 1.5)**2)"),
    ],
)
def test_other_forms_and_constants_are_not(name, text, motion):
    assert not compare(LAWS[name], said(text), motion).found(noisy=True)
