"""Numbers that decide how a decoder is fitted and calibrated."""

from __future__ import annotations

from forcelaw.storage.settings import Count, Positive, Settings


class DecoderSettings(Settings):
    """Of `fit_ensemble` and `calibrate`, which pass them down."""

    members: Count = 5
    """Members of an ensemble, at most: each is fitted without its share of the folds."""
    ridges: tuple[float, ...] = (3000.0, 300.0, 30.0, 3.0)
    """Ridges to choose from, the strongest first; on standardised columns, in pairs."""
    logistic_iterations: Count = 200
    """Newton steps of a logistic regression, at most; it settles in some ten."""
    tree_shares: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75)
    """Shares of the trees in the log-odds to choose from."""
    fewest_for_trees: Count = 1000
    """Examples below which there are no trees: they learn less from few than a linear model."""
    trees: Count = 100
    """Boosting iterations of each member."""
    learning_rate: Positive = 0.08
    """Share of each tree that is added: with `trees` of them about eight whole ones."""
    tree_ridge: Positive = 5.0
    """Ridge on the values of leaves."""
    fewest_in_leaf: Count = 30
    """Examples in a leaf, at least: some three of the rarer sign where it is a tenth of all."""
    tree_cells: Count = 1_000_000
    """Questions of all trees to all rows that are attributed together: some 30 MB."""
    calibration_ridge: Positive = 4.0
    """Weight of no calibration at all beside the pairs, in pairs."""
    calibration_iterations: Count = 50
    """Newton steps, at most; the step length ends them before."""
    calibration_tolerance: Positive = 1e-10
    """Step of slope and shift below which the calibration has settled."""
    furthest_log_odds: Positive = 20.0
    """Log-odds are cut here before they are calibrated: probabilities are exact beyond."""


DECODER_SETTINGS = DecoderSettings()
"""Those of every decoder."""
