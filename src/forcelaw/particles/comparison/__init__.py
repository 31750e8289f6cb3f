"""What was measured beside what a law makes of it, number by number, for a report to draw."""

from forcelaw.particles.comparison.compared_laws import Comparison
from forcelaw.particles.comparison.drawn_numbers import Drawn, bin_means, draw_by
from forcelaw.particles.comparison.measured_forces import MeasuredForces
from forcelaw.particles.comparison.predictions import Predictions

__all__ = [
    "Comparison",
    "Drawn",
    "MeasuredForces",
    "Predictions",
    "bin_means",
    "draw_by",
]
