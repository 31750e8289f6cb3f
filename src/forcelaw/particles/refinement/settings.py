"""What decides how constants are fitted to motion, and when they are rounded."""

from __future__ import annotations

from dataclasses import dataclass

from forcelaw.particles.candidates import CANDIDATES, CandidatesSettings


@dataclass(frozen=True, kw_only=True)
class RoundingSettings:
    """When a round number takes the place of a constant that was fitted to exact motion."""

    near: float = 0.01
    """Share of a constant within which a round number stands."""
    worse: float = 2e-3
    """Share by which a round number may raise the error."""
    exact: float = 1e-9
    """Relative error that is rounding, and may be reached by any constant."""
    nothing: float = 1e-3
    """Constants below this may be zero, as in `m_i**1e-8`."""
    denominators: tuple[int, ...] = (1, 2)
    """Of round numbers: integers and halves."""
    digits: int = 3
    """Significant digits of decimals that are round, where motion between frames is exact."""
    fitted_digits: int = 0
    """The same of what is fitted to accelerations; none are, unless these are known to be exact."""


@dataclass(frozen=True, kw_only=True)
class FlowSettings:
    """How constants are fitted to the motion from frame to frame, and when that is of use."""

    intervals: int = 300
    """Intervals that are drawn: constants to many digits, in seconds."""
    motions: int = 1500
    """Bodies in all of them, from which fewer intervals are drawn..."""
    least: int = 50
    """...but so many."""
    steps: int = 16
    """Steps of integration from frame to frame, at most."""
    corrections: int = 4
    """Corrections of a velocity that positions tell, at most: an interval in which half as many
    lead elsewhere is not used."""
    same: float = 1e-9
    """Share of what a force does by which half as many steps or corrections may differ and do as
    well: rounding of constants that were fitted."""
    followed: float = 1e-3
    """Share of what a force does that half as many steps may miss, or an interval is not used."""
    used: float = 0.25
    """Share of the intervals that are drawn that must be used."""
    quiet: float = 0.01
    """What may be left, as a share of what forces do; with more of it noise is in the way."""
    clearly: float = 0.1
    """Share of the error that may be left where positions looked noisy: noise would leave most."""
    outlier: float = 3.0
    """Times the usual residual from which one counts less."""
    evaluations: int = 40
    """Evaluations of one fit, at most."""
    counted: float = 0.98
    """Share of the smallest residuals whose mean is the error: encounters are not followed."""


@dataclass(frozen=True, kw_only=True)
class ShootingSettings:
    """How constants are fitted to noisy positions by multiple shooting."""

    rounds: int = 6
    """Gauss-Newton steps, at most."""
    motion_rounds: int = 3
    """Steps of the motion alone."""
    settled: float = 0.05
    """Standard errors by which constants may still move at the end."""
    folds: int = 5
    """Of cross-validation."""
    few: int = 8
    """Trajectories below which every window counts as one."""
    usual: float = 1.5
    """Root mean square residual, in units of the noise, from which a body counts less."""
    bold: float = 0.3
    """Share by which a constant may move at once."""
    ridge: float = 1e-9
    """Of the square of a column: initial states that say nothing get nothing."""
    step: float = 1e-5
    """Relative change by which slopes are differences: the root of rounding is 1e-8, and central
    differences are best near its two thirds."""


@dataclass(frozen=True, kw_only=True)
class RefinementSettings:
    """What decides in this room."""

    rounding: RoundingSettings = RoundingSettings()
    """Of constants that accelerations or exact motion tell."""
    flow: FlowSettings = FlowSettings()
    """Motion from frame to frame."""
    shooting: ShootingSettings = ShootingSettings()
    """Rollouts with free initial states."""
    candidates: CandidatesSettings = CANDIDATES
    """Of thresholds, which have no slope and are scanned."""


REFINEMENT = RefinementSettings()
"""What decides unless other settings are passed."""
