"""The law of recorded matter: its order, its terms by pair of kinds, chance, and the verdict."""

from forcelaw.particles.matter.discovery import MatterResult, MatterSettings, discover_recordings
from forcelaw.particles.matter.force_law import (
    ForceLaw,
    KernelCurve,
    Measured,
    OneBodyForce,
    PairForce,
)
from forcelaw.particles.matter.judgement import Judgement
from forcelaw.particles.matter.order_choice import OrderEvidence

__all__ = [
    "ForceLaw",
    "Judgement",
    "KernelCurve",
    "MatterResult",
    "MatterSettings",
    "Measured",
    "OneBodyForce",
    "OrderEvidence",
    "PairForce",
    "discover_recordings",
]
