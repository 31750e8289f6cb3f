"""From sampled positions to velocities and accelerations, as arrays."""

from forcelaw.particles.kinematics.agreement import check_agreement
from forcelaw.particles.kinematics.differentiate import (
    EstimateWarning,
    differences_of,
    differences_over_fewer,
    estimate_missing,
    measured_noise,
)
from forcelaw.particles.kinematics.periodic_boxes import unwrapped
from forcelaw.particles.kinematics.smoothing_splines import missed, smooth

__all__ = [
    "EstimateWarning",
    "check_agreement",
    "differences_of",
    "differences_over_fewer",
    "estimate_missing",
    "measured_noise",
    "missed",
    "smooth",
    "unwrapped",
]
