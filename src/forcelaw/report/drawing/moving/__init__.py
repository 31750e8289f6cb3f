"""Pictures that move, and the few scripts that move them."""

from forcelaw.report.drawing.moving.network_player import moving_network
from forcelaw.report.drawing.moving.player import motion_player
from forcelaw.report.drawing.moving.scripts import script_policy, script_tags, scripts_for
from forcelaw.report.drawing.moving.turning_network import turning_page

__all__ = [
    "motion_player",
    "moving_network",
    "script_policy",
    "script_tags",
    "scripts_for",
    "turning_page",
]
