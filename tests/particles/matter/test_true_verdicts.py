"""A law without chance is exact: no term in the place of another, none that encounters make."""

import numpy as np
import pytest
from matter_laws import alone, law, pair, recorded

from benchmarks.particles.worlds import positions_only
from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.kernels import FirstOrder, OneBody, SecondOrder, Terms
from forcelaw.particles.kernels.observed_changes import errors_of_means
from forcelaw.particles.matter import discover_recordings
from forcelaw.particles.matter.residual_causes import find_causes


def trapped(text, strength, **how):
    """Bodies of first order in a trap, one short recording of their positions."""
    trap = [alone("place", -strength, axis=axis) for axis in range(2)]
    known = law(pair(text), order=1, one_body=trap)
    return positions_only(recorded(known, recordings=1, steps=100, size=3.0, **how))


@pytest.mark.parametrize(
    ("text", "strength", "how"),
    [
        ("-0.3/r", 0.2, {"bodies": 6, "seed": 46, "dt": 0.01}),
        ("-2*exp(-r**2)", 0.3, {"bodies": 10, "seed": 5, "dt": 0.02}),
    ],
    ids=["slow", "soft"],
)
def test_a_trap_is_no_attraction_and_no_drift(text, strength, how):
    found = discover_recordings(trapped(text, strength, **how))
    truth = pair(text).formula
    (force,) = found.law.pairs
    r = np.linspace(0.8, 3, 20)
    np.testing.assert_allclose(force.formula.at({"r": r}), truth.at({"r": r}), rtol=2e-3, atol=1e-5)
    assert {one.term.kind for one in found.law.one_body} == {"place"}
    factors = [one.factor.value for one in found.law.one_body]
    assert factors == pytest.approx([-strength, -strength], rel=1e-3)
    assert found.verdict == "law"


@pytest.mark.parametrize(
    ("text", "seed", "dt", "numbers"),
    [
        ("r", 6, 0.05, 0),
        ("1/r", 2, 0.02, 1),
        pytest.param("0.5*r - 0.2/r", 5, 0.02, 2, marks=pytest.mark.slow),
    ],
    ids=["springs", "attraction", "both"],
)
@pytest.mark.slow
def test_encounters_that_snapshots_do_not_follow_make_no_term(text, seed, dt, numbers):
    known = law(pair(text), order=2)
    data = positions_only(
        recorded(known, recordings=3, steps=80, bodies=5, seed=seed, size=3, dt=dt)
    )
    found = discover_recordings(data)
    (force,) = found.law.pairs
    assert force.name == "pair" and not found.law.one_body
    assert len(force.formula.numbers()) <= max(numbers, 1)
    r = np.linspace(0.2, 3, 30)
    np.testing.assert_allclose(
        force.formula.at({"r": r}), pair(text).formula.at({"r": r}), rtol=2e-3, atol=1e-3
    )
    assert found.verdict == "law"


def test_the_error_of_a_mean_over_snapshots_is_known_from_the_snapshots():
    """Of a force of one frequency, whose mean over two steps is known."""
    frequency, step, count = 2.0, 0.2, 60
    time = step * np.arange(count + 4)
    force = np.cos(frequency * time)[:, None, None]
    five = np.array([-1, 34, 114, 34, -1]) / 180
    three = np.array([0, 1, 4, 1, 0]) / 6
    apart = np.broadcast_to(five - three, (count, 1, 5))
    error = errors_of_means(force, apart, 0 * force, None)[:, 0]
    summed = sum(five[k] * force[k : k + count, 0, 0] for k in range(5))
    exact = np.cos(frequency * time[2:-2]) * np.sin(frequency * step) / (frequency * step)
    typical = np.sqrt(np.mean((summed - exact) ** 2))
    assert typical / 3 < np.sqrt(np.mean(error**2)) < 3 * typical


NOTHING = Terms(0, (), (OneBody("velocity"),))


def moving(force):
    """Bodies with places and velocities by chance, and the accelerations of a force of both."""
    chance = np.random.default_rng(0)
    x, v = chance.uniform(-1, 1, (2, 200, 20, 2))
    part = Recording(
        x, np.arange(200.0), np.ones((200, 20), bool), velocity=v, acceleration=force(x, v)
    )
    return Recordings((part,))


@pytest.mark.parametrize(
    ("force", "causes"),
    [
        (lambda x, v: np.sin(4 * x), ("external-field",)),
        (lambda x, v: -v * np.abs(v) ** 2, ("velocity-dependent",)),
        (lambda x, v: -np.sign(v) * (x[..., 1:] > 0.5), ("velocity-dependent", "external-field")),
        (lambda x, v: np.random.default_rng(1).normal(size=x.shape), ()),
    ],
)
def test_fields_and_friction_of_any_form_are_told(force, causes):
    assert find_causes(moving(force), NOTHING, np.zeros(1), SecondOrder(), 3.0) == causes


TRAP = Terms(0, (), (OneBody("place", 0), OneBody("place", 1)))


def at_rest(strengths, snapshots, step, seed):
    """Bodies that chance moves, each in a trap of its own strength, for long."""
    chance = np.random.default_rng(seed)
    strength = np.asarray(strengths, float)[:, None]
    shape = (len(strength), 2)
    x = [0.1 * chance.normal(size=shape) / np.sqrt(2 * step * strength)]
    for _ in range(snapshots - 1):
        x.append(x[-1] * (1 - step * strength) + 0.1 * chance.normal(size=shape))
    there = np.ones((snapshots, len(strength)), bool)
    return Recordings((Recording(np.array(x), step * np.arange(snapshots), there),))


@pytest.mark.parametrize(
    ("strengths", "causes"), [([1, 1], ()), ([0.4, 2], ("hidden-attribute",))], ids=["same", "two"]
)
def test_chance_that_brought_bodies_where_they_are_is_no_cause(strengths, causes):
    """At rest all that is seen of a force now is undone by how bodies came there."""
    data = at_rest(np.repeat(strengths, 10), 1500, 0.2, seed=3)
    assert find_causes(data, TRAP, -np.ones(2), FirstOrder(), 3.0, lag=1) == causes


def among_eight(text, trap, **how):
    """Eight bodies that chance moves, in one recording of positions."""
    within = [alone("place", -trap, axis=axis) for axis in range(2)] if trap else []
    known = law(pair(text), order=1, one_body=within, diffusion=0.02)
    how = {"recordings": 1, "bodies": 8, "seed": 2, "size": 3.0, "dt": 0.05} | how
    return positions_only(recorded(known, **how))


@pytest.mark.parametrize(("pull", "trap"), [(0.0, 0.8), (0.1, 0.0)], ids=["trap", "pull"])
@pytest.mark.slow
def test_the_centre_tells_a_trap_from_a_pull_between_all(pull, trap):
    """Eight bodies move alike about their centre under both."""
    found = discover_recordings(among_eight(f"{pull}*r - 1/r**3", trap, steps=500))
    factors = [one.factor.value for one in found.law.one_body]
    assert factors == pytest.approx([-trap, -trap] if trap else [], rel=0.15)
    (force,) = found.law.pairs
    r = np.linspace(1, 2.5, 10)
    truth = pull * r - 1 / r**3
    np.testing.assert_allclose(force.formula.at({"r": r}), truth, atol=0.15)


@pytest.mark.slow
def test_a_pull_that_explains_as_well_as_a_trap_is_said():
    found = discover_recordings(at_rest(np.ones(8), 150, 0.05, seed=0))
    assert [one.term.kind for one in found.law.one_body] == ["place", "place"]
    assert found.verdict != "law"
    assert any("no trap" in note and "as well" in note for note in found.notes)
