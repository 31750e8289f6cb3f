"""How near a fitted law comes to the truth of a simulated world, and when that is measured.

A method takes a `Task` and returns a `Fit`; only the scores see the truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float

from benchmarks.particles.worlds import World
from forcelaw.particles.data import Recordings

STATES = 200
"""At so many snapshots of each recording a fit is compared with the truth."""


@dataclass(frozen=True, eq=False)
class States:
    """Exact states of one recording."""

    position: Float[np.ndarray, "time body dim"]
    """Zero where a body is absent."""
    present: Bool[np.ndarray, "time body"]
    """Absent bodies act on no other; what is said of them does not count."""
    velocity: Float[np.ndarray, "time body dim"] | None
    heading: Float[np.ndarray, "time body"] | None
    time: Float[np.ndarray, " time"]
    part: int
    """The number of the recording."""


@dataclass(frozen=True, eq=False)
class Fit:
    """What a method found."""

    drift: Callable[[States], np.ndarray]
    """The acceleration, or in first order the velocity, `[time, body, dim]`; where there are
    headings their rate too, as the last coordinate."""
    diffusion: float | None = None
    order: int | None = None
    text: str = ""


@dataclass(frozen=True, eq=False)
class Task:
    """What a method is given, and the world it was taken from."""

    given: Recordings
    world: World
    """As it was before noise, gaps and losses; only headings may be read from it."""


def score(task: Task, fit: Fit) -> dict[str, float | int | str | None]:
    """The normalised mean square error of the drift, and of the force between bodies alone.

    In worlds with drag the latter is the error at rest; elsewhere it is that of the whole drift.
    """
    world = task.world
    found, true, still, pull = [], [], [], []
    for number, part in enumerate(world.recordings):
        chosen = np.unique(np.linspace(0, part.n_times - 1, STATES).astype(int))
        there = part.present[chosen]
        place = np.where(there[..., None], part.position[chosen], 0.0)
        velocity = None if part.velocity is None else np.nan_to_num(part.velocity[chosen])
        heading = world.heading[number][chosen] if world.heading else None
        states = States(place, there, velocity, heading, part.time[chosen], number)
        drift = world.drift[number][chosen]
        if heading is not None:
            drift = np.concatenate([drift, world.turning[number][chosen][..., None]], axis=-1)
        found.append(fit.drift(states)[there])
        true.append(drift[there])
        if world.drag and velocity is not None:
            at_rest = replace(states, velocity=np.zeros_like(velocity))
            still.append(fit.drift(at_rest)[there])
            pull.append((drift + world.drag * velocity)[there])
    whole = _error(found, true)
    return {
        "nmse": whole,
        "nmse_force": _error(still, pull) if still else whole,
        "diffusion": fit.diffusion,
        "diffusion_true": world.diffusion,
        "order": fit.order,
        "text": fit.text,
    }


def _error(found: list[np.ndarray], true: list[np.ndarray]) -> float:
    error = sum(float(np.square(a - b).sum()) for a, b in zip(found, true, strict=True))
    return error / sum(float(np.square(b).sum()) for b in true)


def no_force(task: Task) -> Fit:
    """Bodies that nothing moves: the error of every drift is one."""
    more = bool(task.world.heading)

    def drift(states: States) -> np.ndarray:
        times, bodies, dim = states.position.shape
        return np.zeros((times, bodies, dim + more))

    return Fit(drift)
