"""The commands. They parse, print and exit; what they compute lies on lower layers."""

from forcelaw.cli.app import main as main

__all__ = ["main"]
