"""Motion under any force, made in NumPy alone, and how it is seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forcelaw.particles import Trajectories

FINE = 8
"""Steps of the integrator between two frames."""

Force = Callable[[float, np.ndarray, np.ndarray], np.ndarray]
"""From time, positions and velocities `[trajectory, body, dim]` to accelerations."""


def apart(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`x_j - x_i` at `[..., i, j, :]`, and distances with ones on the diagonal."""
    difference = x[..., None, :, :] - x[..., :, None, :]
    length = np.linalg.norm(difference, axis=-1)
    return difference, length + np.eye(x.shape[-2])


def central(x: np.ndarray, force: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Sums of a force along the lines, attraction positive."""
    difference, length = apart(x)
    size = force(length) / length
    off = 1 - np.eye(x.shape[-2])
    return np.einsum("...ij,...ijd->...id", size * off, difference)


def second_order(force: Force, x, v, *, steps: int, dt: float):
    """Frames of `x'' = force` by the classical Runge-Kutta method."""
    frames, h, t = [(x, v)], dt / FINE, 0.0
    for _ in range(steps):
        for _ in range(FINE):
            a1 = force(t, x, v)
            a2 = force(t + h / 2, x + h / 2 * v, v + h / 2 * a1)
            a3 = force(t + h / 2, x + h / 2 * v + h * h / 4 * a1, v + h / 2 * a2)
            a4 = force(t + h, x + h * v + h * h / 2 * a2, v + h * a3)
            x = x + h * v + h * h / 6 * (a1 + a2 + a3)
            v = v + h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
            t += h
        frames.append((x, v))
    position, velocity = (np.stack(part, axis=1) for part in zip(*frames, strict=True))
    return position, velocity, dt * np.arange(steps + 1)


def first_order(force: Force, x, *, steps: int, dt: float):
    """Frames of `x' = force`."""
    frames, h, t = [x], dt / FINE, 0.0
    for _ in range(steps):
        for _ in range(FINE):
            k1 = force(t, x, x)
            k2 = force(t + h / 2, x + h / 2 * k1, x)
            k3 = force(t + h / 2, x + h / 2 * k2, x)
            k4 = force(t + h, x + h * k3, x)
            x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            t += h
        frames.append(x)
    return np.stack(frames, axis=1), dt * np.arange(steps + 1)


def seen(position, velocity, time, *, noise=0.0, seed=9, name="world", edges=None, **attributes):
    """Trajectories as they are read from a file of positions, and velocities unless None.

    Noise is a share of the spread of positions.
    """
    draw = np.random.default_rng(seed)
    size = noise * position.std()
    position = position + size * draw.normal(size=position.shape)
    if noise:
        velocity = None
    return Trajectories(position, velocity, time, attributes, edges, name=name)


def starts(trajectories=24, bodies=4, dim=2, *, seed=0, spread=1.0, speed=1.0):
    draw = np.random.default_rng(seed)
    shape = (trajectories, bodies, dim)
    # Nobody starts on another.
    x = spread * draw.normal(size=shape)
    for _ in range(200):
        _, length = apart(x)
        close = (length + 9 * np.eye(bodies)).min(axis=(1, 2)) < 0.5 * spread
        if not close.any():
            break
        x[close] = spread * draw.normal(size=(close.sum(), bodies, dim))
    return x, speed * draw.normal(size=shape)


def moved(force: Force, x, v, *, steps=60, dt=0.05, noise=0.0, name="world", **more):
    position, velocity, time = second_order(force, x, v, steps=steps, dt=dt)
    return seen(position, velocity, time, noise=noise, name=name, **more)


def of_pairs(pair, *, noise=0.0, steps=60, dt=0.05, name="pair", **start):
    """Central forces alone."""
    return moved(
        lambda t, x, v: central(x, pair),
        *starts(**start),
        steps=steps,
        dt=dt,
        noise=noise,
        name=name,
    )
