"""Motion under the law of recorded matter, and the law on disk."""

from forcelaw.particles.matter.rollouts.law_documents import LAW_FILE, read_law, write_law
from forcelaw.particles.matter.rollouts.simulation import (
    MatterRollout,
    conserved_along,
    simulate_law,
)
from forcelaw.particles.matter.rollouts.starts import Start, first_snapshot

__all__ = [
    "LAW_FILE",
    "MatterRollout",
    "Start",
    "conserved_along",
    "first_snapshot",
    "read_law",
    "simulate_law",
    "write_law",
]
