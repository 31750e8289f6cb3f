"""Cross-validated regression of accelerations on columns, and what more columns would gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.numerics import solve_with_ridge, standard_error
from forcelaw.particles.equations.basis import Basis
from forcelaw.particles.equations.blocks import blocks_of_samples
from forcelaw.particles.equations.settings import EQUATIONS, EquationsSettings
from forcelaw.particles.equations.snapshots import Design
from forcelaw.particles.preparation import median_acting_size


class Gain(NamedTuple):
    """What columns gain beyond others on samples that their factors were not fitted to."""

    share: float
    """Of the squares left without them."""
    significance: float
    """Mean gain of a block of samples over its standard error."""
    steadiness: float
    """The same of the logarithm of each block's squares: a few violent ones do not count more."""


@dataclass(frozen=True, eq=False)
class Regression:
    """Weighted equations cut into two folds, and what base columns leave of each."""

    goal: Float[np.ndarray, " number"]
    weight: Float[np.ndarray, " component"]
    """Of every component of the accelerations; those of weight 0 are no equations."""
    block: Int[np.ndarray, " number"]
    base: Float[np.ndarray, "number column"]
    """Of unit size each."""
    size: Float[np.ndarray, " column"]
    """What they were divided by."""
    settings: EquationsSettings = EQUATIONS

    @classmethod
    def of(
        cls,
        design: Design,
        columns: Sequence[Float[np.ndarray, "row body dim"]],
        *,
        weight: Float[np.ndarray, "row body"] | None = None,
        settings: EquationsSettings = EQUATIONS,
    ) -> Regression:
        """The design's accelerations on these columns, weighted as the design weighs errors."""
        shape = design.acceleration.shape
        given = _relative(design) if weight is None else weight
        weight = np.broadcast_to(given[..., None], shape).ravel()
        block = np.broadcast_to(blocks_of_samples(design, settings)[:, None, None], shape).ravel()[
            weight > 0
        ]
        first = cls._weighted(weight, block, design, columns, settings)
        size = np.abs(first.left)
        most = _largest_usual(size, settings)
        if most == 0:
            return first
        whole = weight.copy()
        whole[weight > 0] *= np.minimum(1, most / np.maximum(size, 1e-300))
        return cls._weighted(whole, block, design, columns, settings)

    @classmethod
    def _weighted(
        cls,
        weight: Float[np.ndarray, " component"],
        block: Int[np.ndarray, " number"],
        design: Design,
        columns: Sequence[Float[np.ndarray, "row body dim"]],
        settings: EquationsSettings,
    ) -> Regression:
        used = weight > 0
        goal, (base, size) = (weight * design.acceleration.ravel())[used], _flat(weight, columns)
        return cls(goal, weight, block, base, size, settings)

    @cached_property
    def left(self) -> Float[np.ndarray, " number"]:
        """Residuals under factors that were fitted to the other fold."""
        return self.goal - self._predicted(np.zeros((len(self.goal), 0)))

    def gain(self, columns: Sequence[Float[np.ndarray, "row body dim"]]) -> Gain:
        """What these columns gain beside the base."""
        return self.compared(self.left, self.residuals(columns))

    def residuals(
        self, columns: Sequence[Float[np.ndarray, "row body dim"]]
    ) -> Float[np.ndarray, " number"]:
        """`left` with these columns beside the base."""
        return self.goal - self._predicted(_flat(self.weight, columns)[0]) if columns else self.left

    def beside(self, columns: Sequence[Float[np.ndarray, "row body dim"]]) -> Regression:
        """The same with these columns among the base."""
        more, size = _flat(self.weight, columns)
        base = np.concatenate([self.base, more], axis=1)
        return replace(self, base=base, size=np.concatenate([self.size, size]))

    def on(
        self,
        acceleration: Float[np.ndarray, "row body dim"],
        columns: Sequence[Float[np.ndarray, "row body dim"]],
    ) -> Regression:
        """Other accelerations and columns of the same samples, with the same weights."""
        goal = (self.weight * acceleration.ravel())[self.weight > 0]
        base, size = _flat(self.weight, columns)
        return replace(self, goal=goal, base=base, size=size)

    def factors(
        self, *, goal: Float[np.ndarray, " number"] | None = None
    ) -> Float[np.ndarray, " column"]:
        """The factors of the base columns from both folds.

        `goal` are other weighted numbers than the accelerations.
        """
        return self._basis.factors(self.goal if goal is None else goal) / self.size

    def factors_without(self, parts: int) -> Float[np.ndarray, "part column"]:
        """The factors from all samples but one of so many parts, for each."""
        part, whole = (self.block // 2) % parts, self.base.T @ self.base
        found = np.zeros((parts, self.base.shape[1]))
        for one in range(parts):
            mine, kept = self.base[part == one], part != one
            basis = Basis.of(self.base[kept], self._ridge, whole - mine.T @ mine)
            found[one] = basis.factors(self.goal[kept]) / self.size
        return found

    def compared(
        self, before: Float[np.ndarray, " number"], after: Float[np.ndarray, " number"]
    ) -> Gain:
        """The gain from one set of residuals to another."""
        counts = np.bincount(self.block)
        used = counts > 0
        old, new = (
            np.bincount(self.block, part**2)[used] / counts[used] for part in (before, after)
        )
        total = max(float(np.mean(before**2)), 1e-300)
        mean = float(np.mean(before**2 - after**2))
        shrunk = np.log(np.maximum(old, 1e-300)) - np.log(np.maximum(new, 1e-300))
        return Gain(mean / total, _significance(old - new), _significance(shrunk))

    def excess(self, left: Float[np.ndarray, " number"]) -> float:
        """By how many standard deviations the base lowers these residuals more than chance would.

        On the very samples that its factors are fitted to: the F statistic, which sees less than
        cross-validation lets one see, but takes the residuals for independent. The smaller of that
        of all residuals and that of the usual ones: a spline that follows a few violent snapshots
        would seem to see much in the former, and what these pull it to in the latter.
        """
        after = self.goal - self.base @ (self.factors() * self.size)
        every = np.ones(len(left), bool)
        return min(
            self._f_excess(left[kept], after[kept])
            for kept in (every, find_inliers(left, settings=self.settings))
        )

    def _f_excess(
        self, left: Float[np.ndarray, " some"], after: Float[np.ndarray, " some"]
    ) -> float:
        count = self.base.shape[1]
        noise = float(np.sum(after**2)) / max(len(after) - count, 1)
        if noise == 0 or not count:
            return 0.0
        gain = (float(np.sum(left**2)) - float(np.sum(after**2))) / noise
        return float((gain - count) / np.sqrt(2 * count))

    def residual(self, predicted: Float[np.ndarray, "row body dim"]) -> np.ndarray:
        """What a prediction of the accelerations leaves, weighted."""
        return self.goal - (self.weight * predicted.ravel())[self.weight > 0]

    @cached_property
    def _basis(self) -> Basis:
        return Basis.of(self.base, self._ridge)

    @property
    def _ridge(self) -> float:
        return self.settings.regression.ridge

    @cached_property
    def _folds(self) -> list[tuple[np.ndarray, Basis]]:
        """Which numbers factors are fitted to, and the base there; the others are predicted."""
        masks = [self.block % 2 != fold for fold in (0, 1)]
        return [
            (mask, Basis.of(self.base[mask], self._ridge))
            for mask in masks
            if 0 < mask.sum() < len(mask)
        ]

    def _predicted(self, more: Float[np.ndarray, "number other"]) -> Float[np.ndarray, " number"]:
        """Every fold as the other one predicts it; the factors of `more` are freed of the base."""
        found = np.zeros_like(self.goal)
        for fitted, basis in self._folds:
            rest, others = self.goal[fitted], np.zeros(more.shape[1])
            if more.shape[1]:
                freed = basis.freed(more[fitted])
                thin = self.settings.regression.thin * len(rest)
                others = solve_with_ridge(freed.T @ freed, freed.T @ basis.freed(rest), thin)
                rest = rest - more[fitted] @ others
            tried = ~fitted
            found[tried] = self.base[tried] @ basis.factors(rest) + more[tried] @ others
        return found


def _relative(design: Design) -> Float[np.ndarray, "row body"]:
    """What makes errors relative; in the weak form one over the error of every equation."""
    if design.weak is not None:
        return design.weight
    size = np.linalg.norm(design.acceleration, axis=-1)
    return 1 / (size + median_acting_size(size))


def _flat(
    weight: Float[np.ndarray, " component"], columns: Sequence[Float[np.ndarray, "row body dim"]]
) -> tuple[Float[np.ndarray, "number column"], Float[np.ndarray, " column"]]:
    """Weighted columns of unit size, and what they were divided by."""
    used = weight > 0
    if not columns:
        return np.zeros((int(used.sum()), 0)), np.zeros(0)
    # One column after the other in memory, so that none is ever spread out.
    rows = np.stack([column.ravel() for column in columns])
    rows *= weight
    scaled, size = _scaled(rows if used.all() else rows[:, used])
    return scaled.T, size


def find_inliers(
    left: Float[np.ndarray, " number"], *, settings: EquationsSettings = EQUATIONS
) -> Bool[np.ndarray, " number"]:
    """Which residuals are no larger than a few times the usual ones."""
    size = np.abs(left)
    return size <= _largest_usual(size, settings) if size.size else size > 0


def _largest_usual(size: Float[np.ndarray, " number"], settings: EquationsSettings) -> float:
    """The size from which residuals are unusual; 0 of none."""
    how = settings.regression
    return how.usual * float(np.quantile(size, how.quantile)) if size.size else 0.0


def _significance(gains: Float[np.ndarray, " block"]) -> float:
    """The mean over its standard error."""
    return float(np.mean(gains)) / max(float(standard_error(gains)), 1e-300)


def _scaled(
    rows: Float[np.ndarray, "column number"],
) -> tuple[Float[np.ndarray, "column number"], Float[np.ndarray, " column"]]:
    """Every row divided by its root mean square, and these."""
    largest = np.maximum(rows.max(axis=1, initial=0.0), -rows.min(axis=1, initial=0.0))
    if not np.isfinite(largest).all():
        return _scaled(np.nan_to_num(rows, posinf=0.0, neginf=0.0))
    # Weights of bodies at rest are so large that squares would overflow.
    largest = np.maximum(largest, np.finfo(float).tiny)
    parts = rows / largest[:, None]
    size = largest * np.sqrt(np.einsum("cn,cn->c", parts, parts) / max(rows.shape[1], 1))
    size = np.where(size > 0, size, 1)
    return np.divide(rows, size[:, None], out=parts), size
