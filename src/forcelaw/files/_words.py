"""What stands in a file, in the words of an error: short, on one line."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 40
MOST = 8


def quoted(text: str) -> str:
    """The text in quotes, control characters escaped, cut where it is long."""
    text = text.strip()
    return repr(text) if len(text) <= LONGEST else f"{text[:LONGEST]!r}..."


def listed(names: Sequence[str]) -> str:
    """The names in quotes, the first few of many."""
    words = ", ".join(quoted(name) for name in names[:MOST])
    return words if len(names) <= MOST else f"{words} and {len(names) - MOST} more"
