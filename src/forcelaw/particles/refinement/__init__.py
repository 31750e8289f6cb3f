"""Constants of a given formula."""

from forcelaw.particles.refinement.constants import fit_constants, round_constants
from forcelaw.particles.refinement.flow_between_frames import fit_between_frames
from forcelaw.particles.refinement.multiple_shooting import Shot, shoot
from forcelaw.particles.refinement.settings import REFINEMENT, RefinementSettings

__all__ = [
    "REFINEMENT",
    "RefinementSettings",
    "Shot",
    "fit_between_frames",
    "fit_constants",
    "round_constants",
    "shoot",
]
