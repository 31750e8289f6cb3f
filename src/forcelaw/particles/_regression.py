"""Cross-validated regression of accelerations on columns, and what more columns would gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.linalg import solve_triangular

from forcelaw.particles._design import Design

_BLOCKS = 40
_RIDGE = 1e-7
"""Of the size of a column: columns that depend on others get nothing."""
_THIN = 1e-9
"""The same squared, of what other columns leave of a column."""
_USUAL = 5.0
"""Times the usual residual from which an equation counts less (Huber 1964): instants that are too
quick for the frames would be all that is fitted."""
_QUANTILE = 0.75


class Gain(NamedTuple):
    """What columns gain beyond others on samples that their factors were not fitted to."""

    share: float
    """Of the squares left without them."""
    significance: float
    """Mean gain of a block of samples over its standard error."""


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
    left: Float[np.ndarray, " number"]
    """Residuals under factors that were fitted to the other fold."""

    @classmethod
    def of(
        cls,
        design: Design,
        columns: Sequence[Float[np.ndarray, "row body dim"]],
        *,
        weight: Float[np.ndarray, "row body"] | None = None,
    ) -> Regression:
        """The design's accelerations on these columns, weighted as the design weighs errors."""
        shape = design.acceleration.shape
        given = design.weight if weight is None else weight
        weight = np.broadcast_to(given[..., None], shape).ravel()
        block = np.broadcast_to(blocks(design)[:, None, None], shape).ravel()[weight > 0]
        first = cls._weighted(weight, block, design, columns)
        size = np.abs(first.left)
        usual = _USUAL * np.quantile(size, _QUANTILE) if size.size else 0.0
        if usual == 0:
            return first
        whole = weight.copy()
        whole[weight > 0] *= np.minimum(1, usual / np.maximum(size, 1e-300))
        return cls._weighted(whole, block, design, columns)

    @classmethod
    def _weighted(
        cls,
        weight: Float[np.ndarray, " component"],
        block: Int[np.ndarray, " number"],
        design: Design,
        columns: Sequence[Float[np.ndarray, "row body dim"]],
    ) -> Regression:
        used = weight > 0
        goal = (weight * design.acceleration.ravel())[used]
        flat = [(weight * column.ravel())[used] for column in columns]
        stacked = np.stack(flat, axis=1) if flat else np.zeros((len(goal), 0))
        base, size = _scaled(stacked)
        left = _predicted(base, np.zeros((len(goal), 0)), goal, block)
        return cls(goal, weight, block, base, size, goal - left)

    def gain(self, columns: Sequence[Float[np.ndarray, "row body dim"]]) -> Gain:
        """What these columns gain beside the base."""
        if not columns:
            return Gain(0.0, 0.0)
        more, _ = self._flat(columns)
        after = self.goal - _predicted(self.base, more, self.goal, self.block)
        return self.compared(self.left, after)

    def beside(self, columns: Sequence[Float[np.ndarray, "row body dim"]]) -> Regression:
        """The same with these columns among the base."""
        more, size = self._flat(columns)
        base = np.concatenate([self.base, more], axis=1)
        left = _predicted(base, np.zeros((len(base), 0)), self.goal, self.block)
        sizes = np.concatenate([self.size, size])
        return Regression(self.goal, self.weight, self.block, base, sizes, self.goal - left)

    def factors(self, *, without: tuple[int, int] | None = None) -> Float[np.ndarray, " column"]:
        """The factors of the base columns from both folds.

        **Arguments:** `without` `(k, n)` leaves out the k-th of n parts of the samples.
        """
        kept = np.ones(len(self.goal), bool)
        if without is not None:
            part, parts = without
            kept = (self.block // 2) % parts != part
        factors, _ = solved(self.base[kept], np.zeros((int(kept.sum()), 0)), self.goal[kept])
        return factors / self.size

    def compared(
        self, before: Float[np.ndarray, " number"], after: Float[np.ndarray, " number"]
    ) -> Gain:
        """The gain from one set of residuals to another."""
        gains = np.bincount(self.block, before**2 - after**2)
        counts = np.bincount(self.block)
        gains = gains[counts > 0] / counts[counts > 0]
        error = float(np.std(gains, ddof=1)) / np.sqrt(len(gains)) if len(gains) > 1 else np.inf
        total = float(np.mean(before**2))
        mean = float(np.mean(before**2 - after**2))
        return Gain(mean / max(total, 1e-300), float(np.mean(gains)) / max(float(error), 1e-300))

    def excess(self, left: Float[np.ndarray, " number"]) -> float:
        """By how many standard deviations the base lowers these residuals more than chance would.

        On the very samples that its factors are fitted to: the F statistic, which sees less than
        cross-validation lets one see, but takes the residuals for independent.
        """
        count = self.base.shape[1]
        after = self.goal - self.base @ (self.factors() * self.size)
        noise = float(np.sum(after**2)) / max(len(after) - count, 1)
        if noise == 0 or not count:
            return 0.0
        gain = (float(np.sum(left**2)) - float(np.sum(after**2))) / noise
        return float((gain - count) / np.sqrt(2 * count))

    def residual(self, predicted: Float[np.ndarray, "row body dim"]) -> np.ndarray:
        """What a prediction of the accelerations leaves, weighted."""
        return self.goal - (self.weight * predicted.ravel())[self.weight > 0]

    def _flat(self, columns: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        used = self.weight > 0
        return _scaled(
            np.stack([(self.weight * column.ravel())[used] for column in columns], axis=1)
        )


def blocks(design: Design) -> Int[np.ndarray, " row"]:
    """Samples that may depend on each other: of a trajectory, or of a stretch of time of one.

    Neighbouring blocks are of either parity: a fold is every other block.
    """
    if design.weak is not None:
        weak = design.weak
        rows = np.arange(len(design.acceleration))
        trajectory, equation = np.divmod(rows, weak.equations)
        window = equation // weak.functions.shape[1]
        count = int(trajectory.max()) + 1
        pieces = weak.functions.shape[0]
        if count * pieces < 2:
            return rows % 2
        return _joined(trajectory, window, count, pieces)
    count = len(design.position)
    if not design.time.size:
        return np.arange(count) % _BLOCKS
    trajectories, trajectory = np.unique(design.trajectory, return_inverse=True)
    pieces = max(1, -(-_BLOCKS // len(trajectories)))
    span = np.ptp(design.time) or 1.0
    window = np.minimum((design.time - design.time.min()) / span * pieces, pieces - 1).astype(int)
    return _joined(trajectory, window, len(trajectories), pieces)


def _joined(trajectory: np.ndarray, window: np.ndarray, count: int, pieces: int) -> np.ndarray:
    """About so many blocks, of trajectories, or of windows within them."""
    if count >= _BLOCKS or pieces == 1:
        return trajectory % _BLOCKS
    # An odd number of windows would give neighbours in two trajectories one parity.
    even = pieces + pieces % 2
    return trajectory * even + (window + trajectory) % even


def _scaled(
    columns: Float[np.ndarray, "number column"],
) -> tuple[Float[np.ndarray, "number column"], Float[np.ndarray, " column"]]:
    columns = np.nan_to_num(columns, posinf=0.0, neginf=0.0)
    size = np.sqrt(np.mean(columns**2, axis=0))
    size = np.where(size > 0, size, 1)
    return columns / size, size


def _predicted(
    base: Float[np.ndarray, "number column"],
    more: Float[np.ndarray, "number other"],
    goal: Float[np.ndarray, " number"],
    block: Int[np.ndarray, " number"],
) -> Float[np.ndarray, " number"]:
    """Every fold as the other one foretells it."""
    found = np.zeros_like(goal)
    for fold in (0, 1):
        fitted, tried = block % 2 != fold, block % 2 == fold
        if not fitted.any() or not tried.any():
            continue
        factors, others = solved(base[fitted], more[fitted], goal[fitted])
        found[tried] = base[tried] @ factors + more[tried] @ others
    return found


def solved(
    base: Float[np.ndarray, "number column"],
    more: Float[np.ndarray, "number other"],
    goal: Float[np.ndarray, " number"],
) -> tuple[Float[np.ndarray, " column"], Float[np.ndarray, " other"]]:
    """Least squares in both sets of columns, the second freed of the first."""
    count = base.shape[1]
    ridge = _RIDGE * np.sqrt(max(len(goal), 1)) * np.eye(count)
    basis, triangle = np.linalg.qr(np.concatenate([base, ridge]))
    basis = basis[: len(goal)]
    others = np.zeros(more.shape[1])
    rest = goal
    if more.shape[1]:
        freed = more - basis @ (basis.T @ more)
        gram = freed.T @ freed + _THIN * len(goal) * np.eye(more.shape[1])
        others = np.linalg.solve(gram, freed.T @ (goal - basis @ (basis.T @ goal)))
        rest = goal - more @ others
    if not count:
        return np.zeros(0), others
    return solve_triangular(triangle, basis.T @ rest), others
