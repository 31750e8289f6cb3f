"""Floor 8: the commands. They parse, print and exit; what they compute lies on lower floors."""

from forcelaw.cli.app import main as main

__all__ = ["main"]
