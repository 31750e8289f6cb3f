"""What stands in a file, in the words of an error: short, on one line."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 40
MOST = 8


def quoted(text: str) -> str:
    """The text in quotes, control characters escaped, cut where it is long."""
    text = text.strip()
    return repr(text) if len(text) <= LONGEST else f"{text[:LONGEST]!r}..."


def many(number: int, noun: str) -> str:
    """The number and the noun in the form that it asks for: `1 body`, `2,000 bodies`."""
    if number == 1:
        return f"1 {noun}"
    ends_in_y = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    return f"{number:,} {noun[:-1]}ies" if ends_in_y else f"{number:,} {noun}s"


def listed(names: Sequence[str]) -> str:
    """The names in quotes, the first few of many."""
    words = ", ".join(quoted(name) for name in names[:MOST])
    return words if len(names) <= MOST else f"{words} and {len(names) - MOST} more"
