"""The force against distance whatever its formula: a spline with a band."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Formula, TabulatedForce, Units
from forcelaw.particles.data import Trajectories
from forcelaw.particles.diagnosis.lack_of_fit import draw_samples
from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.equations import (
    Design,
    Regression,
    evaluate_splines,
    one_body_acceleration,
    spline_accelerations,
    spline_knots,
)
from forcelaw.particles.kinematics import differences_over_fewer
from forcelaw.particles.prediction import Predictor
from forcelaw.storage import ParsedObject, plain


@dataclass(frozen=True, eq=False, repr=False)
class ForceSpline(Predictor):
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
    def of(
        cls,
        formula: Formula,
        data: Trajectories,
        *,
        seed: int = 0,
        settings: DiagnosisSettings = DIAGNOSIS,
    ) -> ForceSpline:
        """Fitted to the accelerations of `data`, over all their distances.

        Cubic splines in the logarithm of the distance, by least squares in which snapshots too
        quick for the frames count less; times the product of those attributes that explains most.
        What acts on bodies alone is that of `formula`, or nothing. How many splines there are,
        whether errors are relative, and whether anything acts on bodies alone, is what predicts the
        squares of other samples best. The band holds how far a finer spline is away, its jackknife
        over ten parts of the trajectories (or of the time), and what differences between frames
        miss of accelerations.
        """
        how, design = settings.curve, draw_samples(data, seed=seed, settings=settings)
        columns = _Columns(design)
        names = min(
            _products(design), key=lambda some: (_Curve(columns, some, settings).usual, len(some))
        )
        found = _best(columns, names, formula, settings)
        r = np.geomspace(*_span(design.length), how.rows)
        force = found.at(r)
        finer = found.finer()
        # What the curve cannot follow is not in its own spread.
        parts = finer.regression.factors_without(how.parts) @ evaluate_splines(r, finer.knots)
        spread = np.std(parts, axis=0) * np.sqrt(how.parts - 1)
        missed = _missed(found, data, seed, r, settings)
        # What is missed has one sign everywhere near: it adds up with chance.
        half = how.band * spread + np.abs(finer.at(r) - force) + np.abs(missed)
        one_body = formula.one_body if found.one_body is not None else ()
        alone = Formula(Formula.parse("0").pair, one_body, formula.core)
        law = TabulatedForce(r.tolist(), force.tolist(), names, alone)
        return cls(r, force, force - half, force + half, names, law)

    def motion_law(self) -> TabulatedForce:
        """See `Predictor.motion_law`."""
        return self.law

    def to_json(self) -> ParsedObject:
        """`r`, `force`, `low`, `high`, and the `attributes` that the force is proportional to."""
        rows = {name: plain(getattr(self, name)) for name in ("r", "force", "low", "high")}
        return {**rows, "attributes": list(self.names)}

    def __str__(self) -> str:
        return f"force curve from r = {self.r[0]:.3g} to {self.r[-1]:.3g}"

    def __repr__(self) -> str:
        return f"<ForceSpline: {self}>"

    def in_units(self, units: Units) -> ForceSpline:
        """The same, measured in these units."""
        if units.same:
            return self
        law, factor = self.law.rescaled(units), 1 / units.force
        for name in self.names:
            factor *= units.attribute(name) ** 2
        force, low, high = (part * factor for part in (self.force, self.low, self.high))
        return ForceSpline(self.r / units.length, force, low, high, self.names, law)


class _Curve:
    """One spline, fitted."""

    def __init__(
        self,
        columns: _Columns,
        names: tuple[str, ...],
        settings: DiagnosisSettings,
        count: int | None = None,
        *,
        relative: bool = True,
        one_body: Float[np.ndarray, "row body dim"] | None = None,
    ) -> None:
        self.columns, self.names, self.settings = columns, names, settings
        self.design = design = columns.design
        self.relative, self.one_body = relative, one_body
        self.count = count = settings.curve.splines[0] if count is None else count
        weight = design.weight
        if not relative:
            weight = np.where(weight > 0, 1 / max(float(np.std(design.acceleration)), 1e-300), 0)
        goal = (
            design if one_body is None else design.with_acceleration(design.acceleration - one_body)
        )
        self.knots = spline_knots(design.length, count)
        self.regression = Regression.of(
            goal, columns.of(names, count), weight=weight, settings=settings.equations
        )
        used = np.broadcast_to(design.weight[..., None], design.acceleration.shape).ravel()
        kept = self.regression.weight > 0
        self.left = self.regression.left / self.regression.weight[kept]
        """What cross-validation leaves, in the units of accelerations, or of the noise."""
        self.usual = float(np.median(np.abs(self.left * used[kept]))) if kept.any() else 0.0
        if design.weak is not None:
            self.left = self.left * used[kept]

    def at(self, r: Float[np.ndarray, " row"]) -> Float[np.ndarray, " row"]:
        """The force at these distances."""
        return self.regression.factors() @ evaluate_splines(r, self.knots)

    def finer(self) -> _Curve:
        """The same with more splines."""
        how = self.settings.curve
        count = next(more for more in (*how.splines, how.finest) if more > self.count)
        return _Curve(
            self.columns,
            self.names,
            self.settings,
            count,
            relative=self.relative,
            one_body=self.one_body,
        )

    def beats(self, other: _Curve) -> bool:
        """Whether it predicts other samples clearly better."""
        gain = self.regression.compared(other.left, self.left)
        return bool(gain.significance > self.settings.curve.significance)


def _missed(
    curve: _Curve,
    data: Trajectories,
    seed: int,
    r: Float[np.ndarray, " row"],
    settings: DiagnosisSettings,
) -> Float[np.ndarray, " row"]:
    """How the curve changes with accelerations from fewer frames, where these were differences."""
    if "acceleration" not in data.estimated or data.measured:
        return np.zeros_like(r)
    orders = 2 if "velocity" in data.estimated else 1
    base = data.position if orders == 2 else data.velocity
    coarse = differences_over_fewer(base, data.time, orders=orders, settings=data.settings)
    other = replace(data, acceleration=coarse)
    change = draw_samples(other, seed=seed, settings=settings).acceleration
    change = (change - curve.design.acceleration).ravel()
    fit = curve.regression
    goal = (fit.weight * change)[fit.weight > 0]
    return fit.factors(goal=goal) @ evaluate_splines(r, curve.knots)


def _best(
    columns: _Columns, names: tuple[str, ...], formula: Formula, settings: DiagnosisSettings
) -> _Curve:
    """The simplest of those that none beats."""
    design = columns.design
    acting = design.observe(one_body_acceleration(formula, design)) if formula.one_body else None
    best = None
    for one_body in (None,) if acting is None else (acting, None):
        # In the weak form the weights are those of the noise.
        for relative in (True, False) if design.weak is None else (True,):
            for count in settings.curve.splines:
                curve = _Curve(
                    columns, names, settings, count, relative=relative, one_body=one_body
                )
                if best is None or curve.beats(best):
                    best = curve
    assert best is not None
    return best


def _span(length: Float[np.ndarray, "..."]) -> tuple[float, float]:
    """The smallest and the largest distance, apart."""
    apart = length[length > 0]
    low, high = (float(apart.min()), float(apart.max())) if apart.size else (1.0, 1.0)
    return low, max(high, low * (1 + 1e-6))


def _products(design: Design) -> list[tuple[str, ...]]:
    varying = [name for name, value in design.bodies.attributes.items() if np.ptp(value) > 0]
    return [names for count in range(2) for names in combinations(varying, count)]


class _Columns:
    """The accelerations that splines cause on one design, each set computed once."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self._known: dict[tuple[tuple[str, ...], int], list[Float[np.ndarray, "row body dim"]]] = {}

    def of(self, names: tuple[str, ...], count: int) -> list[Float[np.ndarray, "row body dim"]]:
        """By so many splines, times the product of these attributes of both bodies."""
        if (names, count) not in self._known:
            design, product = self.design, self.design.product_of(names)
            knots = spline_knots(design.length, count)
            self._known[names, count] = spline_accelerations(design, knots, product)
        return self._known[names, count]
