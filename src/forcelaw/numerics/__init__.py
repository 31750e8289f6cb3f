"""Least squares, standard errors, selection, round numbers, axes of curves, each once for all."""

from forcelaw.numerics.curve_room import room_of_curve
from forcelaw.numerics.linear_least_squares import (
    least_squares,
    orthonormal_basis,
    solve_normal_equations,
    solve_with_ridge,
)
from forcelaw.numerics.round_numbers import nearby_round_numbers, nearest_fraction
from forcelaw.numerics.selection_rule import as_good_as_the_best
from forcelaw.numerics.standard_errors import standard_error

__all__ = [
    "as_good_as_the_best",
    "least_squares",
    "nearby_round_numbers",
    "nearest_fraction",
    "orthonormal_basis",
    "room_of_curve",
    "solve_normal_equations",
    "solve_with_ridge",
    "standard_error",
]
