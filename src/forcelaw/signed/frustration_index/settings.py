"""Numbers that decide how the frustration is searched for and bounded."""

from __future__ import annotations

from forcelaw.storage.settings import Count, Positive, Settings


class FrustrationSettings(Settings):
    """Of `frustration`."""

    replicas: Count = 32
    """Assignments that are cooled at once, at most."""
    fewest_replicas: Count = 4
    """The same, at least, whatever the size of the network."""
    sweeps: Count = 300
    """Visits to every node while an assignment cools."""
    work: Positive = 2e9
    """Products of a weight and a side that may be spent on all replicas: a few seconds."""
    short_work: Positive = 1e8
    """The same for each network with shuffled signs, and for what is compared with them."""
    short_sweeps: Count = 60
    """Visits to every node in these."""
    widest: Count = 3000
    """Nodes two steps from an end that short cycles are looked for through, at most: near hubs they
    would be most of the network."""
    cycles_a_round: Count = 4000
    """Cycles that join the linear program at once: more make it slow, fewer make many rounds."""
    shorter: Positive = 1e-4
    """A cycle joins if it is so much shorter than 1."""
    slack: Positive = 0.2
    """A cycle leaves the linear program if it is so much longer than 1."""
    rounding: Positive = 1e-6
    """Bounds are raised to the next whole number unless they exceed one by no more than this."""
    proof_nodes: Count = 3000
    """Branch and bound is tried on no larger networks, after reduction: it would not end."""


FRUSTRATION_SETTINGS = FrustrationSettings()
"""Those of every network."""
