"""What speaks for a law of particles: its force, its predictions and its rivals, as figures."""

from forcelaw.report.evidence.compared_figures import (
    comparison_chapter,
    force_figure,
    force_lines,
    scatter_lines,
)
from forcelaw.report.evidence.followed_forms import table_forms
from forcelaw.report.evidence.pareto_front import draw_front, front_lines

__all__ = [
    "comparison_chapter",
    "draw_front",
    "force_figure",
    "force_lines",
    "front_lines",
    "scatter_lines",
    "table_forms",
]
