"""Bodies that bounce off hard walls: told by where velocities flip, and not blamed on forces."""

import numpy as np
import pytest
from matter_laws import law, pair, recorded

from benchmarks.particles.worlds import positions_only
from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.matter import discover_recordings
from forcelaw.particles.matter.searches.reflections import describe_walls, find_hard_walls
from forcelaw.particles.shaped_terms import HardCircle, HardPlane, find_struck

DT, FINE = 0.05, 100


def bouncing(bounce, bodies=5, steps=200, seed=0, force=1.0, restitution=1.0):
    """Bodies that repel each other as exp(-r) and bounce; recorded every 0.05, in fine steps."""
    chance = np.random.default_rng(seed)
    x = chance.uniform(0.5, 3.5, (bodies, 2))
    v = 1.5 * chance.normal(size=x.shape)
    h, kept = DT / FINE, []
    for step in range(steps * FINE):
        if step % FINE == 0:
            kept.append((x, v))
        line = x[:, None] - x[None]
        r = np.linalg.norm(line, axis=-1, keepdims=True) + np.eye(bodies)[..., None]
        v = v + h * force * (np.exp(-r) * line / r).sum(axis=1)
        x = x + h * v
        x, v = bounce(x, v, restitution)
    place, speed = (np.array(part) for part in zip(*kept, strict=True))
    there = np.ones(place.shape[:2], bool)
    return Recording(place, DT * np.arange(steps), there, velocity=speed)


def in_square(x, v, restitution):
    out = (x > 4) | (x < 0)
    x = np.where(x > 4, 4 - restitution * (x - 4), np.where(x < 0, -restitution * x, x))
    return x, np.where(out, -restitution * v, v)


def in_circle(x, v, restitution):
    away = x - 2
    far = np.linalg.norm(away, axis=1, keepdims=True)
    out, line = far > 2.5, away / far
    speed = (v * line).sum(axis=1, keepdims=True)
    v = np.where(out, v - (1 + restitution) * speed * line, v)
    return np.where(out, x - 2 * (far - 2.5) * line, x), v


def two(bounce, **how):
    return Recordings((bouncing(bounce, seed=0, **how), bouncing(bounce, seed=1, **how)))


@pytest.mark.parametrize("restitution", [1.0, 0.9])
def test_four_planes_are_found(restitution):
    data = two(in_square, restitution=restitution)
    for given in (data, Recordings(tuple(positions_only(data)))):
        walls = find_hard_walls(given)
        planes = [wall for wall in walls if isinstance(wall, HardPlane)]
        assert [(w.axis, w.side) for w in planes] == [
            (0, 1), (0, -1), (1, 1), (1, -1),
        ]  # fmt: skip
        assert [w.place for w in planes] == pytest.approx([4, 0, 4, 0], abs=0.01)


def test_a_circle_is_found():
    data = two(in_circle)
    for given in (data, Recordings(tuple(positions_only(data)))):
        (wall,) = find_hard_walls(given)
        assert isinstance(wall, HardCircle)
        assert (*wall.centre, wall.radius) == pytest.approx((2, 2, 2.5), abs=0.01)
        (note,) = describe_walls(given, (wall,))
        assert "bounce off hard walls" in note and "2.5 from (2, 2)" in note


def test_rows_without_a_bounce_stay():
    part = bouncing(in_square)
    struck = find_struck(part, find_hard_walls(Recordings((part,))))
    assert part.velocity is not None
    turned = np.sign(part.velocity[1:]) != np.sign(part.velocity[:-1])
    near = (np.abs(part.position[1:] - 2) > 1.8) & turned
    assert struck[1:][near.any(axis=2)].all()
    assert 0.02 < struck.mean() < 0.35


@pytest.mark.parametrize("force", ["-2*exp(-r)", "1/r**2", "r"])
def test_bodies_in_the_open_have_no_walls(force):
    assert find_hard_walls(recorded(law(pair(force)), speed=1.0)) == ()


def test_forces_are_found_between_bounces():
    found = discover_recordings(two(in_square))
    assert found.verdict == "law" and found.law.shaped == ()
    force = found.law.pairs[0].formula.at({"r": np.array([0.5, 1.0, 2.0])})
    np.testing.assert_allclose(force, -np.exp([-0.5, -1.0, -2.0]), rtol=0.01)
    assert found.explained > 0.999
    assert any("bounce off hard walls" in note for note in found.notes)
