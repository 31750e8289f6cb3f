"""What a file or a table says of trajectories, before it is checked and completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from forcelaw.particles.data import Trajectories
from forcelaw.particles.kinematics import KinematicsSettings


@dataclass(frozen=True, eq=False)
class TrajectoryParts:
    """The arguments of `Trajectories`, as they were found; None where nothing was said.

    With a mask, a box or kinds, they are those of recordings.
    """

    position: np.ndarray
    velocity: np.ndarray | None = None
    acceleration: np.ndarray | None = None
    time: np.ndarray | None = None
    attributes: Mapping[str, np.ndarray] = field(default_factory=dict)
    edges: np.ndarray | None = None
    bodies: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    present: np.ndarray | None = None
    """`[trajectory, time, body]`, or `[time, body]` for all."""
    box: np.ndarray | None = None
    """Lengths or vectors, of all times or of each."""
    species: np.ndarray | None = None
    """`[trajectory, body]` or `[body]`."""
    heading: np.ndarray | None = None
    """`[trajectory, time, body]`, or `[time, body]` for all, in radians."""

    @property
    def open_and_whole(self) -> bool:
        """Whether all bodies are alike, point nowhere and are always there, in open space."""
        more = (self.present, self.box, self.species, self.heading)
        return all(one is None for one in more)

    def assemble(self, name: str, settings: KinematicsSettings) -> Trajectories:
        """The trajectories; `name` is what errors call them, `settings` complete them.

        **Raises** `InputError` as `Trajectories` does.
        """
        return Trajectories(
            self.position,
            self.velocity,
            self.time,
            self.attributes,
            self.edges,
            self.acceleration,
            bodies=self.bodies,
            notes=self.notes,
            name=name,
            settings=settings,
        )
