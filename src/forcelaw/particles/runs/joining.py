"""Recordings of plain motion as trajectories."""

from __future__ import annotations

import numpy as np

from forcelaw.particles.data import Recording, Recordings, Trajectories


def to_trajectories(data: Recordings) -> Trajectories | None:
    """The same motion as trajectories; None where it is not that of the same bodies.

    At the same times, all of them always there, in open space, of one kind.
    """
    first = data.parts[0]
    if data.kinds or data.has_heading or not all(_goes_with(part, first) for part in data):
        return None
    position, velocity, acceleration = (
        None if getattr(first, name) is None else np.stack([getattr(part, name) for part in data])
        for name in ("position", "velocity", "acceleration")
    )
    return Trajectories(
        position,
        velocity,
        acceleration=acceleration,
        time=first.time,
        attributes={
            name: np.stack([part.attributes[name] for part in data]) for name in data.attributes
        },
        edges=first.edges,
        bodies=first.bodies,
        name=data.name,
        notes=data.notes,
    )


def _goes_with(part: Recording, first: Recording) -> bool:
    known = (part.acceleration is None) == (first.acceleration is None)
    same = part.position.shape == first.position.shape and part.bodies == first.bodies
    if not (known and same and part.complete and part.cell is None):
        return False
    edges = (
        part.edges is None
        if first.edges is None
        else part.edges is not None and np.array_equal(part.edges, first.edges)
    )
    return edges and np.allclose(part.time, first.time, rtol=1e-9, atol=0)
