"""Which formula wins, and how stable the choice is."""

from forcelaw.particles.selection.distillation import distill_law
from forcelaw.particles.selection.distilled import Distilled
from forcelaw.particles.selection.own_units import curves_in, distilled_in, in_own_units
from forcelaw.particles.selection.stability import spread

__all__ = ["Distilled", "curves_in", "distill_law", "distilled_in", "in_own_units", "spread"]
