"""Numbers that decide how much is fitted, beside those of a `Preset`."""

from __future__ import annotations

from forcelaw.signed.decoder import DECODER_SETTINGS, DecoderSettings
from forcelaw.signed.forces import FORCE_SETTINGS, ForceSettings
from forcelaw.storage.settings import Count, Positive, Settings


class FitSettings(Settings):
    """Every threshold, count and tolerance that decides in a fit, by room, beside a `Preset`.

    Change some of them: `FitSettings(decoder=DecoderSettings(members=3))`. They are saved with what
    was learned, and hold for its predictions.
    """

    forces: ForceSettings = FORCE_SETTINGS
    """Of features, folds, starts and the training of forces."""
    decoder: DecoderSettings = DECODER_SETTINGS
    """Of the decoder and its calibration."""
    edges_of_choices: Count = 16_000
    """Edges of all choices of folds together, roughly: of larger networks there is one choice."""
    starts: Count = 4
    """Starts whose geometry is averaged, at most, where folds are chosen several times."""
    edges_of_views: Count = 1_500_000
    """Edges of all views together: with more, views take gigabytes."""
    fewest_folds: Count = 3
    """Folds that are hidden in turn of the largest networks, which have examples enough in so
    many."""
    calibration_folds: Count = 4
    """Folds hidden in turn where a decoder is calibrated on another network."""
    fewest_for_threshold: Count = 20
    """Signs of either kind below which a moved decoder keeps its threshold."""
    pairs_at_a_time: Count = 1 << 17
    """Pairs that are predicted together: some 100 MB of features."""
    force_samples: Count = 121
    """Distances at which a force is read off: three to each step of its table."""
    unexplained: Positive = 1e-4
    """Share of a force's variance below which a longer formula is no better."""
    constant_force: Positive = 1e-3
    """A force that varies by no more than this share of itself is a number."""


FIT_SETTINGS = FitSettings()
"""Those of every fit."""
