"""Formulas of a law's terms: all numbers at once, then exactly, and what they leave to others."""

from forcelaw.particles.matter.formulas.between_snapshots import follow_between
from forcelaw.particles.matter.formulas.joint_fit import JointFit
from forcelaw.particles.matter.formulas.law_reading import MATTER, MatterSettings, Reading, read_law
from forcelaw.particles.matter.formulas.reciprocal import tie_reciprocal

__all__ = [
    "MATTER",
    "JointFit",
    "MatterSettings",
    "Reading",
    "follow_between",
    "read_law",
    "tie_reciprocal",
]
