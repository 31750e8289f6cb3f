"""Answers about the pairs and nodes of a signed network, as text."""

from forcelaw.report.answers.explained_text import show_explained
from forcelaw.report.answers.suspects_text import show_suspects

__all__ = ["show_explained", "show_suspects"]
