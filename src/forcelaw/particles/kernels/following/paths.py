"""Motion between snapshots that follows a law and meets them.

Snapshots that are wide against encounters bend forces: a mean over a few of them is no mean over
the motion. Between two snapshots Newton's law with both ends given has one solution where the time
between is short against the motion; it is found step by step (Picard's iteration, with Numerov's
rule). What then turns at the snapshots is what the law does not follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.kernels.columns import Terms, bodies_of, evaluate_columns
from forcelaw.particles.kernels.filled_motion import fill_motion
from forcelaw.particles.kernels.following.means_between import (
    box_weights,
    take_between,
    triangle_weights,
)
from forcelaw.particles.kernels.observed_changes import Between, Changes, SecondOrder


@dataclass(frozen=True)
class PathSettings:
    """How motion between snapshots is followed."""

    steps: int = 8
    """Between two snapshots, an even number. Their error is of fourth order: a ten-thousandth where
    a step is a tenth of an oscillation."""
    rounds: int = 15
    """In which paths come nearer to the law, at most."""
    near: float = 1e-6
    """Of the typical acceleration, by which a round changes those along a path that is found."""


PATHS = PathSettings()


class KnownLaw(NamedTuple):
    """Terms with their factors: what acts on bodies of one kind."""

    terms: Terms
    factors: Float[np.ndarray, " column"]


class Path(NamedTuple):
    """Motion between each two snapshots of a recording."""

    inner: Float[np.ndarray, "interval step body dim"]
    """Places after equal steps, those of the snapshots left out."""
    known: Bool[np.ndarray, "interval body"]
    """Who was seen at both ends, or is taken to be in between."""
    found: Bool[np.ndarray, "interval body"]
    """Whether it is the law's."""


@dataclass(frozen=True, eq=False)
class Followed(SecondOrder):
    """Newton's law along motion between snapshots that was followed."""

    paths: Mapping[Recording, Path] = field(default_factory=dict)

    def changes(self, part: Recording) -> Changes:
        """See `Order`: valid where the motion before and after was found."""
        seen, (inner, known, found) = super().changes(part), self.paths[part]
        valid = seen.valid.copy()
        valid[1:-1] &= found[:-1] & found[1:]
        value = np.where(valid[..., None], seen.value, 0)
        weigh = triangle_weights if part.velocity is None else box_weights
        between = Between(inner, known, weigh(inner.shape[1] + 1))
        return Changes(value, valid, seen.bridged, seen.weights, np.zeros_like(seen.apart), between)


def follow(
    data: Recordings,
    laws: Sequence[KnownLaw],
    cutoff: float,
    *,
    start: Followed | None = None,
    settings: PathSettings = PATHS,
) -> Followed:
    """The motion between all snapshots, as laws have it, one for each kind of receiver.

    **Arguments:** `start` such motion of the same data, that is near.

    Laws must read neither velocities nor times, accelerations must not be recorded, and boxes must
    stay as they are.
    """
    near = {} if start is None else start.paths
    paths = {
        part: _follow(part, data.kind_of(part), laws, cutoff, near.get(part), settings)
        for part in data
    }
    return Followed(paths=paths)


def _follow(
    part: Recording,
    kinds: Int[np.ndarray, " body"],
    laws: Sequence[KnownLaw],
    cutoff: float,
    near: Path | None,
    settings: PathSettings,
) -> Path:
    filled, steps = fill_motion(part), settings.steps
    cutoff = min(cutoff, max(law.terms.reach for law in laws))
    x, known = filled.position, filled.known[:-1] & filled.known[1:]
    square = (np.diff(part.time) / steps)[:, None, None, None] ** 2
    share = np.arange(1, steps)[None, :, None, None] / steps
    line = (1 - share) * x[:-1, None] + share * x[1:, None]
    # The bend of a second difference in each place.
    bends = np.linalg.inv(np.eye(steps - 1, k=1) - 2 * np.eye(steps - 1) + np.eye(steps - 1, k=-1))

    def pushes(
        place: Float[np.ndarray, "interval body dim"],
        intervals: Int[np.ndarray, " interval"],
    ) -> Float[np.ndarray, "interval body dim"]:
        there = take_between(part, place, known[intervals], kinds, cutoff)
        total = np.zeros_like(place)
        for law in laws:
            bodies = bodies_of(kinds, law.terms)
            total[:, bodies] = evaluate_columns(law.terms, there, bodies) @ law.factors
        return np.nan_to_num(total, nan=0.0, posinf=0.0, neginf=0.0)

    def bent(
        pushed: Float[np.ndarray, "interval all body dim"], intervals: Int[np.ndarray, " interval"]
    ) -> Float[np.ndarray, "interval step body dim"]:
        mean = (pushed[:, :-2] + 10 * pushed[:, 1:-1] + pushed[:, 2:]) / 12
        turned = np.einsum("st,itbd->isbd", bends, mean)
        return line[intervals] + square[intervals] * turned

    active = np.arange(len(known))
    pushed = np.zeros((len(known), steps + 1, *x.shape[1:]))
    pushed[:, 0], pushed[:, -1] = pushes(x[:-1], active), pushes(x[1:], active)
    size = max(float(np.sqrt(np.mean(pushed[:, 0] ** 2))), 1e-300)
    pushed[:, 1:-1] = (1 - share) * pushed[:, :1] + share * pushed[:, -1:]
    found = np.zeros(known.shape, bool)
    inner = bent(pushed, active)
    if near is not None:
        inner = np.where(near.found[:, None, :, None], near.inner, inner)
    for last in [False] * settings.rounds + [True]:
        change = np.zeros((len(active), x.shape[1]))
        for step in range(1, steps):
            now = pushes(inner[active, step - 1], active)
            apart = np.abs(now - pushed[active, step]).max(axis=-1)
            change = np.maximum(change, apart)
            pushed[active, step] = now
        found[active] = known[active] & (change < settings.near * size)
        active = active[(known[active] & ~found[active]).any(axis=1)]
        if last or not len(active):
            break
        inner[active] = bent(pushed[active], active)
    return Path(inner, known, found)
