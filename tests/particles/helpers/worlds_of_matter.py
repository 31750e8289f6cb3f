"""Worlds with hidden partners, frames, boxes, chance; motion by laws that are not searched."""

from __future__ import annotations

from typing import Any

import numpy as np
from motions import apart, central, first_order, moved, second_order, seen, starts


# Who acts on whom.
def hidden_edges():
    draw = np.random.default_rng(3)
    bonds = np.triu(draw.random((5, 5)) < 0.5, 1)
    bonds = (bonds | bonds.T).astype(float)

    def force(t, x, v):
        d, r = apart(x)
        return np.einsum("...ij,...ijd->...id", bonds * 2 * (r - 1) / r, d)

    return moved(force, *starts(bodies=5), name="hidden edges")


def hidden_edges_that_vary():
    draw = np.random.default_rng(3)
    bonds = np.triu(draw.random((24, 5, 5)) < 0.5, 1)
    bonds = (bonds | bonds.swapaxes(1, 2)).astype(float)

    def force(t, x, v):
        d, r = apart(x)
        return np.einsum("...ij,...ijd->...id", bonds * 2 * (r - 1) / r, d)

    return moved(force, *starts(bodies=5), steps=120, name="edges that vary")


def polymer():
    """Bonds along a chain, repulsion of all pairs."""
    chain = np.eye(6, k=1) + np.eye(6, k=-1)

    def force(t, x, v):
        d, r = apart(x)
        bonds = np.einsum("...ij,...ijd->...id", chain * 20 * (r - 1) / r, d)
        return bonds + central(x, lambda r: -1 / (r**2 + 0.2))

    x, v = starts(bodies=6)
    x = 0.3 * x
    x[..., 0] += np.arange(6)
    return moved(force, x, v, dt=0.03, name="polymer")


def hidden_charges():
    charge = np.array([1.0, -1.0, 2.0, -0.5, 1.5])

    def force(t, x, v):
        d, r = apart(x)
        both = charge[:, None] * charge * (1 - np.eye(5))
        return np.einsum("...ij,...ijd->...id", -both / (r**2 + 0.1) / r, d)

    return moved(force, *starts(bodies=5), name="hidden charges")


def hidden_masses():
    mass = np.array([1.0, 3.0, 0.4, 2.0])

    def force(t, x, v):
        return central(x, lambda r: 2 * (r - 1)) / mass[:, None]

    return moved(force, *starts(), name="hidden masses")


def mixture(kinds=True):
    """Two kinds: like ones repel, others attract."""
    kind = np.array([0.0, 0, 0, 1, 1, 1])

    def force(t, x, v):
        d, r = apart(x)
        same = (kind[:, None] == kind) * (1 - np.eye(6))
        size = same * -2 * np.exp(-r) + (kind[:, None] != kind) * 1.0 * (r - 1.2)
        return np.einsum("...ij,...ijd->...id", size / r, d)

    x, v = starts(bodies=6)
    more: dict[str, Any] = {"kind": np.tile(kind, (24, 1))} if kinds else {}
    return moved(force, x, v, name="mixture", **more)


def predators():
    """Prey flees, predators follow: not mutual."""
    kind = np.array([0.0, 0, 0, 0, 1, 1])

    def force(t, x, v):
        d, r = apart(x)
        off = 1 - np.eye(6)
        prey, hunter = 1 - kind, kind
        size = prey[:, None] * prey * (1 - 1 / r) * 0.5
        size = size - prey[:, None] * hunter * 2 / r
        size = size + hunter[:, None] * prey * 1.5 / r
        return np.einsum("...ij,...ijd->...id", size * off / r, d) - 0.5 * v

    x, v = starts(bodies=6)
    return moved(force, x, v, name="predators", kind=np.tile(kind, (24, 1)))


def one_sided():
    """Everybody is pulled by the charge of the other only."""
    draw = np.random.default_rng(2)
    charge = draw.uniform(0.3, 2, (24, 4))

    def force(t, x, v):
        d, r = apart(x)
        off = 1 - np.eye(4)
        return np.einsum("...ij,...ijd->...id", charge[:, None, :] * off * (r - 1) / r, d)

    return moved(force, *starts(), name="one-sided", charge=charge)


# Time and frames.
def growing():
    def force(t, x, v):
        return (1 + 0.5 * np.sin(1.3 * t)) * central(x, lambda r: 2 * (r - 1))

    return moved(force, *starts(), steps=100, name="growing")


def heliocentric():
    """Planets seen from a star that is not in the file."""
    draw = np.random.default_rng(0)
    mass = np.array([0.02, 0.03, 0.01])

    def force(t, x, v):
        r = np.linalg.norm(x, axis=-1, keepdims=True)
        star = -x / r**3
        common = -(mass[:, None] * x / r**3).sum(axis=-2, keepdims=True)
        d, s = apart(x)
        pull = np.einsum("...ij,...ijd->...id", mass * (1 - np.eye(3)) / s**3, d)
        return star + common + pull

    a = np.array([1.0, 1.8, 2.9])
    phase = draw.uniform(0, 2 * np.pi, (12, 3))
    x = np.stack([np.cos(phase), np.sin(phase)], -1) * a[:, None]
    v = np.stack([-np.sin(phase), np.cos(phase)], -1) / np.sqrt(a)[:, None]
    v = v * draw.uniform(0.9, 1.1, (12, 3, 1))
    return moved(force, x, v, steps=150, dt=0.1, name="heliocentric", mass=np.tile(mass, (12, 1)))


def shaken():
    def force(t, x, v):
        shake = np.array([np.sin(2 * t), 0.6 * np.cos(1.1 * t)])
        return central(x, lambda r: 2 * (r - 1)) + shake

    return moved(force, *starts(), steps=120, name="shaken")


def channel():
    """A field that is none of those searched."""

    def force(t, x, v):
        field = np.stack([np.sin(1.5 * x[..., 1]), -np.cos(x[..., 0])], axis=-1)
        return central(x, lambda r: 2 * (r - 1)) + field

    return moved(force, *starts(), name="channel")


def delayed():
    """Springs that act a while later."""
    late = 0.4

    def force(t, x, v):
        before = x - late * v
        old = before[..., None, :, :] - x[..., :, None, :]
        length = np.linalg.norm(old, axis=-1) + np.eye(x.shape[-2])
        off = 1 - np.eye(x.shape[-2])
        return np.einsum("...ij,...ijd->...id", 2 * (length - 1) * off / length, old)

    return moved(force, *starts(), name="delayed")


# Boxes.
def periodic(wrapped=True):
    box = 6.0

    def force(t, x, v):
        d, _ = apart(x)
        d = d - box * np.round(d / box)
        r = np.linalg.norm(d, axis=-1) + np.eye(x.shape[-2])
        off = (1 - np.eye(x.shape[-2])) * (r < box / 2)
        size = -4 * np.exp(-1.5 * r)
        return np.einsum("...ij,...ijd->...id", size * off / r, d)

    draw = np.random.default_rng(0)
    x = draw.uniform(0, box, (16, 6, 2))
    v = draw.normal(size=x.shape)
    position, velocity, time = second_order(force, x, v, steps=120, dt=0.05)
    return seen(position % box if wrapped else position, velocity, time, name="periodic")


# First order.
def overdamped():
    x, _ = starts(bodies=4)
    position, time = first_order(
        lambda t, x, v: central(x, lambda r: -1 / (r**2 + 0.1)) - 0.3 * x, x, steps=60, dt=0.05
    )
    return seen(position, None, time, name="overdamped")


def vortices():
    def force(t, x, v):
        d, r = apart(x)
        turned = np.stack([-d[..., 1], d[..., 0]], axis=-1) / r[..., None] ** 2
        return (turned * (1 - np.eye(x.shape[-2]))[..., None]).sum(-2)

    x, _ = starts(bodies=5)
    position, time = first_order(force, x, steps=80, dt=0.04)
    return seen(position, None, time, name="vortices")


def kuramoto():
    draw = np.random.default_rng(0)
    own = draw.normal(size=8)

    def force(t, x, v):
        d, _ = apart(x)
        return own[:, None] + 1.5 / 8 * np.sin(d).sum(-2)

    position, time = first_order(force, draw.uniform(0, 6, (10, 8, 1)), steps=100, dt=0.05)
    return seen(position, None, time, name="kuramoto")


# Chance.
def langevin(friction=0.5, temperature=0.5):
    draw = np.random.default_rng(0)
    x, v = starts()
    h, frames = 0.005, [(x, v)]
    for step in range(1, 60 * 10 + 1):
        kick = np.sqrt(2 * friction * temperature * h) * draw.normal(size=x.shape)
        v = v + h * (central(x, lambda r: 2 * (r - 1)) - friction * v) + kick
        x = x + h * v
        if step % 10 == 0:
            frames.append((x, v))
    position, velocity = (np.stack(part, axis=1) for part in zip(*frames, strict=True))
    return seen(position, velocity, 0.05 * np.arange(61), name="langevin")


def brownian():
    draw = np.random.default_rng(0)
    x, _ = starts()
    h, frames = 0.005, [x]
    for step in range(1, 100 * 10 + 1):
        x = x + h * central(x, lambda r: 2 * (r - 1)) + np.sqrt(0.2 * h) * draw.normal(size=x.shape)
        if step % 10 == 0:
            frames.append(x)
    return seen(np.stack(frames, axis=1), None, 0.05 * np.arange(101), name="brownian")


def capped():
    """The total force on a body never exceeds a limit."""

    def force(t, x, v):
        total = central(x, lambda r: 1 / r)
        size = np.linalg.norm(total, axis=-1, keepdims=True)
        return total / np.maximum(1, size / 1.2)

    return moved(force, *starts(spread=1.5), name="capped")


def dipoles():
    """Forces that depend on the angle of the line to a fixed axis."""

    def force(t, x, v):
        d, r = apart(x)
        cosine = d[..., 0] / r
        size = (1 - 3 * cosine**2) / (r**2 + 0.3) ** 1.5 * (1 - np.eye(x.shape[-2]))
        return np.einsum("...ij,...ijd->...id", -size / r, d)

    return moved(force, *starts(), name="dipoles")


def hidden_body():
    """A heavy body that moves about and is not in the file."""

    def force(t, x, v):
        d, r = apart(x)
        mass = np.array([1.0, 1, 1, 6])
        return np.einsum("...ij,...ijd->...id", mass * (1 - np.eye(4)) / (r**2 + 0.1) / r, d)

    x, v = starts()
    position, velocity, time = second_order(force, x, v, steps=80, dt=0.04)
    return seen(position[:, :, :3], velocity[:, :, :3], time, name="hidden body")
