"""Which cause is named of what a formula leaves: that of the world, and no other before it."""

import functools
import warnings
from typing import Any

import numpy as np
import pytest
from motions import central, moved, of_pairs, starts
from worlds import OUTSIDE

from forcelaw.laws import Formula
from forcelaw.particles import EstimateWarning, Trajectories
from forcelaw.particles.diagnosis.examination import Examination
from forcelaw.particles.diagnosis.explanation import Explained, explain, explain_alone
from forcelaw.particles.diagnosis.signatures import is_stochastic, jumps
from forcelaw.particles.preparation import data_units, split_and_denoise


def slow(*case: object):
    """A world whose cause another world has, too."""
    return pytest.param(*case, marks=pytest.mark.slow)


@functools.cache
def seen_in(world: str, formula: str) -> tuple[Explained, ...]:
    """What explains the rest of a formula in a world."""
    return explained(OUTSIDE[world](), *formula.split("; "))


def explained(data: Trajectories, pair: str, one_body: str | None = None) -> tuple[Explained, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EstimateWarning)
        train = split_and_denoise(data, 0).train
    units = data_units(train)
    formula = Formula.parse(pair, one_body).rescaled(units)
    examined = Examination.of(formula, train.rescaled(units))
    found = explain(examined, {}, floor=1e-10, unit=units.length)
    return explain_alone(examined, sum((one.share for one in found), 0.0)) or found


@pytest.mark.parametrize(
    ("world", "formula", "causes"),
    [
        slow("dlvo", "0.1715*exp(-0.4135*r) - 31.57*exp(-3.477*r)", ["form"]),
        slow("friedel", "6.94*r*exp(-3.891*r**2)", ["form"]),
        ("sine", "r*(0.205*r - 0.02614*r**2 - 0.295)", ["form"]),
        ("cucker-smale", "0", ["velocity-dependent"]),
        slow("delayed", "1.122*r; 0.5064*v", ["velocity-dependent"]),
        ("across", "2*(r - 1)", ["transverse"]),
        ("three-body", "40.36*exp(-0.03039*r) - 43.73*exp(-0.09761*r)", ["three-body"]),
        slow("embedded", "1.083*exp(-0.5159*r) - 7.237*exp(-2.556*r)", ["three-body"]),
        slow("capped", "1.123*exp(-0.7831*r) + 0.2861*exp(-0.09737*r)", ["three-body"]),
        ("dipoles", "0.008869*r**(-0.6685)", ["anisotropic"]),
        ("hidden edges", "0.7377*log(r)", ["hidden-edges"]),
        slow("edges that vary", "32.5*exp(-0.7558*r) - 34.5*exp(-0.8237*r)", ["hidden-edges"]),
        slow("polymer", "-25*exp(-2.861*r**2)", ["hidden-edges"]),
        ("hidden charges", "0.3169/r**2", ["hidden-attribute"]),
        slow("hidden masses", "r - 1", ["hidden-attribute"]),
        ("mixture", "12.12*exp(-0.0774*r) - 13.41*exp(-0.1424*r)", ["species"]),
        slow("mixture without kinds", "0.7969*r - 0.01124*r**3 - 1.207", ["species"]),
        ("predators", "0", ["non-reciprocal", "species"]),
        ("growing", "1.589*(r - 1)", ["time-dependent"]),
        ("heliocentric", "-0.0003794", ["external-field"]),
        ("shaken", "1.946*(r - 1)", ["non-inertial"]),
        slow("channel", "1.898*(r - 1)", ["external-field"]),
        ("periodic, unwrapped", "-4.8*exp(-1.8*r)", ["periodic-box"]),
    ],
)
def test_the_cause_of_a_world_comes_first(world, formula, causes):
    found = seen_in(world, formula)
    assert list(found[0].causes) == causes
    assert found[0].share > 0.5


def test_a_form_that_is_missing_is_not_blamed_on_data():
    """Whatever the force along the line, nothing else is named beside it."""
    for power in (0.5, 1.5):
        data = of_pairs(lambda r, p=power: np.cos(2 * r) * r**p, speed=0.5)
        assert [one.causes for one in explained(data, "0.2*r")] == [("form",)]


def test_hidden_pairs_and_kinds_are_listed():
    (bonds,) = seen_in("hidden edges", "0.7377*log(r)")
    assert "5 of the 10 pairs" in bonds.words
    (kinds,) = seen_in("mixture without kinds", "0.7969*r - 0.01124*r**3 - 1.207")
    assert "(0, 1, 2 and 3, 4, 5)" in kinds.words or "(3, 4, 5 and 0, 1, 2)" in kinds.words


def test_the_size_of_a_box_is_told_in_given_units():
    found = seen_in("periodic, unwrapped", "-4.8*exp(-1.8*r)")
    assert float(found[0].words.split()[-1]) == pytest.approx(6, rel=0.01)


def test_two_causes_are_told_apart():
    def force(t, x, v):
        field = np.stack([np.sin(1.5 * x[..., 1]), -np.cos(x[..., 0])], axis=-1)
        return 2 * central(x, lambda r: np.sin(2 * r)) - v * np.abs(v) + 3 * field

    found = explained(moved(force, *starts()), "r - 1")
    named = [cause for one in found for cause in one.causes]
    assert set(named) >= {"external-field", "form"}
    assert not {"hidden-edges", "hidden-attribute", "three-body"} & set(named)


def test_forces_from_outside_do_not_cancel():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EstimateWarning)
        outside, inside = (OUTSIDE[name]() for name in ("hidden body", "sine"))
    nothing = Formula.parse("0")
    assert Examination.of(nothing, outside).outward > 0.5
    assert Examination.of(nothing, inside).outward < 0.1


def test_a_collision_is_no_random_kick():
    time = np.linspace(0, 6, 121)
    phase = np.arange(6).reshape(3, 1, 2, 1) + np.array([0.0, 1.0])
    smooth = np.sin(time[:, None, None] + phase)
    collided = smooth + 40 * (time > 3.01)[:, None, None]
    kicks = np.cumsum(np.random.default_rng(0).normal(size=smooth.shape), axis=1)
    for velocity, is_kicked in ((smooth, False), (collided, False), (smooth + kicks, True)):
        position = np.cumsum(velocity, axis=1) * 0.05
        known = Trajectories(position, velocity, time, acceleration=np.ones_like(velocity))
        assert is_stochastic(known) == is_kicked


def test_bodies_that_are_flung_apart_are_in_no_box():
    time, draw = np.linspace(0, 6, 121), np.random.default_rng(0)
    position = 0.1 * np.sin(time[:, None, None] + draw.normal(size=(4, 1, 3, 2)))
    flung = position.copy()
    for body, far in enumerate((9.0, 12.0, 16.0)):
        flung[:, 60:, body] += far
    velocity, acceleration = np.ones_like(position), np.ones_like(position)
    known: dict[str, Any] = {"velocity": velocity, "time": time, "acceleration": acceleration}
    assert jumps(Trajectories(flung, **known, estimated=("velocity",))).number == 0
