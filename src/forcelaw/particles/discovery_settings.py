"""What decides in a discovery, from the training to the words about what was found."""

from __future__ import annotations

from dataclasses import dataclass

from forcelaw.particles.diagnosis import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.kinematics import KINEMATICS, KinematicsSettings
from forcelaw.particles.learning import LEARNING, LearningSettings
from forcelaw.particles.prediction import PREDICTION, PredictionSettings
from forcelaw.particles.selection import SELECTION, SelectionSettings


@dataclass(frozen=True, kw_only=True)
class AnswerSettings:
    """Whether the formula or the force curve is the answer."""

    clearly: float = 0.5
    """Share of what an approximation leaves unexplained that a clearly better curve may leave."""
    slight: float = 1e-3
    """Share of the squares by which a curve is not better, however little is left."""
    said: float = 1e-4
    """Share of the squares by which a curve is better, and it is said."""


@dataclass(frozen=True, kw_only=True)
class CaveatSettings:
    """Which limits of a finding are worth a sentence."""

    clearly: float = 0.6
    """A network with this share of the formula's error knows something that it does not."""
    decided: float = 0.8
    """Share of resamples in which a formula is chosen that is the only one."""
    loose: float = 0.05
    """Relative standard error from which a constant is not pinned down."""
    few: int = 200
    """Snapshots below which longer formulas may be hidden in them."""
    followed: float = 1.1
    """Residuals, in units of those that noise leaves, up to which they are not spoken of."""
    named: int = 3
    """Formulas that are named, at most, where several are as good."""


@dataclass(frozen=True, kw_only=True)
class CertaintySettings:
    """With how many digits a constant is printed."""

    least: int = 2
    """Significant digits at least."""
    most: int = 8
    """At most: those of single precision, and one more."""
    unknown: int = 4
    """Where no standard error is known."""
    round: int = 3
    """Digits of a number that was rounded to an exact one: it is printed as it is."""


@dataclass(frozen=True, kw_only=True)
class DiscoverySettings:
    """Every threshold, count and tolerance that decides in `discover`, by room.

    Change some of them by `dataclasses.replace`, or give those that differ:
    `DiscoverySettings(diagnosis=DiagnosisSettings(verdict=VerdictSettings(as_noise=1.2)))`. The
    settings of rooms below stand in those of the rooms that use them: a choice may be made with
    other equations than the verdict.
    """

    learning: LearningSettings = LEARNING
    """Of `fit`."""
    selection: SelectionSettings = SELECTION
    """Of `distill_law`, and of how stable its choice is."""
    prediction: PredictionSettings = PREDICTION
    """Of errors outside the training range."""
    diagnosis: DiagnosisSettings = DIAGNOSIS
    """Of the verdict on the formula, its evidence and the force curve."""
    rollouts: int = 32
    """Trajectories of the test part that are rolled out for what they conserve, at most."""
    answer: AnswerSettings = AnswerSettings()
    """What to lead with."""
    caveats: CaveatSettings = CaveatSettings()
    """What is said beside it."""
    certainty: CertaintySettings = CertaintySettings()
    """How constants are printed."""


DISCOVERY = DiscoverySettings()
"""What decides unless other settings are passed."""


@dataclass(frozen=True, kw_only=True)
class RunThresholds:
    """Every threshold that decides in a run, which also reads or simulates its data."""

    kinematics: KinematicsSettings = KINEMATICS
    """Of what the data do not hold, and of whether they contradict themselves."""
    discovery: DiscoverySettings = DISCOVERY
    """Of all that is done with them."""


RUN = RunThresholds()
"""What decides unless other thresholds are passed."""
