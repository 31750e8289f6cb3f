"""Constants from the motion between frames, where accelerations are poor."""

import jax
import numpy as np
import pytest

from forcelaw.laws import Formula, PairNetwork, numbers
from forcelaw.particles import Fitted, Trajectories, distill_law, simulate
from forcelaw.particles.preparation import Sizes, split_and_denoise
from forcelaw.particles.refinement import fit_between_frames

TRUTH = "r/(r**2 + 0.01)**1.5"
NEAR = "r/(r**2 + 0.01059)**1.501"


@pytest.fixture(scope="module")
def exact():
    """Softened gravity, five bodies, few frames: accelerations are known."""
    formula = Formula.parse(TRUTH)
    return simulate(formula, bodies=5, trajectories=12, steps=40, dt=0.05, seed=1)


def without_accelerations(data, noise=0.0):
    draw = np.random.default_rng(0)
    position, velocity = (
        part + noise * np.std(part) * draw.normal(size=part.shape)
        for part in (data.position, data.velocity)
    )
    return Trajectories(position, velocity, data.time, data.attributes)


def test_constants_become_exact_and_round(exact):
    split = split_and_denoise(without_accelerations(exact), 0)
    assert "acceleration" in split.train.estimated
    found = fit_between_frames(Formula.parse(NEAR), split.train, split.validation)
    assert found.text(None) == Formula.parse(TRUTH).text(None)


@pytest.mark.slow
def test_positions_alone_are_enough_without_noise(exact):
    split = split_and_denoise(Trajectories(exact.position, None, exact.time, exact.attributes), 0)
    assert "velocity" in split.train.estimated
    found = fit_between_frames(Formula.parse(NEAR), split.train, split.validation)
    assert found.text(None) == Formula.parse(TRUTH).text(None)


def test_drag_is_met_too():
    formula = Formula.parse("2*(r - 1)", "-0.3*v")
    data = without_accelerations(simulate(formula, bodies=3, trajectories=8, steps=20, dt=0.2))
    split = split_and_denoise(data, 0)
    start = Formula.parse("1.9*(r - 1.04)", "-0.33*v")
    found = fit_between_frames(start, split.train, split.validation)
    np.testing.assert_allclose(numbers(found), [2, 1, 0.3], rtol=1e-4)


def test_nothing_changes_where_it_cannot_help(exact):
    start = Formula.parse(NEAR)
    known = split_and_denoise(exact, 0)
    assert fit_between_frames(start, known.train, known.validation) is start
    noisy = split_and_denoise(without_accelerations(exact, noise=0.05), 0)
    assert fit_between_frames(start, noisy.train, noisy.validation) is start
    wrong = Formula.parse("0.5*log(r)")
    split = split_and_denoise(without_accelerations(exact), 0)
    assert fit_between_frames(wrong, split.train, split.validation) is wrong


@pytest.mark.slow
def test_softened_gravity_is_read_off_with_its_constants(exact):
    data = without_accelerations(exact)
    split = split_and_denoise(data, 0)
    sizes = Sizes.of(split.train)
    known = {"scale": sizes.for_forces(), "logarithmic": sizes.positive, "hidden": (4,)}
    law = PairNetwork(data.dim, sizes.names, key=jax.random.key(0), **known)
    found = distill_law(Fitted(law, "pair", split, sizes, (), 0.0), searchers=())
    assert found.formula.text() == TRUTH
