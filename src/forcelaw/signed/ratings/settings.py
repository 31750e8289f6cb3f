"""Numbers that decide how ratings are predicted."""

from __future__ import annotations

from forcelaw.signed.features import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.splits import FOLD_SETTINGS, FoldSettings
from forcelaw.storage.settings import Count, Positive, Settings


class RatingSettings(Settings):
    """Of `RatingModel` and of what it is compared with."""

    features: FeatureSettings = FEATURE_SETTINGS
    """Of the pairs."""
    blocks: FoldSettings = FOLD_SETTINGS
    """Of time, which are hidden in turn for a forecast."""
    folds: Count = 10
    """Of training edges, hidden in turn: what is learned from lacks a tenth of the edges."""
    most_examples: Count = 100_000
    """Hidden edges, about, that the forest learns from: it grows in a minute or two on these."""
    fewest_examples: Count = 20
    """Hidden edges below which there is nothing to learn from."""
    trees: Count = 100
    """Of the forest; an edge is left out of some 37 of them."""
    fewest_in_leaf: Count = 5
    """Edges in a leaf, at least: usual for regression (Breiman 2001)."""
    column_share: Positive = 0.3
    """Of the columns that a tree looks at for each question: about a third, as usual."""
    cells: Count = 64
    """Different ratings, at most, that distributions are of: finer scales are cut into as many."""
    rivals_rounds: Count = 15
    """Alternating least squares of the matrix factorisation, which then changes no digit shown."""
    ranks: tuple[int, ...] = (0, 2, 4, 8)
    """Ranks of the factorisation to choose from, on hidden training edges."""
    ridges: tuple[float, ...] = (2.0, 5.0, 10.0)
    """Ridges of the factorisation to choose from, in ratings."""


RATING_SETTINGS = RatingSettings()
"""Those of every prediction of ratings."""
