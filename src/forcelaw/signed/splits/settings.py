"""Numbers that decide which signs are hidden together."""

from __future__ import annotations

from forcelaw.signed.settings import Share
from forcelaw.storage.settings import Count, Settings


class FoldSettings(Settings):
    """Of `make_folds`, where it hides blocks of time."""

    blocks: Count = 6
    """Blocks of time, at most: the earliest ones have little past to learn from."""
    kept: Share = 0.8
    """Of the edges before a point in time, the share that comes before the next earlier block: as
    in a split that holds back the last fifth."""


FOLD_SETTINGS = FoldSettings()
"""Those of every fit."""
