"""Floor 7: pictures of what was learned, in one HTML page that works offline."""

from forcelaw.report._curves import embedding_curve as embedding_curve
from forcelaw.report._curves import reliability_curve as reliability_curve
from forcelaw.report._numbers import of_how_many as of_how_many
from forcelaw.report._page import RunFiles as RunFiles
from forcelaw.report._page import check_report as check_report
from forcelaw.report._page import page as page
from forcelaw.report._page import read_runs as read_runs
from forcelaw.report._page import report as report
from forcelaw.report._picture import network_picture as network_picture
from forcelaw.report._picture import picture as picture
from forcelaw.report._schema import check_results as check_results
from forcelaw.report._signed import CLASSES as CLASSES
from forcelaw.report._signed import METHODS as METHODS
from forcelaw.report._signed import SCORES as SCORES
from forcelaw.report._signed import cleanup_words as cleanup_words
from forcelaw.report._signed import springs_words as springs_words
from forcelaw.report._turn import turning_page as turning_page
