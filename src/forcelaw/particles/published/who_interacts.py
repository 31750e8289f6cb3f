"""Who interacts: the published task, and what of it is found without any training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from forcelaw.clock import Clock
from forcelaw.particles.data import Recordings
from forcelaw.particles.hidden import HiddenEdges, infer_edges
from forcelaw.particles.published.springs_and_charges import (
    InteractingBodies,
    System,
    interacting_bodies,
)

PUBLISHED: Mapping[tuple[System, int], Mapping[str, float]] = {
    ("springs", 5): {"NRI": 0.999, "NRI, supervised": 0.999},
    ("charged", 5): {"NRI": 0.821, "NRI, supervised": 0.950},
    ("springs", 10): {"NRI": 0.984, "NRI, supervised": 0.988},
    ("charged", 10): {"NRI": 0.708, "NRI, supervised": 0.946},
}
"""Accuracies over pairs of Kipf et al. (2018), table 1: learned, and with the truth told in
training. They learn from 50,000 trajectories and test on 10,000 others."""
SYSTEMS: tuple[System, ...] = ("springs", "charged")
SIZES = (5, 10)
"""Bodies, as published."""


@dataclass(frozen=True)
class WhoInteracts:
    """One row: a system, what of it was given, and how much was found."""

    system: System
    bodies: int
    trajectories: int
    velocities: bool
    """Whether velocities were given; else positions alone."""
    accuracy: float
    """Share of pairs whose kind was found: joined or not, repelling or attracting."""
    error: float
    """Standard error of it over trajectories."""
    sure: float
    """Mean of the probabilities that were told of what was found."""
    unsure: int
    """Pairs told with less than .95."""
    seconds: float

    @property
    def given(self) -> str:
        """In words."""
        return "positions, velocities" if self.velocities else "positions"

    def to_json(self) -> dict[str, Any]:
        """As results hold it."""
        published = PUBLISHED.get((self.system, self.bodies), {})
        return {
            "system": self.system,
            "bodies": self.bodies,
            "trajectories": self.trajectories,
            "given": self.given,
            "accuracy": self.accuracy,
            "error": self.error,
            "mean_probability": self.sure,
            "unsure": self.unsure,
            "seconds": self.seconds,
            "published": dict(published),
        }


def run_who_interacts(
    *,
    systems: Sequence[System] = SYSTEMS,
    sizes: Sequence[int] | None = None,
    trajectories: int = 1000,
    seed: int = 0,
    say: Callable[[str], None] = lambda line: None,
) -> Iterator[WhoInteracts]:
    """A row for each system and size, from positions and velocities, and from positions alone.

    **Arguments:** `sizes` numbers of bodies; None: those that were published.
    """
    for bodies in sizes or SIZES:
        for system in systems:
            say(f"simulating {trajectories} trajectories of {bodies} bodies: {system}")
            made = interacting_bodies(system, bodies=bodies, trajectories=trajectories, seed=seed)
            for velocities in (True, False):
                clock = Clock()
                given = made.recordings if velocities else _positions(made.recordings)
                hidden = infer_edges(given, 2, seed=seed, say=say)
                row = _row(system, made, hidden, velocities, clock.total)
                say(f"{row.accuracy:.4f} of pairs right in {row.seconds:.0f} s")
                yield row


def _positions(data: Recordings) -> Recordings:
    return replace(data, parts=tuple(replace(part, velocity=None) for part in data))


def _row(
    system: System, made: InteractingBodies, hidden: HiddenEdges, velocities: bool, seconds: float
) -> WhoInteracts:
    right, sure = [], []
    for found, truth in zip(hidden.recordings, made.couplings, strict=True):
        told = hidden.levels[found.level]
        true = truth[found.receiver, found.sender]
        if hidden.zero is not None:
            right.append((found.level != hidden.zero) == (true != 0))
        else:
            right.append((told > 0) == (true > 0))
        sure.append(found.probability[np.arange(len(told)), found.level])
    share = np.array([np.mean(one) for one in right])
    if hidden.zero is None and share.mean() < 0.5:
        # Which sign attracts is a matter of the force, whose sign is free.
        share = 1 - share
    probability = np.concatenate(sure)
    return WhoInteracts(
        system,
        made.couplings.shape[1],
        len(share),
        velocities,
        float(share.mean()),
        float(share.std(ddof=1) / np.sqrt(len(share))) if len(share) > 1 else 0.0,
        float(probability.mean()),
        int((probability < 0.95).sum()),
        seconds,
    )
