"""Motion that a law predicts, in distribution and beyond it."""

from forcelaw.particles.prediction.extrapolation import far_worlds, true_law
from forcelaw.particles.prediction.found_formula import FoundFormula
from forcelaw.particles.prediction.rollouts import Rollout, roll_out

__all__ = ["FoundFormula", "Rollout", "far_worlds", "roll_out", "true_law"]
