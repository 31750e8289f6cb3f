"""What pairs do where bodies have headings: they turn each other, or act by how they point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.particles.kernels.pair_terms import PairGeometry, PairTerm


@dataclass(frozen=True)
class Torque(PairTerm):
    """Turns towards the sender's heading, `sin(theta_j - theta_i)` (Kuramoto; flying XY model)."""

    key = "torque"
    reads_velocity = False
    turns = True
    angle = "sin(dtheta)"

    def vectors(self, pairs: PairGeometry) -> Float[np.ndarray, "pair 1"]:
        """See `PairTerm`."""
        assert pairs.turn is not None
        return np.sin(pairs.turn)[:, None]


@dataclass(frozen=True)
class NematicTorque(PairTerm):
    """Turns towards the sender's axis, either end of it, `sin(2 (theta_j - theta_i))`."""

    key = "nematic"
    reads_velocity = False
    turns = True
    angle = "sin(2*dtheta)"

    def vectors(self, pairs: PairGeometry) -> Float[np.ndarray, "pair 1"]:
        """See `PairTerm`."""
        assert pairs.turn is not None
        return np.sin(2 * pairs.turn)[:, None]


@dataclass(frozen=True)
class Steering(PairTerm):
    """Turns towards the sender's place, `sin(bearing)`; away from it where negative."""

    key = "steering"
    reads_velocity = False
    turns = True
    angle = "sin(bearing)"

    def vectors(self, pairs: PairGeometry) -> Float[np.ndarray, "pair 1"]:
        """See `PairTerm`."""
        assert pairs.bearing is not None
        return np.sin(pairs.bearing)[:, None]


@dataclass(frozen=True)
class Polar(PairTerm):
    """Along the line times `cos(theta_j - theta_i)`: like headings attract.

    Swarmalators (O'Keeffe, Hong & Strogatz, Nat. Commun. 8, 1504, 2017) do so.
    """

    key = "polar"
    reads_velocity = False
    angle = "cos(dtheta)"

    def vectors(self, pairs: PairGeometry) -> Float[np.ndarray, "pair dim"]:
        """See `PairTerm`."""
        assert pairs.turn is not None
        return np.cos(pairs.turn)[:, None] * pairs.direction
