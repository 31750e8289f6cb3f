"""Networks trained on recordings: what they explain, and that one program does it."""

from dataclasses import replace

import numpy as np
import pytest

import forcelaw as fl
from forcelaw.errors import InvalidSetting, NotEnoughData
from forcelaw.particles.data import Cell, Recording, Recordings
from forcelaw.particles.networks import objective, roll_out
from forcelaw.training import Stage

SHORT = (Stage(epochs=4, learning_rate=1e-2),)
BOX = 4.0


def boxed(order=2, bodies=10, times=120, dt=0.05, seed=0, kinds=(), gaps=0.0):
    """Soft repulsion `-3 exp(-r)` in a box, twice as strong on B."""
    draw = np.random.default_rng(seed)
    x, v = draw.uniform(0, BOX, (bodies, 2)), draw.normal(0, 0.5, (bodies, 2))
    species = tuple(kinds[k % len(kinds)] for k in range(bodies)) if kinds else ()
    strength = np.array([2.0 if kind == "B" else 1.0 for kind in species or "A" * bodies])

    def force(x):
        d = x[None] - x[:, None]
        d -= BOX * np.round(d / BOX)
        r = np.linalg.norm(d, axis=-1) + np.eye(bodies)
        size = -3 * np.exp(-r) * (1 - np.eye(bodies)) * (r < BOX / 2)
        return strength[:, None] * np.einsum("ij,ijd->id", size / r, d)

    kept, step = [], dt / 10
    for index in range(10 * times):
        if index % 10 == 0:
            kept.append(x)
        if order == 1:
            middle = x + step / 2 * force(x)
            x = x + step * force(middle)
        else:
            v = v + step / 2 * force(x)
            x = x + step * v
            v = v + step / 2 * force(x)
    position = np.array(kept)
    present = draw.random((times, bodies)) >= gaps
    return Recording(
        np.where(present[..., None], position, np.nan),
        dt * np.arange(times),
        present,
        cell=Cell.of((BOX, BOX)),
        species=species,
    )


def fitted(part, **how):
    return fl.particles.fit(part, **{"stages": SHORT, "hidden": (16,), "cutoff": 2.0, **how})


def test_a_pair_network_finds_forces_in_a_box():
    part = boxed()
    found = fitted(part, order="second", one_body=False)
    assert found.explained > 0.98
    assert found.message_r2(Recordings((part,)), "-3*exp(-r)") > 0.98
    curve = found.curve()
    seen = (curve.r > 0.5) & (curve.r < 1.9)
    np.testing.assert_allclose(curve.force[seen], -3 * np.exp(-curve.r[seen]), atol=0.15)


def test_motion_of_first_order_with_gaps_is_learned():
    # Such bodies are soon at rest: many starts.
    data = Recordings(tuple(boxed(order=1, gaps=0.1, times=15, seed=k) for k in range(8)))
    found = fitted(data, model="hamiltonian")
    assert found.order.number == 1
    assert found.explained > 0.9
    assert found.message_r2(data, "-3*exp(-r)") > 0.95


@pytest.mark.slow
def test_message_networks_read_kinds_that_act_unequally(tmp_path):
    part = boxed(kinds=("A", "B"))
    found = fitted(part, model="message", order="second", regularise="bottleneck", hidden=(16, 16))
    assert found.kinds == ("A", "B")
    assert np.isfinite([entry.metrics["validation"] for entry in found.history]).all()
    fl.save(tmp_path, found.law)
    same = replace(found, law=fl.load(tmp_path))
    np.testing.assert_array_equal(same.values(part, 3), found.values(part, 3))


def test_rollouts_follow_the_motion():
    part = boxed(bodies=6, times=100)
    found = fitted(part, order="second", one_body=False)
    moved = roll_out(found, part.between(0, 30), steps=80, dt=0.0125, every=4)
    # Velocities of the start are differences: bodies move from the second snapshot.
    apart = np.linalg.norm(moved.position - part.position[1:22], axis=-1)
    assert apart.max() < 0.05


def test_batches_share_one_program(monkeypatch):
    traced = []
    plain = objective.Loss.error
    monkeypatch.setattr(objective.Loss, "error", lambda *given: traced.append(1) or plain(*given))
    part = boxed(times=60)
    fitted(part, order="second", hidden=(5,))
    count = len(traced)
    fitted(part, order="second", hidden=(5,), seed=1)
    assert 0 < count < 10
    assert len(traced) == count


@pytest.mark.slow
def test_other_units_change_nothing():
    part = boxed()
    scaled = replace(
        part, position=1e-9 * part.position, time=1e-12 * part.time, cell=Cell.of((4e-9, 4e-9))
    )
    one = fitted(part, order="second")
    other = fitted(scaled, order="second", cutoff=2e-9)
    assert other.explained == pytest.approx(one.explained, abs=0.01)
    curve = other.curve()
    assert np.isfinite(curve.force).all()
    size = 1e-9 / 1e-24
    np.testing.assert_allclose(curve.force[80:], size * one.curve().force[80:], atol=0.2 * size)


def test_wrong_choices_are_told():
    part = boxed(times=30)
    with pytest.raises(InvalidSetting, match="one_body"):
        fitted(part, model="hamiltonian", one_body=True)
    with pytest.raises(InvalidSetting, match="cutoff"):
        fitted(part, cutoff=3.0)
    with pytest.raises(InvalidSetting, match="model"):
        fitted(part, model="pairs")
    alone = replace(part, present=np.repeat(np.arange(30)[:, None] % 2 == 0, 10, axis=1))
    with pytest.raises(NotEnoughData):
        fitted(alone, order="second")
