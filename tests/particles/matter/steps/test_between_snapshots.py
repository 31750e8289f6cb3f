"""Laws hold between snapshots, not only where snapshots bend all forms alike."""

import numpy as np
import pytest

from forcelaw.particles.data import Cell, Recording, Recordings
from forcelaw.particles.kernels import (
    KnownLaw,
    OneBody,
    SecondOrder,
    Terms,
    find_residuals,
    follow,
)
from forcelaw.particles.matter import discover_recordings


def swinging(step, frequency=1.0, **how):
    """Bodies on springs to a place, whose motion is known."""
    chance = np.random.default_rng(0)
    time = step * np.arange(12)
    angle = frequency * time[:, None, None] + chance.uniform(0, 6, (1, 5, 2))
    there = np.ones((12, 5), bool)
    velocity = -frequency * np.sin(angle) if how.get("velocities") else None
    return Recordings((Recording(np.cos(angle), time, there, velocity=velocity),))


SPRINGS = Terms(0, (), (OneBody("place", 0), OneBody("place", 1)))


@pytest.mark.parametrize("velocities", [False, True])
def test_nothing_is_left_along_the_motion_of_the_law(velocities):
    """A quarter of an oscillation from one snapshot to the next."""
    data, law = swinging(np.pi / 2, velocities=velocities), np.array([-1.0, -1.0])
    along = follow(data, [KnownLaw(SPRINGS, law)], 1.0)
    ((_, _, found),) = along.paths.values()
    assert found.all()
    bent, left = (
        find_residuals(data, SPRINGS, law, order, 1.0).share for order in (SecondOrder(), along)
    )
    assert bent > 1e-5
    assert left < 1e-9


def test_motion_that_turns_between_snapshots_is_not_found():
    data = swinging(1.2 * np.pi)
    along = follow(data, [KnownLaw(SPRINGS, np.array([-1.0, -1.0]))], 1.0)
    ((_, _, found),) = along.paths.values()
    assert not found.any()


def hot_gas(every, velocities, bodies=16, times=40, step=4e-4, temperature=8.0):
    """Soft spheres, so fast that an encounter takes a few snapshots; velocity Verlet."""
    chance, size = np.random.default_rng(0), np.sqrt(2.0 * bodies)
    side = int(np.ceil(np.sqrt(bodies)))
    place = np.stack(np.meshgrid(*[np.arange(side)] * 2), axis=-1).reshape(-1, 2)[:bodies]
    x = (place + 0.5) * size / side
    v = np.sqrt(temperature) * chance.normal(size=x.shape)

    def force(x):
        apart = x - x[:, None]
        apart -= size * np.round(apart / size)
        r = np.linalg.norm(apart, axis=-1) + 9 * np.eye(bodies)
        pull = np.where(r < 2 ** (1 / 6), 24 / r**8 - 48 / r**14, 0)
        return (pull[..., None] * apart).sum(axis=1)

    acts, seen = force(x), []
    for number in range(-2000, times * every):
        if number >= 0 and number % every == 0:
            seen.append((x, v))
        v = v + step / 2 * acts
        x = x + step * v
        acts = force(x)
        v = v + step / 2 * acts
    x, v = map(np.array, zip(*seen, strict=True))
    time, there = every * step * np.arange(times), np.ones((times, bodies), bool)
    cell = Cell.of([size] * 2)
    return Recordings((Recording(x, time, there, velocity=v if velocities else None, cell=cell),))


@pytest.mark.parametrize(
    ("every", "velocities"),
    [
        (50, False),
        pytest.param(75, False, marks=pytest.mark.slow),
        pytest.param(50, True, marks=pytest.mark.slow),
    ],
)
@pytest.mark.slow
def test_encounters_of_a_few_snapshots_bend_no_law(every, velocities):
    """Means over snapshots alone gave -25*max(0, 1.96/r**13 - 1/r**7), and called it a law."""
    found = discover_recordings(hot_gas(every, velocities), cutoff=1.4)
    (force,) = found.law.pairs
    assert found.verdict == "law"
    r = np.linspace(0.85, 1.3, 20)
    truth = np.where(r < 2 ** (1 / 6), 24 / r**7 - 48 / r**13, 0)
    np.testing.assert_allclose(force.formula.at({"r": r}), truth, rtol=2e-3, atol=0.02)


@pytest.mark.slow
def test_encounters_between_snapshots_make_no_law():
    found = discover_recordings(hot_gas(250, False), cutoff=1.4)
    assert found.verdict != "law"
