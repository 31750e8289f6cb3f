"""What decides how motion is completed and compared: thresholds, counts and tolerances."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AgreementSettings:
    """When velocities and positions are said to contradict each other."""

    numbers: int = 200_000
    """Numbers of whole trajectories that are compared at most: they tell a unit to a per mille."""
    clear: float = 0.95
    """Correlation from which one array follows the other."""
    poor: float = 0.5
    """Correlation below which the two have little to do with each other."""
    off: float = 0.08
    """Share by which they may differ; 9 % tell yards from metres, less may be coarse frames."""
    least_steps: int = 10
    """Steps from frame to frame from which a correlation is no chance."""
    still: float = 1e-9
    """Share of the motion along other axes that is none: rounding."""


@dataclass(frozen=True, kw_only=True)
class DifferenceSettings:
    """When derivatives are finite differences, and which of them are relied on."""

    noisy: float = 3e-3
    """Share of the acceleration that noise may make up before curves are smoothed."""
    disagreement: float = 0.03
    """Share of an acceleration by which two estimates may differ in a reliable snapshot."""
    span: int = 3
    """Frames that one unreliable snapshot takes with it: in the middle of an odd kick two stencils
    agree by symmetry."""
    least_reliable: float = 0.05
    """Share of reliable snapshots below which nothing is told apart."""


@dataclass(frozen=True, kw_only=True)
class PeriodicBoxSettings:
    """When positions are said to have been wrapped into a periodic box."""

    half: float = 0.5
    """Share of the range of positions from which a step is a jump: the nearer image is nearer."""
    slow: float = 0.3
    """Share of the range that other steps do not reach, so that no jump is mistaken."""
    alike: float = 0.1
    """Share by which the lengths that single jumps tell may differ."""
    outside: float = 0.02
    """Share of the range by which noise may carry positions out of the box."""
    bins: int = 20
    """Parts of the range in which visits are counted."""
    filled: float = 0.5
    """Share of these parts that is visited at least: one stray frame is no box."""
    still: float = 1e-6
    """Share of the largest difference that is rounding."""
    digits: int = 6
    """Significant digits up to which a length is a round number."""


@dataclass(frozen=True, kw_only=True)
class SmoothingSettings:
    """How stiff smoothing splines are, and what they miss."""

    window: int = 1024
    """Frames of a window: factoring takes the cube of them."""
    knots: int = 256
    """Pieces of a spline at most: motion that needs more is not smooth over a window."""
    trace: float = 1e-8
    """Of the size of a column: a multiple of the identity that keeps triangles regular."""
    caution: float = 1.4
    """Weight of a degree of freedom: above 1, cross-validation rarely follows the noise (Kim and
    Gu 2004)."""
    span: int = 5
    """Frames over whose mean error a curve is said to miss them."""
    missed: float = 5.0
    """Standard deviations by which that mean may be off: one in millions is, by chance."""


@dataclass(frozen=True, kw_only=True)
class KinematicsSettings:
    """What decides in this room."""

    stencil: int = 7
    """Frames of a finite difference: errors of fifth order or more, and little noise amplified."""
    crowd: int = 100
    """Bodies above which some may stand for all: what is too quick for the frames is then said of
    bodies, not of whole snapshots."""
    significance: float = 3.0
    """Standard errors from which a factor is not 1, or a length not a round number."""
    agreement: AgreementSettings = AgreementSettings()
    """Of velocities with positions."""
    differences: DifferenceSettings = DifferenceSettings()
    """Finite differences of exact motion."""
    box: PeriodicBoxSettings = PeriodicBoxSettings()
    """Jumps across a periodic box."""
    smoothing: SmoothingSettings = SmoothingSettings()
    """Splines through noisy motion."""


KINEMATICS = KinematicsSettings()
"""What decides unless other settings are passed."""
