"""Numbers that decide how balance is measured."""

from __future__ import annotations

from forcelaw.storage.settings import Count, Positive, Settings


class BalanceSettings(Settings):
    """Of `balance`."""

    wedges: Count = 5_000_000
    """Pairs of edges at one node that are looked at together: some hundred MB."""
    dense: Count = 1500
    """Up to so many nodes all eigenvalues are computed."""
    eigenvalues: Count = 12
    """Of larger networks, the largest of both matrices."""
    tolerance: Positive = 1e-8
    """Of these, relative."""
    negligible: Positive = 1e-6
    """Other eigenvalues are not estimated where they add no larger share than this."""
    probes: Count = 10
    """Random vectors for what other eigenvalues add."""
    steps: Count = 40
    """Of the Lanczos iteration from each of them."""
    shuffles: Count = 50
    """Networks with shuffled signs that every number is compared with."""
    fewest_shuffles: Count = 10
    """The same, at least, whatever time they take."""
    shuffle_seconds: Positive = 60.0
    """Time for shuffled networks of each kind."""
    newton_steps: Count = 50
    """Of the fit of each node's inclination to negative edges, at most."""
    shrinkage: Positive = 1e-3
    """Pull of these inclinations to zero: they are infinite where all edges of a node are alike."""
    fitted: Positive = 0.01
    """The fit ends where no node's expected negative edges are off by more."""


BALANCE_SETTINGS = BalanceSettings()
"""Those of every network."""
