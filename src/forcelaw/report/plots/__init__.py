"""The figures of a report as files for papers."""

from forcelaw.report.plots.paper_figure import FORMATS
from forcelaw.report.plots.run_plots import write_plots

__all__ = ["FORMATS", "write_plots"]
