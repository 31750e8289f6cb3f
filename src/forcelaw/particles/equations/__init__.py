"""The linear equations that a force must satisfy, pointwise or in weak form."""

from forcelaw.particles.equations.observed_motion import observed, shooting_windows
from forcelaw.particles.equations.regression import Gain, Regression, usual
from forcelaw.particles.equations.snapshots import (
    Design,
    errors,
    formula_acceleration,
    instant_errors,
    pair_value,
    relative_error,
    self_acceleration,
    weighted_error,
)
from forcelaw.particles.equations.spline_columns import (
    across_lines,
    along,
    central_columns,
    gathered,
    on_bodies,
    pair_products,
    spline_knots,
    splines,
    vector_columns,
)
from forcelaw.particles.equations.windows import Windows

__all__ = [
    "Design",
    "Gain",
    "Regression",
    "Windows",
    "across_lines",
    "along",
    "central_columns",
    "errors",
    "formula_acceleration",
    "gathered",
    "instant_errors",
    "observed",
    "on_bodies",
    "pair_products",
    "pair_value",
    "relative_error",
    "self_acceleration",
    "shooting_windows",
    "spline_knots",
    "splines",
    "usual",
    "vector_columns",
    "weighted_error",
]
