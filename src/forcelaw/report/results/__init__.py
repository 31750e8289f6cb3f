"""What the results of a run hold, and how it is checked."""

from forcelaw.report.results.checks import check_metrics, check_results

__all__ = ["check_metrics", "check_results"]
