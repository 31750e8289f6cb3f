"""Numbers that decide how features are computed.

A decoder reads the features that it was fitted on: whoever changes a default fits anew.
"""

from __future__ import annotations

from forcelaw.storage.settings import Count, Positive, Settings


class FeatureSettings(Settings):
    """Of `Featurizer.fit`, which passes them down."""

    prior_friends: Positive = 0.9
    """Friends of the one earlier edge that smooths log-odds: the share usual in signed networks."""
    prior_enemies: Positive = 0.1
    """Enemies of that edge."""
    rarest_share: Positive = 0.01
    """Share of the rarer sign, at least, in the log-odds of all edges: these are finite."""
    digits: Count = 9
    """Decimals of features, so that equal nodes are not told apart by the last bits of a sum."""
    effect_ridge: Positive = 1.0
    """Ridge of the node effects: standard normal effects beforehand, in log-odds."""
    effect_iterations: Count = 40
    """Newton steps of the node effects, which then change by less than 1e-5 (bitcoin-alpha)."""
    effect_step: Positive = 0.6
    """Share of a diagonal Newton step that is taken: whole ones overshoot, as both ends move."""
    rating_ridge: Positive = 2.0
    """Ridge of the rating effects, in ratings of the mean that each node has besides its own."""
    rating_iterations: Count = 15
    """Rounds of rating effects, fairness and goodness: they then change by less than 1e-3."""
    fairness_smoothing: Positive = 0.1
    """Mean distance of the one rating that smooths a node's fairness from what was deserved."""
    ranks: tuple[int, ...] = (1, 2, 4, 8)
    """Numbers of eigenvectors, those of the largest eigenvalues by size first."""
    nodes_per_eigenvector: Count = 8
    """Nodes for each eigenvector, at least: as many of a small network would restore its noise."""
    extra_vectors: Count = 4
    """Vectors beside the eigenvectors in the iteration, so that the last of them settle sooner."""
    eigenvector_iterations: Count = 15
    """Simultaneous iterations, each of two products with the matrix."""
    recent_shares: tuple[float, ...] = (0.02, 0.1)
    """Shares of the edges within which the weight of a past rating falls by a factor e."""
    never_age: Positive = 1.5
    """The age of what has not happened; the oldest edge has age 1."""
    latest: Count = 3
    """Ratings whose mean is that of the latest."""
    time_bins: Count = 96
    """Equal bins that the whole time is cut into: some weeks each of a network of years."""
    window_widths: tuple[float, ...] = (1.0, 6.0)
    """Standard deviations of activity windows, in time bins: weeks, and half a year."""
    background_activity: Positive = 1e-4
    """Activity in every bin, in ratings: nodes that were never active together have windows too."""
    pairs_per_block: Count = 16_384
    """Pairs whose activity windows are worked out together: 100 MB with the default bins."""
    fewest_walks: tuple[float, float] = (1e-3, 1e-4)
    """Added to the numbers of walks of two and of three edges: no ratio divides by zero."""
    walk_table: Count = 500_000
    """Numbers in the table that walks are looked up in, or one row, and in the steps that are
    summed together: 4 MB each, which stay in the cache."""
    triad_lookups: Count = 1_000_000
    """Neighbours that are looked for together, some 40 bytes each."""
    triad_pairs: Count = 32_768
    """Pairs whose triads are counted together."""


FEATURE_SETTINGS = FeatureSettings()
"""What the decoders of this version read."""
