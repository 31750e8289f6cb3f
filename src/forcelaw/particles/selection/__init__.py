"""Which formula wins, and how stable the choice is."""

from forcelaw.particles.selection.distillation import distill_law
from forcelaw.particles.selection.distilled import Distilled
from forcelaw.particles.selection.own_units import distilled_in, in_own_units
from forcelaw.particles.selection.stability import (
    ConstantEstimate,
    ResampledChoice,
    Stability,
    assess_stability,
)

__all__ = [
    "ConstantEstimate",
    "Distilled",
    "ResampledChoice",
    "Stability",
    "assess_stability",
    "distill_law",
    "distilled_in",
    "in_own_units",
]
