"""Which formula wins, and how stable the choice is."""

from forcelaw.particles.selection.choice import settle_law
from forcelaw.particles.selection.distillation import distill_law, search_law
from forcelaw.particles.selection.distilled import Distilled
from forcelaw.particles.selection.judging import Judging
from forcelaw.particles.selection.settings import SELECTION, SelectionSettings
from forcelaw.particles.selection.stability import (
    ConstantEstimate,
    ResampledChoice,
    Stability,
    assess_stability,
)
from forcelaw.particles.selection.unit_conversion import distilled_in_units, to_data_units

__all__ = [
    "SELECTION",
    "ConstantEstimate",
    "Distilled",
    "Judging",
    "ResampledChoice",
    "SelectionSettings",
    "Stability",
    "assess_stability",
    "distill_law",
    "distilled_in_units",
    "search_law",
    "settle_law",
    "to_data_units",
]
