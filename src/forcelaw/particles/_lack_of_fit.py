"""What a formula leaves unexplained: how much, and which causes would explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Formula, Law
from forcelaw.particles._design import (
    Design,
    errors,
    formula_acceleration,
    pair_value,
    self_acceleration,
)
from forcelaw.particles._kernels import central_columns, pair_products, spline_knots, splines
from forcelaw.particles._observed import observed
from forcelaw.particles._regression import Gain, Regression
from forcelaw.particles._suspects import Cause, in_time, of_bodies, of_edges, of_products, suspects
from forcelaw.particles._trajectories import Trajectories

_FINE = 14
"""Splines of a force of any form."""
_NUMBERS = 30_000
"""Components of accelerations that are regressed."""
_EDGES = 1_500_000
"""Edges of all samples together."""
_SINGLE = 3
"""Trajectories that are looked at one by one."""
_LEAST = 30
"""Instants of such a trajectory."""
_MOST_EDGES = 240
_QUANTILE = 0.75
_VARIES = "a force that varies in time"


@dataclass(frozen=True, eq=False)
class Tried:
    """What one cause would explain beyond a force of any form along the line."""

    cause: Cause
    words: str
    gain: Gain


class Squares(NamedTuple):
    """Mean squares of accelerations and of what a formula leaves of them.

    Where positions alone are known, of what these tell, in units of the noise.
    """

    total: float
    left: float

    @classmethod
    def of(cls, law: Law, design: Design) -> Squares:
        """Every component of every body counts alike."""
        weight = 1.0 if design.weak is None else design.weight[..., None]
        return cls(_mean(weight * design.acceleration), _mean(weight * errors(law, design)))

    @property
    def explained(self) -> float:
        """R²: one for a perfect law, zero for one that says nothing."""
        return 1 - self.left / self.total if self.total > 0 else 0.0


@dataclass(frozen=True, eq=False)
class LackOfFit:
    """Residuals of a formula, and what would lower them. Squares are weighted, means of numbers."""

    squares: Squares
    level: float
    """The size that three quarters of the weighted residuals do not exceed."""
    formula: float
    """Mean square left by the formula."""
    kernel: float
    """Mean square left by the best spline in the distance in place of the pair force."""
    form: Gain
    """Of that spline over the formula."""
    excess: float
    """Standard deviations by which that spline fits better than chance lets it."""
    tried: tuple[Tried, ...]
    beside: tuple[Tried, ...]
    """What the others would gain beside the one of `tried` that explains most."""

    @classmethod
    def of(cls, formula: Formula, data: Trajectories, *, seed: int = 0) -> LackOfFit:
        """The formula against what was measured in `data`."""
        design = sampled(data, seed=seed)
        return _Examination(formula, design).lack(data, seed)


def sampled(data: Trajectories, *, seed: int = 0) -> Design:
    """As many samples as are regressed quickly, whatever the number of bodies."""
    edges = data.n_bodies * (data.n_bodies - 1) if data.edges is None else len(data.edges)
    count = min(_NUMBERS // (data.n_bodies * data.dim), _EDGES // max(edges, 1))
    return observed(data, max(count, 8), seed=seed)


class _Examination:
    """A formula beside a force of any form, on one design."""

    def __init__(self, formula: Formula, design: Design) -> None:
        self.formula, self.design = formula, design
        self.predicted = design.seen(formula_acceleration(formula, design))
        self.own = self_acceleration(formula, design)
        self.knots = spline_knots(design.length, _FINE)
        pair = pair_value(formula.pair, design)
        self.columns = [*central_columns(design, self.knots)]
        self.paired = bool(np.any(pair))
        if self.paired:
            self.columns.append(design.summed(pair))
        if np.any(self.own):
            self.columns.append(design.seen(self.own))
        self.regression = Regression.of(design, self.columns)

    def lack(self, data: Trajectories, seed: int) -> LackOfFit:
        """See `LackOfFit`."""
        regression, design = self.regression, self.design
        left = regression.residual(self.predicted)
        known = {one.words: one.columns(design) for one in suspects(design)}
        tried = [
            Tried(one.cause, one.words, regression.gain(known[one.words]))
            for one in suspects(design)
        ]
        force = self._kernel()
        if design.time.size and np.ptp(design.time) > 0:
            known[_VARIES] = in_time(design, force, self.own)
            tried.append(Tried("time-dependent", _VARIES, regression.gain(known[_VARIES])))
        best = max(tried, key=lambda one: one.gain.share)
        with_it = regression.beside(known[best.words])
        return LackOfFit(
            squares=Squares.of(self.formula, design),
            level=float(np.quantile(np.abs(left), _QUANTILE)) if left.size else 0.0,
            formula=_mean(left),
            kernel=_mean(regression.left),
            form=regression.compared(left, regression.left),
            excess=regression.excess(left),
            tried=(*tried, *self._singled(data, force, seed)),
            beside=tuple(
                Tried(one.cause, one.words, with_it.gain(known[one.words]))
                for one in tried
                if one is not best
            ),
        )

    def _kernel(self, at: Design | None = None) -> Float[np.ndarray, "sample edge"]:
        """The force of any form along every edge, fitted to all samples; at those of `at`."""
        place = self.design if at is None else at
        hats = splines(place.length, self.knots)
        values = [product * hat for product in pair_products(self.design, place) for hat in hats]
        if self.paired:
            values.append(pair_value(self.formula.pair, place))
        factors = self.regression.factors()
        total = np.zeros_like(place.length)
        for factor, value in zip(factors, values, strict=False):
            total += factor * value
        return total

    def _singled(self, data: Trajectories, force: np.ndarray, seed: int) -> list[Tried]:
        """Single bodies and edges, which may be others in every trajectory."""
        bodies = [_best(self.regression, self.design, force, self.own)]
        edges = [self.regression.gain(of_edges(self.design, force, _MOST_EDGES))]
        alone = min(data.n_trajectories, _SINGLE) if data.n_trajectories > 1 else 0
        parts = []
        for k in range(alone):
            one = data.select(np.array([k]))
            if data.n_times - sum(data.ends) >= _LEAST:
                parts.append(sampled(one, seed=seed))
        if parts:
            gains = [self._alone(part) for part in parts]
            bodies.append(_average([one for one, _ in gains]))
            edges.append(_average([other for _, other in gains]))
        best = max(bodies, key=lambda g: g.share), max(edges, key=lambda g: g.share)
        return [
            Tried("hidden-attribute", "a property of single bodies that is not given", best[0]),
            Tried("hidden-edges", "forces between some of the pairs only", best[1]),
        ]

    def _alone(self, design: Design) -> tuple[Gain, Gain]:
        """Gains in one trajectory, the force of any form being that of all."""
        own = self_acceleration(self.formula, design)
        force = self._kernel(design)
        regression = Regression.of(design, [design.summed(force), design.seen(own)])
        return (
            _best(regression, design, force, own),
            regression.gain(of_edges(design, force, _MOST_EDGES)),
        )


def _best(
    regression: Regression,
    design: Design,
    force: Float[np.ndarray, "sample edge"],
    own: Float[np.ndarray, "sample body dim"],
) -> Gain:
    """Of a property of single bodies that forces add up with, or are proportional to."""
    tried = (of_bodies(design, force), of_products(design, force, own, _MOST_EDGES))
    return max(map(regression.gain, tried), key=lambda gain: gain.share)


def _average(gains: Sequence[Gain]) -> Gain:
    return Gain(
        float(np.mean([gain.share for gain in gains])),
        float(np.median([gain.significance for gain in gains])),
    )


def _mean(left: np.ndarray) -> float:
    return float(np.mean(left**2)) if left.size else 0.0
