"""What a formula leaves unexplained, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Law
from forcelaw.particles.data import Trajectories
from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.diagnosis.suspects import Cause
from forcelaw.particles.equations import Design, Gain, acceleration_errors, observe


@dataclass(frozen=True, eq=False)
class Tried:
    """What one cause would explain beyond a force of any form along the line."""

    cause: Cause
    words: str
    gain: Gain


class Family(NamedTuple):
    """A cause and the accelerations by which it would show, on one design."""

    cause: Cause
    words: str
    columns: Sequence[Float[np.ndarray, "row body dim"]]
    also: tuple[Cause, ...] = ()
    choices: int = 0
    """Decisions that the columns were made by, such as which body is of which kind."""

    @property
    def size(self) -> int:
        """Numbers and decisions by which it is fitted."""
        return len(self.columns) + self.choices


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
        return cls(
            mean_square(weight * design.acceleration),
            mean_square(weight * acceleration_errors(law, design)),
        )

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
    usual: float
    """The same of residuals that are no larger than a few times the usual ones."""
    kernel: float
    """Mean square left by the best spline in the distance in place of the pair force."""
    form: Gain
    """Of that spline over the formula."""
    excess: float
    """Standard deviations by which that spline fits better than chance lets it."""
    tried: tuple[Tried, ...]


def draw_samples(
    data: Trajectories, *, seed: int = 0, settings: DiagnosisSettings = DIAGNOSIS
) -> Design:
    """As many samples as are regressed quickly, whatever the number of bodies."""
    count = min(
        settings.samples.components // (data.observed * data.dim),
        settings.samples.edges // max(data.n_pairs, 1),
    )
    return observe(data, max(count, settings.samples.least), seed=seed, settings=settings.equations)


def mean_square(left: np.ndarray) -> float:
    """0 of nothing."""
    return float(np.mean(left**2)) if left.size else 0.0
