"""What is said of formulas: of the right ones, and of those that only look right."""

import warnings

import numpy as np
import pytest
from motions import central, of_pairs, seen
from scipy.integrate import solve_ivp
from worlds import OUTSIDE

from forcelaw.distill import LibrarySearch
from forcelaw.laws import Formula
from forcelaw.particles import LAWS, EstimateWarning, Trajectories, discover, simulate
from forcelaw.particles.data import Split
from forcelaw.particles.diagnosis import Verdict, judge_formula
from forcelaw.particles.diagnosis.replicas import given_arrays, replicates
from forcelaw.particles.kinematics import measure_noise
from forcelaw.particles.preparation import (
    data_units,
    median_acting_size,
    median_size,
    split_and_denoise,
)
from forcelaw.training import Stage

QUICK = {
    "stages": (Stage(epochs=3, learning_rate=1e-2),),
    "batch": 64,
    "hidden": (16, 16),
    "searchers": (LibrarySearch(),),
}


@pytest.fixture(autouse=True)
def estimates_are_expected():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EstimateWarning)
        yield


def springs(noise: float = 0.0) -> Trajectories:
    return of_pairs(lambda r: 2 * (r - 1), noise=noise, name="springs")


def judged(data: Trajectories, pair: str, one_body: str | None = None) -> Verdict:
    return judge_formula(Formula.parse(pair, one_body), split_and_denoise(data, 0))


@pytest.mark.parametrize("noise", [0.0, 0.005])
def test_the_law_is_no_approximation(noise):
    found = judged(springs(noise), "2*(r - 1)")
    assert found.verdict == "law"
    assert found.causes == ()
    assert found.explained > 0.99
    assert found.explained_of_explainable == pytest.approx(1, abs=2e-3)


def test_a_constant_less_sure_than_its_value_makes_no_law():
    found = judge_formula(
        Formula.parse("2*(r - 1)"), split_and_denoise(springs(), 0), unsure=("2 (+- 3)",)
    )
    assert found.verdict == "approximation"
    assert found.causes == ()


def test_a_law_that_says_nothing_explains_nothing():
    found = judged(springs(), "0")
    assert found.verdict == "none"
    assert found.explained == 0


@pytest.mark.parametrize(
    ("world", "pair", "one_body", "cause"),
    [
        ("pair friction", "2*(r - 1)", "-0.149*v", "velocity-dependent"),
        pytest.param("growing", "2*(r - 1)", None, "time-dependent", marks=pytest.mark.slow),
        pytest.param("across", "2*(r - 1)", None, "transverse", marks=pytest.mark.slow),
        ("woods-saxon, noise", "618.5*r**8.424*exp(-6*r)", None, "form"),
    ],
)
def test_an_approximation_is_told_from_the_law_and_its_cause_named(world, pair, one_body, cause):
    found = judged(OUTSIDE[world](), pair, one_body)
    assert found.verdict == "approximation"
    assert found.causes[0] == cause


@pytest.mark.slow
def test_bodies_that_mostly_feel_nothing_do_not_hide_a_wrong_force():
    data = simulate("discontinuous", trajectories=100, steps=100, noise=0.001)
    assert judged(data, "where(r < 2, 0, 2*(r - 1))").verdict == "law"
    assert judged(data, "where(r < 2.025, 0, 1.615*r - 2.545/r)").verdict == "approximation"


@pytest.mark.parametrize("noise", np.geomspace(1e-6, 0.03, 6))
def test_the_acting_size_is_that_of_what_acts_however_many_are_at_rest(noise):
    draw = np.random.default_rng(0)
    moved, resting = draw.normal(2, 0.3, 1000), noise * draw.normal(size=1500)
    assert median_acting_size(np.concatenate([moved, resting])) == pytest.approx(2, rel=0.2)


def test_the_acting_size_has_the_unit_of_the_values():
    values = np.random.default_rng(1).standard_cauchy(1000)
    assert median_acting_size(-1e-7 * values) == pytest.approx(1e-7 * median_acting_size(values))
    assert median_acting_size(np.zeros(5)) == median_acting_size(np.zeros(0)) == 1.0


@pytest.mark.parametrize(
    "world",
    ["overdamped", *(pytest.param(w, marks=pytest.mark.slow) for w in ("vortices", "kuramoto"))],
)
def test_motion_of_first_order_is_recognised(world):
    found = judged(OUTSIDE[world](), "0.1/r", "-v")
    assert found.verdict != "law"
    assert found.causes[0] == "first-order"


def test_chance_is_recognised():
    found = judged(OUTSIDE["brownian"](), "r - 1", "-v")
    assert found.verdict != "law"
    assert "stochastic" in found.causes


def test_a_replicate_is_seen_like_the_data():
    data = split_and_denoise(springs(0.005), 0).train
    twins = replicates(Formula.parse("2*(r - 1)"), data, 2)
    assert len(twins) == 2
    assert not np.array_equal(twins[0].data.position, twins[1].data.position)
    for twin in twins:
        assert twin.data.estimated == data.estimated
        raw, copy = (given_arrays(one)["position"] for one in (data, twin.data))
        noises = [
            measure_noise(np.moveaxis(part, 1, 0).reshape(part.shape[1], -1), one.time)
            for part, one in ((raw, data), (copy, twin.data))
        ]
        assert noises[1] == pytest.approx(noises[0], rel=0.25)


def test_how_far_estimated_accelerations_are_off_is_known_within_a_factor_of_two():
    exact, noisy = springs(), springs(0.005)
    found = judged(noisy, "2*(r - 1)")
    assert noisy.acceleration is not None
    inner = slice(noisy.ends[0], noisy.n_times - noisy.ends[1])
    truth = central(exact.position, lambda r: 2 * (r - 1))[:, inner]
    size = np.linalg.norm(truth, axis=-1)
    off = np.abs(noisy.acceleration[:, inner] - truth) / (size + median_size(size))[..., None]
    assert found.acceleration_error is not None
    assert 0.5 < found.acceleration_error / off.mean() < 2


@pytest.mark.slow
@pytest.mark.parametrize("world", OUTSIDE)
def test_no_world_outside_the_vocabulary_gets_a_law(world):
    found = discover(OUTSIDE[world](), **QUICK)
    assert found.verdict != "law"
    assert found.document["verdict"] == found.verdict


@pytest.mark.slow
@pytest.mark.parametrize("noise", [0.0, 0.001, 0.01])
@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize("law", ["spring", "1/r", "1/r2", "charge", "damped", "discontinuous"])
def test_no_law_within_it_is_doubted(law, dim, noise):
    split = split_and_denoise(simulate(law, dim=dim, trajectories=300, steps=200, noise=noise), 0)
    units = data_units(split.train)
    split = Split(*(part.rescaled(units) for part in split))
    found = judge_formula(LAWS[law].formula(dim=dim).rescaled(units), split)
    assert found.verdict == "law"
    assert found.causes == ()


def test_velocities_alone_that_are_noisy_keep_what_was_measured():
    data = springs()
    noisy = data.velocity + 0.02 * np.random.default_rng(0).normal(size=data.velocity.shape)
    other = seen(data.position, noisy, data.time)
    np.testing.assert_array_equal(given_arrays(other)["velocity"], noisy)


def test_a_star_that_is_not_in_the_data_pulls_from_outside():
    """It moves a little, as planets pull it: no fixed place follows that."""
    mass, start = np.array([1, 1e-3, 3e-4]), np.array([[0, 0], [1, 0], [-1.9, 0.3]])
    speed = np.array([[0, 0], [0, 1.05], [-0.1, -0.7]])
    place, velocity = start - mass @ start / mass.sum(), speed - mass @ speed / mass.sum()

    def rates(_, state):
        x, v = state.reshape(2, 3, 2)
        apart = x - x[:, None]
        r = np.linalg.norm(apart, axis=-1) + np.eye(3)
        return np.concatenate([v, (mass[:, None] * apart / r[..., None] ** 3).sum(axis=1)]).ravel()

    time, first = np.linspace(0, 40, 400), np.concatenate([place, velocity]).ravel()
    path = solve_ivp(rates, (0, 40), first, t_eval=time, rtol=1e-10, atol=1e-12).y
    x, v = np.moveaxis(path.reshape(2, 3, 2, 400), -1, 1)[:, :, 1:]
    pull = "(-x/(x**2 + y**2)**1.5, -y/(x**2 + y**2)**1.5)"
    found = judged(Trajectories(x[None], v[None], time), "0", pull)
    assert found.verdict == "approximation"
    assert found.causes[0] == "external-field"
    assert "not in the data" in found.evidence[0].words
