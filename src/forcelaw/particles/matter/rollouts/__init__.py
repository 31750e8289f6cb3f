"""Motion under the law of recorded matter, and the law on disk."""

from forcelaw.particles.matter.rollouts.kept_frames import check_steps, keep_frames
from forcelaw.particles.matter.rollouts.law_documents import LAW_FILE, read_law, write_law
from forcelaw.particles.matter.rollouts.simulation import (
    MatterRollout,
    conserved_along,
    simulate_law,
)
from forcelaw.particles.matter.rollouts.starts import Start, first_snapshot
from forcelaw.particles.matter.rollouts.steppers import fourth_order

__all__ = [
    "LAW_FILE",
    "MatterRollout",
    "Start",
    "check_steps",
    "conserved_along",
    "first_snapshot",
    "fourth_order",
    "keep_frames",
    "read_law",
    "simulate_law",
    "write_law",
]
