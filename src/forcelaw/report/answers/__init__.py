"""Answers about the pairs and nodes of a signed network, as text."""

from forcelaw.report.answers.explained_text import show_explained

__all__ = ["show_explained"]
