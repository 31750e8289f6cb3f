"""The law of recorded matter: its order, its terms by pair of kinds, chance, and the verdict."""

from forcelaw.particles.matter.discovery import discover_recordings
from forcelaw.particles.matter.force_law import (
    ForceLaw,
    KernelCurve,
    Measured,
    OneBodyForce,
    PairForce,
)
from forcelaw.particles.matter.formulas import MatterSettings
from forcelaw.particles.matter.judgement import Judgement
from forcelaw.particles.matter.order_choice import OrderEvidence
from forcelaw.particles.matter.result import MatterResult
from forcelaw.particles.matter.rollouts.simulation import MatterRollout, simulate_law

__all__ = [
    "ForceLaw",
    "Judgement",
    "KernelCurve",
    "MatterResult",
    "MatterRollout",
    "MatterSettings",
    "Measured",
    "OneBodyForce",
    "OrderEvidence",
    "PairForce",
    "discover_recordings",
    "simulate_law",
]
