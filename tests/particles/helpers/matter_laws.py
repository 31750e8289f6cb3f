"""Laws of recorded bodies written by hand, and recordings that follow them."""

import numpy as np

from forcelaw.laws import Expression
from forcelaw.particles.data import Cell, Recording, Recordings
from forcelaw.particles.kernels import (
    Alignment,
    Apart,
    Central,
    Coupling,
    LineFriction,
    NematicTorque,
    OneBody,
    Polar,
    Steering,
    Torque,
    Transverse,
)
from forcelaw.particles.matter import (
    ForceLaw,
    KernelCurve,
    Measured,
    OneBodyForce,
    PairForce,
    simulate_law,
)

_ALONG = (Central, Apart, Alignment, LineFriction, Transverse, Polar)
TERMS = {kind.key: kind() for kind in (*_ALONG, Torque, NematicTorque, Steering)}


def pair(text, key="pair", receiver="", sender="", reach=10.0, both=(), bonded=False):
    """A force between bodies; `both` names what it is proportional to of each."""
    r = np.linspace(0.1 * reach, reach, 5)
    expression = Expression.parse(text)
    force = expression.at({"r": r})
    curve = KernelCurve(r, force, force - 0.1, force + 0.1)
    coupling = Coupling(tuple(both), tuple(both))
    return PairForce(receiver, sender, TERMS[key], coupling, expression, reach, curve, (), bonded)


def alone(kind, value, axis=0, receiver=""):
    """A force on a body alone."""
    return OneBodyForce(receiver, OneBody(kind, axis), Measured(value, 0.01))


def law(*pairs, order=2, one_body=(), diffusion=None, kinds=()):
    """A law of these forces."""
    chance = None if diffusion is None else Measured(diffusion, 0.0)
    each = max(1, len(kinds))
    none = (None,) * each
    return ForceLaw(
        order, tuple(kinds), tuple(pairs), tuple(one_body), (chance,) * each, none, none
    )


def start(
    bodies=6, dim=2, seed=0, size=4.0, box=None, species=(), speed=0.3, edges=None, **attributes
):
    """Bodies on a jittered grid, as a recording that stands still for three snapshots."""
    chance = np.random.default_rng(seed)
    side = int(np.ceil(bodies ** (1 / dim)))
    grid = np.stack(np.meshgrid(*[np.arange(side)] * dim), axis=-1).reshape(-1, dim)[:bodies]
    place = (grid + 0.5 + chance.uniform(-0.2, 0.2, grid.shape)) * size / side
    velocity = speed * chance.normal(size=place.shape)
    return Recording(
        np.repeat(place[None], 3, axis=0),
        np.arange(3.0),
        np.ones((3, bodies), bool),
        velocity=np.repeat((velocity - velocity.mean(axis=0))[None], 3, axis=0),
        cell=None if box is None else Cell.of([box] * dim),
        species=tuple(species),
        edges=None if edges is None else np.asarray(edges),
        attributes={name: np.asarray(value, float) for name, value in attributes.items()},
    )


def recorded(known, recordings=4, steps=60, dt=0.05, seed=0, **how):
    """Recordings that follow a law, five steps between two snapshots."""
    starts = tuple(start(seed=seed + k, **how) for k in range(recordings))
    moved = simulate_law(known, Recordings(starts), steps=5 * steps, dt=dt / 5, every=5, seed=seed)
    return moved.recordings
