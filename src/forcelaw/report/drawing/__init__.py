"""Plots and networks as SVG and HTML."""

from forcelaw.report.drawing.figure_file import network_picture, picture
from forcelaw.report.drawing.force_image import draw_force
from forcelaw.report.drawing.layout_file import ENDINGS, dimensions, write_layout
from forcelaw.report.drawing.moving import (
    motion_player,
    moving_network,
    script_policy,
    script_tags,
    scripts_for,
    turning_page,
)
from forcelaw.report.drawing.plots import Lines, lines, network
from forcelaw.report.drawing.sparkline import draw_sparkline, show_force

__all__ = [
    "ENDINGS",
    "Lines",
    "dimensions",
    "draw_force",
    "draw_sparkline",
    "lines",
    "motion_player",
    "moving_network",
    "network",
    "network_picture",
    "picture",
    "script_policy",
    "script_tags",
    "scripts_for",
    "show_force",
    "turning_page",
    "write_layout",
]
