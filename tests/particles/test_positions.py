"""Laws from noisy positions alone: weak form, shooting, and the choice between formulas."""

from dataclasses import replace

import numpy as np
import pytest

from forcelaw.distill import LibrarySearch
from forcelaw.laws import Formula
from forcelaw.particles import Trajectories, discover
from forcelaw.particles.equations import Windows, acceleration_errors, relative_error
from forcelaw.particles.kinematics import estimate_missing
from forcelaw.particles.refinement import fit_constants, shoot
from forcelaw.particles.refinement.linearised_motion import linearise
from forcelaw.particles.selection.validation_on_positions import choose, validate_on_positions
from forcelaw.training import Stage

NOISE = 0.01
QUICK = {
    "stages": (Stage(epochs=4, learning_rate=1e-2),),
    "batch": 64,
    "hidden": (16, 16),
    "searchers": (LibrarySearch(),),
}


def springs(count: int, steps: int, dt: float) -> Trajectories:
    """Three bodies on springs `2*(r - 1)`, by small steps of leapfrog."""
    position, velocity = np.random.default_rng(0).normal(size=(2, count, 3, 2))
    fine = 10
    frames = []
    for step in range(steps * fine + 1):
        if step % fine == 0:
            frames.append((position, velocity))
        position = position + velocity * dt / fine / 2
        apart = position[:, None] - position[:, :, None]
        length = np.linalg.norm(apart, axis=-1, keepdims=True)
        force = 2 * (1 - 1 / np.where(length > 0, length, 1)) * apart
        velocity = velocity + force.sum(axis=2) * dt / fine
        position = position + velocity * dt / fine / 2
    seen, speed = (np.stack(part, axis=1) for part in zip(*frames, strict=True))
    return Trajectories(seen, speed, dt * np.arange(steps + 1))


def seen(exact: Trajectories, noise: float = NOISE) -> Trajectories:
    """The same motion, of which only noisy positions are known."""
    measured = exact.position + noise * np.random.default_rng(5).normal(size=exact.position.shape)
    guess = estimate_missing(measured, None, None, exact.time)
    return replace(
        exact,
        position=guess.position,
        velocity=guess.velocity,
        acceleration=guess.acceleration,
        estimated=guess.estimated,
        ends=guess.ends,
        reliable=guess.reliable,
        measured=guess.measured,
    )


@pytest.fixture(scope="module")
def exact() -> Trajectories:
    return springs(80, steps=60, dt=0.02)


@pytest.fixture(scope="module")
def noisy(exact) -> Trajectories:
    return seen(exact)


@pytest.fixture(scope="module")
def windows(noisy) -> Windows:
    found = Windows.of(noisy, all_frames=True)
    assert found is not None
    return found


def test_measured_positions_are_kept_where_they_are_noisy(exact, noisy):
    assert not seen(exact, 0.0).measured
    whole = noisy.measured["position"]
    for part, kept in (
        (noisy.select(np.arange(3)), whole[:3]),
        (noisy.between(2, 9), whole[:, 2:9]),
    ):
        np.testing.assert_array_equal(part.measured["position"], kept)
    assert Windows.of(exact) is None


def test_the_weak_form_of_the_true_law_leaves_white_noise(windows):
    design = windows.design()
    left = acceleration_errors(Formula.parse("2*(r - 1)"), design)[design.weight > 0]
    assert np.sqrt(np.mean(left**2)) == pytest.approx(1, abs=0.1)
    assert np.median(windows.noise["position"]) == pytest.approx(NOISE, rel=0.1)
    wrong = acceleration_errors(Formula.parse("1.8*(r - 1)"), design)[design.weight > 0]
    assert np.mean(wrong**2) > 2 * np.mean(left**2)
    assert 0 < relative_error(Formula.parse("2*(r - 1)"), design) < 0.3


def test_the_motion_is_linear_in_states_and_constants(exact):
    known = seen(exact.select(np.arange(6)), 1e-3)
    windows = Windows.of(known, all_frames=True)
    assert windows is not None
    frames = exact.position[:6, : windows.position.shape[2], None].swapaxes(1, 2)
    windows = replace(windows, usable=np.ones_like(windows.usable))
    assert windows.position.shape[1] == 1
    law = Formula.parse("2*(r - 1)")
    moved = linearise(law, windows, frames)
    path = frames.reshape(6, frames.shape[2], -1)
    state = np.concatenate([path[:, 0], (path[:, 1] - path[:, 0]) / windows.interval], axis=1)
    base, initial, slope = moved.position
    predicted = base + np.einsum("wfsc,wc->wfs", initial, state)
    np.testing.assert_allclose(predicted, path, atol=2e-5)
    # The same motion under other constants is as far away as the slopes say.
    other = linearise(Formula.parse("2.001*(r - 1)"), windows, frames).position
    change = other.base + np.einsum("wfsc,wc->wfs", other.initial, state) - predicted
    np.testing.assert_allclose(change, 1e-3 * slope[..., 0], atol=1e-5)


def test_shooting_finds_constants_and_their_doubt(windows):
    shot = shoot(Formula.parse("1.7*(r - 1.2)"), windows)
    numbers = np.asarray(shot.formula.pair.numbers())
    np.testing.assert_allclose(numbers, [2, 1], rtol=0.01)
    assert (np.abs(numbers - [2, 1]) < 4 * shot.deviation).all()
    assert shot.residual == pytest.approx(1, abs=0.05)


def test_a_formula_that_breaks_down_is_only_infinitely_bad(windows):
    lost = shoot(Formula.parse("exp(900*r)/(r - 1)"), windows)
    assert not lost.residual < 1e3
    assert len(lost.error) == len(shoot(Formula.parse("2*(r - 1)"), windows, rounds=0).error)
    errors = np.stack([np.full(5, np.inf), np.ones(5)])
    assert choose(errors, [1, 5]) == 1
    assert choose(errors[:1], [1]) == 0


def test_the_true_form_is_chosen_and_its_constants_rounded(windows, noisy):
    weak = Windows.of(noisy)
    assert weak is not None
    design = weak.design()
    forms = ("1.5*(r - 1)", "1.5*r**1.3 - 1.5", "-1/r", "1.5*r - 1 - 0.1/r")
    fitted = [fit_constants(Formula.parse(form), design) for form in forms]
    found = validate_on_positions(fitted, windows, design)
    assert str(found.shots[found.chosen].formula.sympy()) == "2*r - 2"
    assert 2 not in found.as_good


def test_a_longer_formula_must_be_clearly_better():
    draw = np.random.default_rng(0)
    base = draw.normal(1, 0.2, size=200)
    errors = np.stack([base + 0.1 * draw.normal(size=200), base, base + 0.05])
    assert choose(errors, [3, 9, 5]) == 0
    errors[0] += 0.05
    assert choose(errors, [3, 9, 5]) == 1
    sure_but_slight = np.stack([base * (1 + 1e-6), base])
    assert choose(sure_but_slight, [3, 9]) == 0


@pytest.mark.slow
def test_noisy_positions_are_enough_to_discover_a_law(noisy):
    found = discover(noisy, seed=0, **QUICK)
    assert str(found.formula.sympy()) == "2*r - 2"
    assert found.document["residual"] == pytest.approx(1, abs=0.1)
    assert sum(row["chosen"] for row in found.document["pareto"]) == 1
    constants = found.document["spread"]["constants"]
    assert all(0 < row["deviation"] < 0.05 for row in constants)
    assert not any("as good" in note for note in found.document["notes"])


@pytest.mark.slow
def test_what_noise_hides_is_said():
    short = springs(12, steps=30, dt=0.02)
    found = discover(seen(short, 0.05), seed=0, **QUICK)
    assert any("do not single out" in note for note in found.document["notes"])
