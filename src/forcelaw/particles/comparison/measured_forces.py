"""What accelerations say of the force between two bodies, distance by distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Units
from forcelaw.numerics import least_squares
from forcelaw.particles.diagnosis import ForceSpline
from forcelaw.particles.equations import Design, acceleration_errors
from forcelaw.storage import ParsedObject, plain

_BINS = 30
"""Of distances, each with as many pairs."""
_LEAST_PAIRS = 20
"""In each of them."""
_BAND = 1.96
"""Standard errors on either side: 95 % of a normal distribution."""


@dataclass(frozen=True, eq=False)
class MeasuredForces:
    """A force for each of some parts of all distances, attraction positive, with 95 % bands."""

    r: Float[np.ndarray, " part"]
    force: Float[np.ndarray, " part"]
    half: Float[np.ndarray, " part"]
    """Half the width of the band."""

    @classmethod
    def of(cls, curve: ForceSpline, design: Design, factor: float = 1.0) -> MeasuredForces | None:
        """By samples that the curve was not fitted to; None where they are too few.

        The force of the curve, and to it a constant in each part of the distances: all constants
        at once, by least squares of what the curve leaves of the accelerations. The curve decides
        how the force runs within a part, not how large it is there. **Arguments:** `factor` by
        which the force of the curve is that of two typical bodies.
        """
        there = design.length[design.length > 0]
        count = min(_BINS, len(there) // _LEAST_PAIRS)
        if count < 2:
            return None
        edges = np.unique(np.quantile(there, np.linspace(0, 1, count + 1)))
        part = np.searchsorted(edges[1:-1], design.length, side="right")
        product, weight = design.product_of(curve.names), design.weight[..., None]
        used = np.broadcast_to(weight > 0, design.acceleration.shape).ravel()
        columns = np.stack(
            [
                (weight * design.pair_acceleration(product * (part == k))).ravel()[used]
                for k in range(len(edges) - 1)
            ],
            axis=1,
        )
        missing = -(weight * acceleration_errors(curve.law, design)).ravel()[used]
        told = np.flatnonzero(np.any(columns != 0, axis=0))
        if len(missing) <= 2 * len(told) or not len(told):
            return None
        columns = columns[:, told]
        more, left = least_squares(columns, missing)
        size = np.sqrt(np.mean(columns**2, axis=0))
        inverse = np.linalg.pinv(columns.T @ columns / size / size[:, None], hermitian=True)
        spread = np.sqrt(np.diag(inverse)) / size * np.sqrt(left @ left / (len(left) - len(told)))
        middle = np.array([np.median(design.length[part == k]) for k in told])
        force = np.interp(middle, curve.r, curve.force) + more
        return cls(middle, factor * force, factor * _BAND * spread)

    def in_units(self, units: Units) -> MeasuredForces:
        """The same, measured in these units."""
        return MeasuredForces(
            self.r / units.length, self.force / units.force, self.half / units.force
        )

    def to_json(self) -> ParsedObject:
        """`x`, `y` and half the width of the band, `error`."""
        return {"x": plain(self.r), "y": plain(self.force), "error": plain(self.half)}
