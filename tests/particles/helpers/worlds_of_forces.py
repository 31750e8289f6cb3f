"""Worlds of forces along the line, of velocities and of third bodies, of no form searched."""

from __future__ import annotations

import numpy as np
from motions import apart, central, moved, of_pairs, starts


# Forces along the line, of other forms.
def buckingham(noise=0.0):
    return of_pairs(
        lambda r: -(40 * np.exp(-2.5 * r) * 2.5 - 6 * 4 * r / (r**2 + 0.5) ** 4),
        noise=noise,
        name="buckingham",
        speed=0.5,
    )


def dlvo(noise=0.0):
    return of_pairs(
        lambda r: -(3 * np.exp(-2 * r) * (2 / r + 1 / r**2) - 0.6 / (r + 0.3) ** 2),
        noise=noise,
        name="dlvo",
        speed=0.4,
    )


def woods_saxon(noise=0.0):
    def force(r):
        e = np.exp((r - 1.5) / 0.3)
        return 3 * e / (1 + e) ** 2 / 0.3

    return of_pairs(force, noise=noise, name="woods-saxon", speed=0.5)


def friedel(noise=0.0):
    return of_pairs(lambda r: np.sin(3 * r) / (0.3 + r), noise=noise, name="friedel", speed=0.5)


def sine(noise=0.0):
    return of_pairs(lambda r: np.sin(3 * r), noise=noise, name="sine", speed=0.5)


def hertz(noise=0.0):
    def force(r):
        return -8 * np.maximum(1.5 - r, 0) ** 1.5 + 0.4 * r

    return of_pairs(force, noise=noise, name="hertz")


def fene(noise=0.0):
    return of_pairs(
        lambda r: r / (1 - np.minimum(r / 6, 0.98) ** 2) - 0.8 * np.exp(-r) * r**-0.5,
        noise=noise,
        name="fene",
        speed=0.5,
    )


# Velocities.
def pair_friction():
    def force(t, x, v):
        d, r = apart(x)
        u = d / r[..., None]
        w = v[..., None, :, :] - v[..., :, None, :]
        along = np.sum(w * u, axis=-1)
        off = 1 - np.eye(x.shape[-2])
        return central(x, lambda r: 2 * (r - 1)) + np.einsum(
            "...ij,...ijd->...id", 0.3 * np.exp(-r) * along * off, u
        )

    return moved(force, *starts(), name="pair friction")


def cucker_smale():
    def force(t, x, v):
        _, r = apart(x)
        w = v[..., None, :, :] - v[..., :, None, :]
        return np.einsum("...ij,...ijd->...id", 1 / (1 + r**2) * (1 - np.eye(x.shape[-2])), w)

    return moved(force, *starts(bodies=6), name="cucker-smale")


def alignment_and_springs():
    def force(t, x, v):
        _, r = apart(x)
        w = v[..., None, :, :] - v[..., :, None, :]
        aligned = np.einsum("...ij,...ijd->...id", 0.2 * np.exp(-r) * (1 - np.eye(x.shape[-2])), w)
        return central(x, lambda r: 2 * (r - 1)) + aligned

    return moved(force, *starts(), name="alignment and springs")


def active():
    def force(t, x, v):
        speed = np.linalg.norm(v, axis=-1, keepdims=True)
        return central(x, lambda r: 2 * (r - 1)) + (1.5 - 0.7 * speed**1.5) * v / (0.3 + speed)

    return moved(force, *starts(), name="active")


def saturating_drag():
    def force(t, x, v):
        speed = np.linalg.norm(v, axis=-1, keepdims=True)
        return central(x, lambda r: 1 / r**1.0 * (r > 0)) - v / (0.2 + speed**2)

    return moved(force, *starts(spread=1.5), dt=0.02, name="saturating drag")


# Across the line, third bodies.
def across():
    def force(t, x, v):
        d, r = apart(x)
        turned = np.stack([-d[..., 1], d[..., 0]], axis=-1) / r[..., None]
        off = (1 - np.eye(x.shape[-2]))[..., None]
        return central(x, lambda r: 2 * (r - 1)) + (0.3 * np.exp(-r)[..., None] * off * turned).sum(
            -2
        )

    return moved(force, *starts(), name="across")


def three_body(strength=0.6):
    """Axilrod and Teller's energy, softened, by finite differences."""

    def energy(x):
        _, r2 = apart(x)
        n = x.shape[-2]
        total = 0.0
        for i in range(n):
            for j in range(i + 1, n):
                for k in range(j + 1, n):
                    a, b, c = (r2[..., p, q] ** 2 + 0.3 for p, q in ((i, j), (j, k), (i, k)))
                    cosines = (a + b - c) * (b + c - a) * (c + a - b) / (8 * a * b * c)
                    total = total + (1 + 3 * cosines) / (a * b * c) ** 1.5
        return strength * total

    def force(t, x, v):
        found, h = np.zeros_like(x), 1e-4
        for body in range(x.shape[-2]):
            for axis in range(x.shape[-1]):
                step = np.zeros_like(x)
                step[..., body, axis] = h
                found[..., body, axis] = -(energy(x + step) - energy(x - step)) / (2 * h)
        return found + central(x, lambda r: 2 * (r - 1))

    return moved(force, *starts(trajectories=16, bodies=4), name="axilrod-teller")


def embedded():
    """An energy that grows with the root of the neighbours' density."""

    def force(t, x, v):
        _, r = apart(x)
        off = 1 - np.eye(x.shape[-2])
        density = (np.exp(-r) * off).sum(-1)
        slope = -1.5 / np.sqrt(density)
        d, _ = apart(x)
        pull = -(slope[..., :, None] + slope[..., None, :]) * -np.exp(-r) * off / r
        return np.einsum("...ij,...ijd->...id", -pull, d) + central(
            x, lambda r: -np.exp(-2 * r) * 8
        )

    return moved(force, *starts(bodies=5), name="embedded")


def bent():
    """A chain whose angles are stiff: springs along it, and a force on the middle of three."""
    edges = [(k, k + 1) for k in range(4)]

    def force(t, x, v):
        found = np.zeros_like(x)
        for i, j in edges:
            d = x[:, j] - x[:, i]
            r = np.linalg.norm(d, axis=-1, keepdims=True)
            found[:, i] += 5 * (r - 1) * d / r
            found[:, j] -= 5 * (r - 1) * d / r
        for k in range(1, 4):
            bow = x[:, k - 1] - 2 * x[:, k] + x[:, k + 1]
            found[:, k - 1] -= bow
            found[:, k + 1] -= bow
            found[:, k] += 2 * bow
        return found

    x, v = starts(bodies=5)
    x = x * 0.2
    x[..., 0] += np.arange(5)
    return moved(force, x, 0.5 * v, name="bent chain")
