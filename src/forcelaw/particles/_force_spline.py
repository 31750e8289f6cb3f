"""The force against distance whatever its formula: a spline with a band."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Formula, TabulatedForce, Units
from forcelaw.particles._design import Design, self_acceleration
from forcelaw.particles._kernels import spline_knots, splines
from forcelaw.particles._lack_of_fit import sampled
from forcelaw.particles._regression import Regression
from forcelaw.particles._trajectories import Trajectories

_ROWS = 160
_SPLINES = (12, 18)
"""Those of the curve, and of a finer one: their difference is what splines cannot follow."""
_PARTS = 10
_SURE = 1.96
_RANGE = (0.002, 0.998)
"""Quantiles of the distances that the curve spans."""


@dataclass(frozen=True, eq=False)
class ForceSpline:
    """Force between two bodies against their distance, attraction positive, with a 95 % band."""

    r: Float[np.ndarray, " row"]
    force: Float[np.ndarray, " row"]
    """For attributes `names` of one."""
    low: Float[np.ndarray, " row"]
    high: Float[np.ndarray, " row"]
    names: tuple[str, ...]
    """The attributes of both bodies that the force is proportional to."""
    law: TabulatedForce
    """The same as a law, which rolls out and is saved like any other."""

    @classmethod
    def of(cls, formula: Formula, data: Trajectories, *, seed: int = 0) -> ForceSpline:
        """Fitted to the accelerations of `data`, with what acts on bodies alone as in `formula`.

        Cubic splines in the logarithm of the distance, by least squares in which instants too quick
        for the frames count less; times the product of those attributes that explains most. The
        band holds the jackknife over ten parts of the trajectories (or of the time), and how far a
        finer spline is away.
        """
        design = sampled(data, seed=seed)
        own = self_acceleration(formula, design)
        beside = [design.seen(own)] if np.any(own) else []
        knots = [spline_knots(design.length, count) for count in _SPLINES]
        known = {names: _columns(design, knots[0], names) for names in _products(design)}
        tried = {
            names: Regression.of(design, [*columns, *beside]) for names, columns in known.items()
        }
        names = min(tried, key=lambda key: (_left(tried[key], design), len(key)))
        regression = tried[names]
        low, high = np.quantile(design.length, _RANGE)
        r = np.geomspace(low, max(high, low * (1 + 1e-6)), _ROWS)
        basis = splines(r, knots[0])
        force = regression.factors()[: len(basis)] @ basis
        fine = splines(r, knots[1])
        finer = Regression.of(design, [*_columns(design, knots[1], names), *beside])
        other = finer.factors()[: len(fine)] @ fine
        parts = [
            regression.factors(without=(part, _PARTS))[: len(basis)] @ basis
            for part in range(_PARTS)
        ]
        spread = np.std(parts, axis=0) * np.sqrt(_PARTS - 1)
        half = np.sqrt((_SURE * spread) ** 2 + (other - force) ** 2)
        alone = Formula(Formula.parse("0").pair, formula.own if beside else (), formula.core)
        law = TabulatedForce(r.tolist(), force.tolist(), names, alone)
        return cls(r, force, force - half, force + half, names, law)

    def in_units(self, units: Units) -> ForceSpline:
        """The same, measured in these units."""
        if units.same:
            return self
        law, factor = self.law.rescaled(units), 1 / units.force
        for name in self.names:
            factor *= units.attribute(name) ** 2
        force, low, high = (part * factor for part in (self.force, self.low, self.high))
        return ForceSpline(self.r / units.length, force, low, high, self.names, law)


def _left(regression: Regression, design: Design) -> float:
    """The usual residual in the weights of the design, which are the same for all."""
    weight = np.broadcast_to(design.weight[..., None], design.acceleration.shape).ravel()
    used = regression.weight > 0
    return float(np.median(np.abs(regression.left) * weight[used] / regression.weight[used]))


def _products(design: Design) -> list[tuple[str, ...]]:
    varying = [name for name, value in design.attributes.items() if np.ptp(value) > 0]
    return [names for count in range(2) for names in combinations(varying, count)]


def _columns(
    design: Design, knots: np.ndarray, names: tuple[str, ...]
) -> list[Float[np.ndarray, "row body dim"]]:
    product = np.ones_like(design.length)
    for name in names:
        value = design.attributes[name]
        product = product * value[:, design.receiver] * value[:, design.sender]
    return [design.summed(product * hat) for hat in splines(design.length, knots)]
