"""What decides which formula is chosen, and what is said of the choice."""

from __future__ import annotations

from dataclasses import dataclass

from forcelaw.particles.candidates import CANDIDATES, CandidatesSettings
from forcelaw.particles.equations import EQUATIONS, EquationsSettings
from forcelaw.particles.preparation import PREPARATION, PreparationSettings
from forcelaw.particles.refinement import REFINEMENT, RefinementSettings


@dataclass(frozen=True, kw_only=True)
class DistillationSettings:
    """What is sampled from a network, and how much of what is found is looked at."""

    pairs: int = 4000
    """Pairs of bodies whose scalar forces are searched for expressions."""
    tried: int = 12
    """Members of the Pareto front of the search that are refitted."""
    irrelevant: float = 0.02
    """Mean relative change of the force up to which an attribute that is exchanged is left out."""
    same: float = 0.02
    """Relative difference up to which two thresholds are one."""
    thresholds: int = 2
    """Thresholds that the library of terms tries, at most."""


@dataclass(frozen=True, kw_only=True)
class ParetoSettings:
    """When a longer formula is better than a shorter one, by the errors of accelerations."""

    better: float = 0.02
    """Share by which a longer formula must lower the error."""
    exact: float = 1e-7
    """Relative errors below this are as good as zero: rounding of single precision."""
    estimated: float = 1e-3
    """The same, at most, of accelerations that are finite differences between frames."""
    significance: float = 3.0
    """Standard errors by which it must be better: snapshots of one trajectory tell of each other,
    so that those between snapshots are too small."""
    digits: int = 3
    """Formulas that print alike with so many significant digits are the same."""
    close: float = 1.15
    """Errors within this factor of the smallest may belong to the true law."""
    likely: int = 4
    """The shortest of these that are looked at more closely..."""
    most: int = 8
    """...and all formulas that are."""


@dataclass(frozen=True, kw_only=True)
class OneBodySettings:
    """Which one-body forces help beside a pair force."""

    as_good: float = 0.04
    """Share by which the sum of squares of a shorter one-body force may be larger."""
    no_loss: float = 4e-3
    """Share by which a factor must lower it to stay."""
    exact: float = 1e-9
    """Mean relative error that is rounding of double precision, times the number of terms."""
    tiny: float = 1e-150
    """Size of a column that is none: its square would vanish."""


@dataclass(frozen=True, kw_only=True)
class PlausibilitySettings:
    """Which formulas only look like an answer."""

    steepest: float = 13.0
    """The largest power of a distance: that of the force of a Lennard-Jones core."""
    cancel: float = 1e4
    """Times the sum that its terms may be as large as."""
    distances: int = 400
    """Distances at which a pole is looked for."""
    pairs: int = 20
    """Pairs of attributes at which it is."""


@dataclass(frozen=True, kw_only=True)
class PositionsSettings:
    """The choice between formulas that were fitted to noisy positions."""

    significance: float = 2.0
    """Standard errors by which one formula must be better than another; trajectories, between which
    they are, are independent."""
    slight: float = 1e-3
    """A margin below this share of the residual counts as none at any significance: rounding may
    be fitted, too."""
    round: float = 4.0
    """What a round constant may add to the sum of squares, in units of the noise; each more a
    third of it."""
    near: float = 0.1
    """Share of a constant within which a round number stands, where its standard error is large."""
    reach: float = 3.0
    """Standard errors of a constant within which it stands."""
    coarse: float = 6.0
    """Standard errors between round numbers: closer ones say nothing."""
    lost: float = 2.0
    """Mean square residual, in units of the noise, of trajectories that no formula follows."""
    worse: float = 1.01
    """Factor by which the residuals of fits of the same constants may differ by chance."""
    different: float = 0.05
    """Relative difference from which two laws are not the same."""


@dataclass(frozen=True, kw_only=True)
class StabilitySettings:
    """How often fits and choices are repeated on other data."""

    fits: int = 8
    """Blocks of the training part for refits: a standard error to a quarter."""
    choices: int = 16
    """Blocks of the validation part for choices."""
    resamples: int = 400
    """Choices that are repeated: shares to two per cent."""
    digits: int = 4
    """Significant digits in which formulas are told."""


@dataclass(frozen=True, kw_only=True)
class SelectionSettings:
    """What decides in this room."""

    snapshots: int = 2000
    """Snapshots that constants are fitted to, and as many that choose: tens of thousands of
    equations for a handful of constants."""
    distillation: DistillationSettings = DistillationSettings()
    """Samples of the network, and the shortlist of the search."""
    pareto: ParetoSettings = ParetoSettings()
    """The choice by accelerations."""
    one_body: OneBodySettings = OneBodySettings()
    """What acts on bodies alone."""
    plausibility: PlausibilitySettings = PlausibilitySettings()
    """Formulas that are left out."""
    positions: PositionsSettings = PositionsSettings()
    """The choice by noisy positions."""
    stability: StabilitySettings = StabilitySettings()
    """The choice repeated."""
    candidates: CandidatesSettings = CANDIDATES
    """Of the formulas that stand for choice."""
    equations: EquationsSettings = EQUATIONS
    """Of what they are compared with."""
    preparation: PreparationSettings = PREPARATION
    """Of the scales of the data."""
    refinement: RefinementSettings = REFINEMENT
    """Of their constants."""


SELECTION = SelectionSettings()
"""What decides unless other settings are passed."""
