"""Of many bodies some stand for all: which, and that sums of forces on them are complete."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.laws import Formula
from forcelaw.particles import Trajectories
from forcelaw.particles.data import sample_receivers
from forcelaw.particles.equations import Design, formula_acceleration
from forcelaw.particles.kinematics import KINEMATICS

BODIES, PAIRS = 14, 60
SMALL = dataclasses.replace(KINEMATICS, crowd=8)
"""As many bodies are many."""
LAW = Formula.parse("q_i*q_j/r**2")


def crowd(seed=0, edges=None, frames=12):
    draw = np.random.default_rng(seed)
    start, speed, pull = draw.normal(size=(3, 1, BODIES, 3))
    time = 0.01 * np.arange(frames)
    since = time[:, None, None]
    return Trajectories(
        start + speed * since + pull * np.sin(since),
        time=time,
        charge=draw.uniform(0.5, 2, BODIES),
        edges=edges,
        settings=SMALL,
    )


def names(data):
    return data.bodies[: data.observed]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_same_seed_takes_the_same_receivers(seed):
    data = crowd()
    one, other = (sample_receivers(data, seed=seed, pairs=PAIRS) for _ in range(2))
    assert names(one) == names(other)
    assert one.observed == PAIRS // (BODIES - 1)
    assert one.n_pairs == one.graph.edges <= PAIRS
    assert sorted(one.bodies) == sorted(data.bodies)
    # Sampled once, and no more.
    assert sample_receivers(one, seed=seed + 1, pairs=1) is one


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), whole=st.booleans())
def test_forces_on_receivers_are_those_of_all_bodies(seed, whole):
    draw = np.random.default_rng(seed)
    edges = None
    if not whole:
        every = np.argwhere(~np.eye(BODIES, dtype=bool))
        edges = every[draw.permutation(len(every))[:120]]
    data = crowd(seed, edges)
    some = sample_receivers(data, seed=seed, pairs=PAIRS)
    assert some.receivers is not None
    full, part = (Design.of(one, 5, seed=seed) for one in (data, some))
    place = [data.bodies.index(name) for name in names(some)]
    expected = formula_acceleration(LAW, full)[:, place]
    np.testing.assert_allclose(formula_acceleration(LAW, part), expected, rtol=1e-12)
    np.testing.assert_array_equal(part.position, full.position[:, place])
    # What starts a rollout is all that there is.
    assert some.initial.graph.edges == data.graph.edges


@pytest.mark.parametrize("body", [0, 5, 13])
def test_a_body_that_is_too_quick_is_no_receiver_and_costs_no_snapshot(body):
    data = crowd()
    quick = np.zeros((1, data.n_times, BODIES), bool)
    quick[0, 5:8, body] = True
    data = dataclasses.replace(data, quick=quick, reliable=~quick.any(axis=2))
    for seed in range(5):
        some = sample_receivers(data, seed=seed, pairs=PAIRS)
        assert data.bodies[body] not in names(some)
        assert some.reliable is None


def test_a_quick_pair_is_told_of_its_bodies():
    data = crowd(frames=40)
    position = data.position.copy()
    turn = np.exp(-(((np.arange(40) - 20) / 0.7) ** 2))
    position[0, :, 3, 0] += 0.1 * turn
    position[0, :, 7, 0] -= 0.1 * turn
    seen = Trajectories(position, None, data.time, data.attributes, settings=SMALL)
    assert seen.quick is not None
    assert np.flatnonzero(seen.quick.any(axis=(0, 1))).tolist() == [3, 7]
    assert "of them are too quick" in seen.notes[0]
    some = sample_receivers(seen, pairs=PAIRS)
    assert some.reliable is None
    assert not {seen.bodies[3], seen.bodies[7]} & set(names(some))


def test_snapshots_are_lost_where_all_bodies_are_too_quick_at_times():
    data = crowd()
    quick = np.zeros((1, data.n_times, BODIES), bool)
    quick[0, 6] = True
    some = sample_receivers(dataclasses.replace(data, quick=quick), pairs=PAIRS)
    assert some.reliable is not None
    assert np.flatnonzero(~some.reliable[0]).tolist() == [6]


def test_few_bodies_and_few_pairs_stay_as_they_are():
    data = crowd()
    assert sample_receivers(data, pairs=BODIES * (BODIES - 1)) is data
    few = dataclasses.replace(data, settings=KINEMATICS)
    assert sample_receivers(few, pairs=1) is few
