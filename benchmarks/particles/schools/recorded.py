"""Schools of fish: reading them, and the likelihood of steps of motion that were not fitted."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float
from scipy.io import loadmat

from benchmarks.particles.worlds.world import recording
from forcelaw.particles.data import Recordings

SHARE = 0.8
"""Of the frames, to learn from."""


@dataclass(frozen=True, eq=False)
class School:
    """One recording, and the headings of the fish in it as unit vectors."""

    recordings: Recordings
    heading: Float[np.ndarray, "time body 2"]


@dataclass(frozen=True, eq=False)
class Steps:
    """Positions, last steps and next changes of these, in units of the frame."""

    position: Float[np.ndarray, "time body 2"]
    velocity: Float[np.ndarray, "time body 2"]
    """The step from the snapshot before, known when the next is predicted."""
    change: Float[np.ndarray, "time body 2"]


Model = Callable[[Steps], np.ndarray]
"""Predicted changes of the velocity."""


def load(fish: int, folder: str | Path | None = None) -> School:
    """The school of 50 or 124 fish, from `FORCELAW_DATA` where no folder is named.

    The rows of both arrays interleave the coordinates of each fish. `v` is no velocity: it is of
    length one, the direction of the step from the frame before to the frame after. Velocities are
    therefore half of that step, and the first and the last frame are left out. The unit of length
    is the pixel, of time the frame; neither is stated in the files.
    """
    path = Path(folder or os.environ["FORCELAW_DATA"]) / f"fish-{fish}.mat"
    arrays = loadmat(path)
    position, heading = (
        arrays[name].reshape(fish, 2, -1).transpose(2, 0, 1).astype(float) for name in "xv"
    )
    velocity = (position[2:] - position[:-2]) / 2
    made = recording(position[1:-1], 1.0, velocity=velocity, name=path.stem)
    return School(Recordings((made,), path.stem), heading[1:-1])


def steps_of(position: Float[np.ndarray, "time body 2"]) -> tuple[Steps, Steps]:
    """What is learned from, and what is predicted."""
    middle = position - position.mean(axis=(0, 1))
    step = np.diff(middle, axis=0)
    every = Steps(middle[1:-1], step[:-1], np.diff(step, axis=0))
    cut = int(SHARE * len(position)) - 2
    early, late = (
        Steps(*(getattr(every, name)[part] for name in ("position", "velocity", "change")))
        for part in (slice(0, cut), slice(cut, None))
    )
    return early, late


def likelihood(model: Model, early: Steps, late: Steps) -> dict[str, float]:
    """Mean log density of a fish and a frame on either part, and the variance of a coordinate."""
    variance = float(np.square(early.change - model(early)).mean())

    def density(steps: Steps) -> float:
        error = np.square(steps.change - model(steps)).sum(axis=-1).mean()
        return float(-np.log(2 * np.pi * variance) - error / (2 * variance))

    return {"train": density(early), "test": density(late), "variance": variance}


def least_squares(features: Callable[[Steps], np.ndarray], early: Steps) -> Model:
    """The linear combination of features `[time, body, 2, feature]` nearest to the changes."""
    made = features(early)
    flat = made.reshape(-1, made.shape[-1])
    size = np.sqrt(np.square(flat).mean(axis=0)) + 1e-30
    found = np.linalg.lstsq(flat / size, early.change.ravel(), rcond=1e-10)[0] / size
    return lambda steps: features(steps) @ found


def one_body(steps: Steps) -> Float[np.ndarray, "time body 2 feature"]:
    """Thrust and drag, a pull to the middle and away from it, and a drift: no interaction."""
    x, v = steps.position, steps.velocity
    far, fast = (np.square(a).sum(axis=-1, keepdims=True) for a in (x, v))
    ones = np.ones_like(x)
    axes = [ones * [1, 0], ones * [0, 1]]
    return np.stack([v, v * np.sqrt(fast), v * fast, x, x * far, *axes], axis=-1)
