"""So many bodies that some stand for all: what is planned, said and found."""

import numpy as np
import pytest

from forcelaw import particles
from forcelaw.errors import InputError
from forcelaw.particles.learning import amounts, plan_crowd


def forces(position, charge):
    apart = position[None] - position[:, None]
    distance = np.linalg.norm(apart, axis=-1)
    np.fill_diagonal(distance, np.inf)
    return np.einsum("ij,ijd->id", -np.outer(charge, charge) / distance**3, apart)


def charges(bodies, frames=40, interval=0.005, steps=4):
    """Near a lattice, and moved by the classical Runge-Kutta method; charge over distance²."""
    draw = np.random.default_rng(0)
    edge = int(np.ceil(bodies ** (1 / 3)))
    grid = np.stack(np.meshgrid(*[np.arange(edge)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    x = grid[draw.permutation(len(grid))[:bodies]] + draw.uniform(-0.2, 0.2, (bodies, 3))
    v, charge, h = draw.normal(0, 0.3, x.shape), draw.uniform(0.5, 1.5, bodies), interval / steps
    charge *= draw.choice([-1, 1], bodies)
    found = [x]
    for _ in range((frames - 1) * steps):
        a = forces(x, charge)
        v2 = v + h / 2 * a
        a2 = forces(x + h / 2 * v, charge)
        v3 = v + h / 2 * a2
        a3 = forces(x + h / 2 * v2, charge)
        v4 = v + h * a3
        a4 = forces(x + h * v3, charge)
        x = x + h / 6 * (v + 2 * v2 + 2 * v3 + v4)
        v = v + h / 6 * (a + 2 * a2 + 2 * a3 + a4)
        found.append(x)
    time = interval * np.arange(frames)
    return particles.Trajectories(np.stack(found[::steps]), time=time, charge=charge)


def swinging(bodies):
    start, turn = np.random.default_rng(0).normal(size=(2, 1, bodies, 3))
    time = 0.1 * np.arange(30)
    return particles.Trajectories(start + turn * np.sin(time)[:, None, None], time=time)


def test_the_plan_says_what_is_sampled_and_what_it_takes():
    plan = plan_crowd(swinging(200))
    assert plan is not None
    assert (plan.bodies, plan.receivers) == (200, 100)
    assert plan.pairs == 30 * 200 * 199
    assert str(plan).startswith("200 bodies, 1.2 million pairs: 100 receivers sampled, about ")
    assert plan_crowd(swinging(100)) is None


def test_what_does_not_fit_is_refused_before_it_begins(monkeypatch):
    monkeypatch.setattr(amounts, "free_memory", lambda: 10**6)
    with pytest.raises(InputError, match=r"found 1 MB of free memory, expected .* for 200 bodies"):
        plan_crowd(swinging(200))


def test_rollouts_of_many_bodies_are_no_target():
    with pytest.raises(InputError, match="'trajectory' beside 150 bodies"):
        particles.fit(swinging(150), target="trajectory")


@pytest.mark.slow
def test_the_law_of_many_charges_is_found_exactly():
    data = charges(300)
    found = particles.discover(data)
    assert found.formula.text() == "-q_i*q_j/r**2"
    assert found.judgement.verdict == "law"
    assert found.fitted.split.train.receivers is not None
    assert any("300 bodies 66 were sampled" in note for note in found.notes)
    again = particles.discover(data, seed=1)
    assert again.formula.text() == found.formula.text()
