"""What the results of a run hold, and how it is checked."""

from forcelaw.report.results.checks import check_metrics, check_results, parse_results
from forcelaw.report.results.hidden_results import HiddenResults
from forcelaw.report.results.particles_results import Law, ParticlesResults
from forcelaw.report.results.schema_parts import Curve, Metric, Results
from forcelaw.report.results.signed_results import (
    Methods,
    Reliability,
    SignedResults,
    SpringsFound,
    read_springs,
)

__all__ = [
    "Curve",
    "HiddenResults",
    "Law",
    "Methods",
    "Metric",
    "ParticlesResults",
    "Reliability",
    "Results",
    "SignedResults",
    "SpringsFound",
    "check_metrics",
    "check_results",
    "parse_results",
    "read_springs",
]
