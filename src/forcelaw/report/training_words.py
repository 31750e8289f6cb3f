"""A training in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forcelaw.files import many


def trouble(document: Mapping[str, Any]) -> str:
    """What went wrong in the training of a document, in words; nothing if nothing did."""
    found = document.get("training") or {}
    rollbacks, skipped = (found.get(name, 0) for name in ("rollbacks", "skipped"))
    words = f"rolled back {many(rollbacks, 'time')} to smaller steps" if rollbacks else ""
    if skipped:
        words += f"{', ' if words else ''}{many(skipped, 'update')} skipped, not being finite"
    return words
