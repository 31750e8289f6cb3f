"""A formula beside everything else that may act: what it leaves, and what would explain that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Formula
from forcelaw.particles.data import Trajectories
from forcelaw.particles.diagnosis.hidden_attributes import (
    body_attribute_columns,
    pair_attribute_columns,
    product_attribute_columns,
)
from forcelaw.particles.diagnosis.lack_of_fit import (
    Family,
    LackOfFit,
    Squares,
    Tried,
    draw_samples,
    mean_square,
)
from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.diagnosis.suspects import suspects, time_dependent_columns
from forcelaw.particles.equations import (
    Design,
    Gain,
    Regression,
    central_columns,
    evaluate_splines,
    find_inliers,
    formula_acceleration,
    one_body_acceleration,
    pair_products,
    pair_value,
    spline_knots,
)

COMMON = "an acceleration that all bodies have in common"
BODIES = "a property of single bodies that is not given"
PAIRS = "forces between some of the pairs only"


@dataclass(frozen=True, eq=False)
class Examination:
    """A formula beside a force of any form, on samples of some data."""

    formula: Formula
    data: Trajectories
    design: Design
    seed: int
    settings: DiagnosisSettings

    @classmethod
    def of(
        cls,
        formula: Formula,
        data: Trajectories,
        *,
        seed: int = 0,
        settings: DiagnosisSettings = DIAGNOSIS,
    ) -> Examination:
        """On as many samples as are regressed quickly."""
        return cls(formula, data, draw_samples(data, seed=seed, settings=settings), seed, settings)

    @cached_property
    def one_body(self) -> Float[np.ndarray, "sample body dim"]:
        """What the formula makes bodies do alone."""
        return one_body_acceleration(self.formula, self.design)

    @cached_property
    def stated(self) -> list[Float[np.ndarray, "row body dim"]]:
        """The accelerations by the pair force and by the one-body force of the formula."""
        pair = pair_value(self.formula.pair, self.design)
        found = [self.design.pair_acceleration(pair)] if np.any(pair) else []
        return [*found, self.design.observe(self.one_body)] if np.any(self.one_body) else found

    @cached_property
    def refitted(self) -> list[Float[np.ndarray, "row body dim"]]:
        """Those, and the changes of the pair force with each of its constants."""
        pair = self.formula.pair
        here, value = np.array(pair.numbers()), pair_value(pair, self.design)
        found = list(self.stated)
        for index, size in enumerate(
            self.settings.causes.step * np.maximum(np.abs(here), self.settings.causes.step)
        ):
            there = here.copy()
            there[index] += size
            change = (pair_value(pair.with_constants(there), self.design) - value) / size
            if np.any(change):
                found.append(self.design.pair_acceleration(change))
        return found

    @cached_property
    def kernel(self) -> list[Float[np.ndarray, "row body dim"]]:
        """Those by a force of any form along the line."""
        return central_columns(self.design, self._knots)

    @cached_property
    def regression(self) -> Regression:
        """Accelerations on all of these."""
        return Regression.of(
            self.design, [*self.kernel, *self.stated], settings=self.settings.equations
        )

    @cached_property
    def families(self) -> list[Family]:
        """Of all causes that may act alike in all trajectories."""
        design, force = self.design, self.force()
        found = [
            Family(one.cause, one.words, one.columns(design), one.also)
            for one in suspects(design, settings=self.settings)
        ]
        if design.time.size and np.ptp(design.time) > 0:
            columns = time_dependent_columns(design, force, self.one_body, settings=self.settings)
            found.append(Family("time-dependent", "a force that varies in time", columns))
        words = "a property of single bodies, as a mass that is not given"
        found.append(
            Family(
                "hidden-attribute",
                words,
                body_attribute_columns(design, force, settings=self.settings),
            )
        )
        words = "a property of both bodies, as charges that are not given"
        products, choices = (
            product_attribute_columns(design, force, self.one_body, settings=self.settings),
            2 * self.data.n_bodies,
        )
        found.append(Family("hidden-attribute", words, products, choices=choices))
        found.append(
            Family(
                "hidden-edges", PAIRS, pair_attribute_columns(design, force, settings=self.settings)
            )
        )
        return found

    @cached_property
    def left(self) -> Float[np.ndarray, " number"]:
        """What the formula leaves, weighted."""
        predicted = self.design.observe(formula_acceleration(self.formula, self.design))
        return self.regression.residual(predicted)

    @property
    def level(self) -> float:
        """How large that usually is at most."""
        size = np.abs(self.left)
        return (
            float(np.quantile(size, self.settings.equations.regression.quantile))
            if size.size
            else 0.0
        )

    @property
    def is_met(self) -> bool:
        """Whether the formula leaves of accelerations that were measured nothing but rounding."""
        measured = "acceleration" not in self.data.estimated and self.design.weak is None
        return measured and bool(np.all(np.abs(self.left) <= self.settings.verdict.exact))

    @cached_property
    def lack(self) -> LackOfFit:
        """See `LackOfFit`."""
        regression, left = self.regression, self.left
        tried = [Tried(f.cause, f.words, regression.gain(f.columns)) for f in self.families]
        apart = self.without_common([*self.kernel, *self.stated])
        rest = regression.on(self.without_common([self.design.acceleration])[0], apart)
        common = regression.compared(regression.left, rest.left)
        return LackOfFit(
            squares=Squares.of(self.formula, self.design),
            level=self.level,
            formula=mean_square(left),
            usual=mean_square(left[find_inliers(left, settings=self.settings.equations)]),
            kernel=mean_square(regression.left),
            form=regression.compared(left, regression.left),
            excess=regression.excess(self._refit_left),
            tried=(*tried, Tried("non-inertial", COMMON, common), *self.alone),
        )

    @property
    def _refit_left(self) -> Float[np.ndarray, " number"]:
        """What the formula leaves with its constants refitted: they alone make no other form."""
        refit = self.regression.on(self.design.acceleration, self.refitted)
        return refit.goal - refit.base @ (refit.factors() * refit.size)

    def without_common(
        self, columns: Sequence[Float[np.ndarray, "row body dim"]]
    ) -> list[Float[np.ndarray, "row body dim"]]:
        """Accelerations without their mean over bodies.

        What independent errors lose by that is made up for; a single body is left as it is.
        """
        bodies = self.design.position.shape[1]
        if bodies < 2:
            return list(columns)
        rest = np.sqrt(bodies / (bodies - 1))
        return [rest * (one - one.mean(axis=1, keepdims=True)) for one in columns]

    def force(self, at: Design | None = None) -> Float[np.ndarray, "sample edge"]:
        """The force of any form along every edge, fitted to all samples; at those of `at`."""
        place = self.design if at is None else at
        hats = evaluate_splines(place.length, self._knots)
        values = [product * hat for product in pair_products(self.design, place) for hat in hats]
        pair = pair_value(self.formula.pair, place)
        if np.any(pair):
            values.append(pair)
        total = np.zeros_like(place.length)
        for factor, value in zip(self.regression.factors(), values, strict=False):
            total += factor * value
        return total

    @cached_property
    def outward(self) -> float:
        """The total force on all bodies, of what a force of any form leaves: its mean square.

        Over that of as many independent forces: 0 where bodies act on each other only, 1 where
        each is acted on alone, more where all are acted on alike.
        """
        weight, design = self.regression.weight, self.design
        if design.crowd is not None:
            # What acts on some of the bodies need not cancel.
            return 0.0
        left = np.zeros_like(weight)
        left[weight > 0] = self.regression.left / weight[weight > 0]
        force = left.reshape(design.acceleration.shape)
        whole = (weight.reshape(force.shape) > 0).all(axis=(1, 2))
        if design.weak is None:
            force = force * design.mass[..., None]
        force = force[whole]
        alone = np.sum(force**2, axis=1)
        typical = float(np.median(alone)) if alone.size else 0.0
        if typical == 0:
            return 0.0
        kept = alone < self.settings.verdict.violent * typical
        return float(np.sum(np.sum(force, axis=1)[kept] ** 2) / np.sum(alone[kept]))

    @cached_property
    def alone(self) -> tuple[Tried, ...]:
        """What single bodies and pairs would explain that may be others in every trajectory."""
        data = self.data
        parts = []
        if (
            data.n_trajectories > 1
            and data.n_times - sum(data.ends) >= self.settings.samples.single_snapshots
        ):
            for k in range(min(data.n_trajectories, self.settings.samples.single)):
                parts.append(
                    draw_samples(data.select(np.array([k])), seed=self.seed, settings=self.settings)
                )
        if not parts:
            return ()
        gains = [self._alone(part) for part in parts]
        bodies, pairs = (_average([gain[k] for gain in gains]) for k in (0, 1))
        return Tried("hidden-attribute", BODIES, bodies), Tried("hidden-edges", PAIRS, pairs)

    def _alone(self, design: Design) -> tuple[Gain, Gain]:
        """Gains in one trajectory, the force of any form being that of all."""
        one_body, force = one_body_acceleration(self.formula, design), self.force(design)
        regression = Regression.of(
            design,
            [design.pair_acceleration(force), design.observe(one_body)],
            settings=self.settings.equations,
        )
        bodies = (
            body_attribute_columns(design, force, settings=self.settings),
            product_attribute_columns(design, force, one_body, settings=self.settings),
        )
        best = max(map(regression.gain, bodies), key=lambda gain: gain.share)
        return best, regression.gain(pair_attribute_columns(design, force, settings=self.settings))

    @cached_property
    def _knots(self) -> Float[np.ndarray, " knot"]:
        return spline_knots(self.design.length, self.settings.causes.fine)


def _average(gains: Sequence[Gain]) -> Gain:
    return Gain(
        float(np.mean([gain.share for gain in gains])),
        float(np.median([gain.significance for gain in gains])),
        float(np.median([gain.steadiness for gain in gains])),
    )
