"""What a law found in recordings must not depend on."""

from dataclasses import replace

import numpy as np
import pytest
from matter_laws import law, pair, recorded

from forcelaw.particles.data import Recordings, recordings_from_arrays
from forcelaw.particles.forms import FORMS, read_forms
from forcelaw.particles.kernels import (
    ONE,
    Block,
    Central,
    FirstOrder,
    RadialBasis,
    SecondOrder,
    Terms,
    fit_terms,
)
from forcelaw.particles.matter import discover_recordings
from forcelaw.particles.matter.formulas import tie_reciprocal
from forcelaw.particles.matter.formulas.joint_fit import fit_jointly

SPRING = pair("2*(r - 1)")
GRID = np.linspace(0.8, 2.5, 7)


@pytest.fixture(scope="module")
def data():
    return recorded(law(SPRING, order=1), bodies=5, size=3.0, recordings=3, steps=40)


@pytest.fixture(scope="module")
def found(data):
    return discover_recordings(data)


def forces(result):
    return result.law.of_pairs("pair")[0].formula.at({"r": GRID})


def test_the_law_is_found(found):
    assert found.verdict == "law" and found.order.order.number == 1
    np.testing.assert_allclose(forces(found), 2 * (GRID - 1), atol=0.02)


def changed(data, change):
    return Recordings(tuple(change(part) for part in data), data.name)


def test_the_order_of_bodies_does_not_matter(data, found):
    order = np.array([3, 0, 4, 1, 2])

    def permuted(part):
        return replace(
            part,
            position=part.position[:, order],
            velocity=part.velocity[:, order],
            bodies=tuple(part.bodies[b] for b in order),
        )

    again = discover_recordings(changed(data, permuted))
    assert again.formula.text(3) == found.formula.text(3)


def test_units_do_not_matter(data, found):
    """Kilometres and hours for metres and seconds: the same forces, in other numbers."""

    def rescaled(part):
        return replace(
            part,
            position=part.position / 1000,
            velocity=part.velocity / 1000 * 3600,
            time=part.time / 3600,
        )

    again = discover_recordings(changed(data, rescaled))
    assert again.verdict == found.verdict
    there = again.law.of_pairs("pair")[0].formula.at({"r": GRID / 1000})
    np.testing.assert_allclose(there * 1000 / 3600, forces(found), rtol=0.02, atol=0.02)


def test_a_body_that_is_never_there_does_not_matter(data, found):
    def padded(part):
        room = np.full((part.n_times, 1, part.dim), np.nan)
        return replace(
            part,
            position=np.concatenate([part.position, room], axis=1),
            velocity=np.concatenate([part.velocity, room], axis=1),
            present=np.concatenate([part.present, np.zeros((part.n_times, 1), bool)], axis=1),
            bodies=(*part.bodies, "nobody"),
        )

    again = discover_recordings(changed(data, padded))
    assert again.formula.text(3) == found.formula.text(3)


def test_wrapped_positions_tell_the_same_as_unwrapped_ones():
    soft = law(pair("-6*(1.5 - r)**2", reach=1.5), order=1, diffusion=0.01)
    data = recorded(soft, bodies=16, size=4.0, box=4.0, recordings=2, steps=80, dt=0.02)
    texts = []
    for wrapped in (False, True):
        position = np.stack([part.position for part in data])
        time = data.parts[0].time
        again = recordings_from_arrays(
            position % 4.0 if wrapped else position, time=time, box=[4.0, 4.0]
        )
        texts.append(discover_recordings(again, cutoff=1.5).formula.text(3))
    assert texts[0] == texts[1]


def of_two_kinds(back, chance):
    """What both kinds do to each other, -1/r**2 from b on a, as it is read; and which are one."""
    known = law(
        pair("-1/r**2", receiver="a", sender="b", reach=2.0),
        pair(back, receiver="b", sender="a", reach=2.0),
        order=1 if chance else 2,
        kinds=("a", "b"),
        diffusion=0.05 if chance else None,
    )
    data = recorded(known, bodies=16, species="ab" * 8, box=4.0, recordings=3, dt=0.02, speed=1.5)
    order, basis = known.order, RadialBasis.between(np.linspace(0.1, 2, 25))
    fits = [
        fit_terms(
            data,
            Terms(receiver, (Block(1 - receiver, Central(), ONE, basis),), ()),
            FirstOrder() if order == 1 else SecondOrder(),
            2.0,
            rows=50_000,
            noise="langevin" if chance else "none",
        )
        for receiver in (0, 1)
    ]
    powers = FORMS[:17]
    joints = [fit_jointly(fit, [read_forms(fit, 0, forms=powers)]) for fit in fits]
    return joints, *tie_reciprocal(fits, joints)


@pytest.mark.parametrize("chance", [False, True])
def test_forces_of_two_kinds_on_each_other_that_agree_are_one(chance):
    alone, (one, other), mutual = of_two_kinds("-1/r**2", chance)
    assert mutual == [(0, 1)]
    assert one.expressions[0].text(12) == other.expressions[0].text(12)
    np.testing.assert_allclose(one.expressions[0].at({"r": GRID}), -1 / GRID**2, rtol=0.1)
    # Twice the data: the error is less than that of either alone.
    assert one.errors[0] == pytest.approx(other.errors[0])
    assert one.errors[0][0] <= min(found.errors[0][0] for found in alone)


@pytest.mark.parametrize("chance", [False, True])
def test_forces_that_are_not_mutual_stay_apart(chance):
    alone, tied, mutual = of_two_kinds("-1.5/r**2", chance)
    assert mutual == [] and tied == alone
