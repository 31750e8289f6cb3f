"""From sampled positions to velocities and accelerations, as arrays."""

from forcelaw.particles.kinematics.agreement import check_agreement
from forcelaw.particles.kinematics.differentiate import (
    EstimateWarning,
    differences_over_fewer,
    divided_differences,
    estimate_missing,
    measure_noise,
)
from forcelaw.particles.kinematics.periodic_boxes import unwrap
from forcelaw.particles.kinematics.settings import KINEMATICS, KinematicsSettings
from forcelaw.particles.kinematics.smoothing_splines import find_missed, smooth

__all__ = [
    "KINEMATICS",
    "EstimateWarning",
    "KinematicsSettings",
    "check_agreement",
    "differences_over_fewer",
    "divided_differences",
    "estimate_missing",
    "find_missed",
    "measure_noise",
    "smooth",
    "unwrap",
]
