"""The linear equations that a force must satisfy, pointwise or in weak form."""

from forcelaw.particles.equations.observed_motion import observe, shooting_windows
from forcelaw.particles.equations.predictions import (
    acceleration_errors,
    formula_acceleration,
    one_body_acceleration,
    pair_value,
    relative_error,
    snapshot_errors,
    weighted_error,
)
from forcelaw.particles.equations.regression import Gain, Regression, find_inliers
from forcelaw.particles.equations.settings import EQUATIONS, EquationsSettings
from forcelaw.particles.equations.snapshots import SAMPLED_SNAPSHOTS, Design
from forcelaw.particles.equations.spline_columns import (
    central_columns,
    evaluate_splines,
    gather_forces,
    observe_forces,
    pair_products,
    spline_accelerations,
    spline_knots,
    transverse_directions,
    vector_columns,
    vectors_along,
)
from forcelaw.particles.equations.windows import Windows

__all__ = [
    "EQUATIONS",
    "SAMPLED_SNAPSHOTS",
    "Design",
    "EquationsSettings",
    "Gain",
    "Regression",
    "Windows",
    "acceleration_errors",
    "central_columns",
    "evaluate_splines",
    "find_inliers",
    "formula_acceleration",
    "gather_forces",
    "observe",
    "observe_forces",
    "one_body_acceleration",
    "pair_products",
    "pair_value",
    "relative_error",
    "shooting_windows",
    "snapshot_errors",
    "spline_accelerations",
    "spline_knots",
    "transverse_directions",
    "vector_columns",
    "vectors_along",
    "weighted_error",
]
