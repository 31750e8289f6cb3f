"""Constants of a given formula."""

from forcelaw.particles.refinement.constants import fitted_constants
from forcelaw.particles.refinement.flow_between_frames import through_motion
from forcelaw.particles.refinement.multiple_shooting import Shot, shoot
from forcelaw.particles.refinement.rounding import rounded

__all__ = ["Shot", "fitted_constants", "rounded", "shoot", "through_motion"]
