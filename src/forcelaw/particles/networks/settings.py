"""What decides how a network is trained on recordings."""

from __future__ import annotations

from dataclasses import dataclass

from forcelaw.particles.learning import LEARNING, LearningSettings


@dataclass(frozen=True, kw_only=True)
class NetworkSettings:
    """What decides in this room, beside the arguments of `fit`."""

    window: int = 12
    """Snapshots of a stretch of one body's motion: changes are means over five of them, so eight
    are explained. Longer ones share more evaluations, and make batches of fewer bodies."""
    stored_pairs: int = 4_000_000
    """Ordered pairs that are kept on the device, 20 bytes each in single precision; of more data so
    many are drawn."""
    together: int = 64
    """Bodies of which one stretch each is taken at a time, at most, where stretches are drawn."""
    pairs: int = 8_000
    """Ordered pairs in a batch: as many as a core works through in some hundredths of a second."""
    folds: int = 5
    """Parts of the time: one for validation, one for the test, the others for training."""
    turns: int = 4
    """Stretches of time in each part: bodies that spread out leave no distance to one alone."""
    components: int = 4
    """Of the vector of a kind, at most; no more than there are kinds."""
    floor: float = 0.3
    """Of the typical change: errors count by their square below it, by their size above, so that
    close encounters do not rule, and chance does not bend what is learned."""
    powers: tuple[float, ...] = (1.0, 0.0, -1.0, -2.0, -3.0, -4.0, -6.0)
    """Of the distance, that a network may start from."""
    glanced_at: int = 300
    """Stretches that tell which of them is likely."""
    nearest: float = 1e-3
    """Of the typical distance: nearer bodies count as if they were so far, in that glance."""
    learning: LearningSettings = LEARNING
    """Of updates in an epoch, the penalty of messages and the validation part."""


NETWORKS = NetworkSettings()
"""What decides unless other settings are passed."""
