"""The arrays of observed motion and their sizes: what checks and initial states read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.files import many
from forcelaw.particles.kinematics.settings import KinematicsSettings

if TYPE_CHECKING:
    from forcelaw.graph import Graph


@dataclass(frozen=True, eq=False, repr=False)
class Motion:
    """Motion of the same number of bodies at common times; see `Trajectories`."""

    position: Float[np.ndarray, "trajectory time body dim"]
    velocity: Float[np.ndarray, "trajectory time body dim"]
    time: Float[np.ndarray, " time"]
    """Common to all trajectories, increasing."""
    attributes: Mapping[str, Float[np.ndarray, "trajectory body"]]
    """Constants of the bodies by name (`mass`, `charge`, ...)."""
    edges: Int[np.ndarray, "edge 2"] | None
    """Rows (sender, receiver); None: every ordered pair."""
    acceleration: Float[np.ndarray, "trajectory time body dim"]
    bodies: tuple[str, ...]
    """Names of the bodies; their indices where none are given."""
    name: str
    law: str | None
    """The built-in law that made them, if one did."""
    estimated: tuple[str, ...]
    """What was not given but estimated: of `position` (smoothed), `velocity`, `acceleration`."""
    ends: tuple[int, int]
    """Frames at the start and the end that are estimated from one side only, hence poorly."""
    reliable: Bool[np.ndarray, "trajectory time"] | None
    """Which snapshots may serve as samples where noise was smoothed; None: all."""
    quick: Bool[np.ndarray, "trajectory time body"] | None
    """Bodies whose accelerations are not reliable; None: not known of single bodies."""
    receivers: int | None
    """How many of the bodies, the first ones, stand for all: forces on them alone are looked at,
    those of all bodies. None: all."""
    measured: Mapping[str, Float[np.ndarray, "trajectory time body dim"]]
    """What was given of position, velocity and acceleration, where smoothed ones stand now."""
    notes: tuple[str, ...]
    counts: Mapping[str, int]
    """What was cleaned up or drawn again, by kind."""
    jumps: tuple[float, ...]
    """By how much positions jumped along each axis before they were unwrapped: lengths of a
    periodic box, 0 where they did not; empty: nowhere."""
    settings: KinematicsSettings
    """What decided where something was estimated, and decides where it is again."""

    @property
    def n_trajectories(self) -> int:
        """How many trajectories."""
        return self.position.shape[0]

    @property
    def n_times(self) -> int:
        """How many frames each has."""
        return self.position.shape[1]

    @property
    def n_bodies(self) -> int:
        """How many bodies each has."""
        return self.position.shape[2]

    @property
    def dim(self) -> int:
        """The dimension of space."""
        return self.position.shape[3]

    @property
    def observed(self) -> int:
        """How many bodies have accelerations that are looked at, the first ones."""
        return self.n_bodies if self.receivers is None else self.receivers

    @property
    def n_pairs(self) -> int:
        """Ordered pairs of a snapshot whose forces are looked at."""
        if self.edges is None:
            return self.observed * (self.n_bodies - 1)
        return int((self.edges[:, 1] < self.observed).sum())

    @property
    def graph(self) -> Graph:
        """Who acts on whom, of those that are looked at."""
        from forcelaw.graph import Graph

        if self.receivers is None:
            return self.whole_graph
        edges = self.edges
        if edges is None:
            receiver, sender = np.indices((self.receivers, self.n_bodies)).reshape(2, -1)
            edges = np.stack([sender, receiver], axis=1)[sender != receiver]
        return Graph.from_edges(edges[edges[:, 1] < self.receivers], nodes=self.n_bodies)

    @property
    def whole_graph(self) -> Graph:
        """Who acts on whom."""
        from forcelaw.graph import Graph

        if self.edges is None:
            return Graph.complete_graph(self.n_bodies)
        return Graph.from_edges(self.edges, nodes=self.n_bodies)


class Samples(NamedTuple):
    """Snapshots of all trajectories, one after the other."""

    position: Float[np.ndarray, "sample body dim"]
    velocity: Float[np.ndarray, "sample body dim"]
    acceleration: Float[np.ndarray, "sample body dim"]
    attributes: dict[str, Float[np.ndarray, "sample body"]]
    time: Float[np.ndarray, " sample"]
    trajectory: Int[np.ndarray, " sample"]

    def __repr__(self) -> str:
        samples, bodies, dim = self.position.shape
        size = f"{many(samples, 'snapshot')} of {many(bodies, 'body')}"
        return f"Samples({size} in {many(dim, 'dimension')})"
