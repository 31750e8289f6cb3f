"""Pictures of what was learned, in one HTML page that works offline."""

from forcelaw.report.drawing import network_picture as network_picture
from forcelaw.report.drawing import picture as picture
from forcelaw.report.drawing import turning_page as turning_page
from forcelaw.report.html_page import RunFiles as RunFiles
from forcelaw.report.html_page import check_report as check_report
from forcelaw.report.html_page import page as page
from forcelaw.report.html_page import read_runs as read_runs
from forcelaw.report.html_page import report as report
from forcelaw.report.plots import write_plots as write_plots
from forcelaw.report.readable_numbers import of_how_many as of_how_many
from forcelaw.report.results import check_results as check_results
from forcelaw.report.runs import keep_report as keep_report
from forcelaw.report.runs import kept_formulas as kept_formulas
from forcelaw.report.runs import read_back as read_back
from forcelaw.report.runs import without_curves as without_curves
from forcelaw.report.signed_part import CLASSES as CLASSES
from forcelaw.report.signed_part import METHODS as METHODS
from forcelaw.report.signed_part import SCORES as SCORES
from forcelaw.report.signed_part import cleanup_words as cleanup_words
from forcelaw.report.signed_part import springs_words as springs_words
