"""What decides how a law is trained, and what is read off it."""

from __future__ import annotations

from dataclasses import dataclass

from forcelaw.particles.candidates import CANDIDATES, CandidatesSettings
from forcelaw.particles.preparation import PREPARATION, PreparationSettings


@dataclass(frozen=True, kw_only=True)
class LearningSettings:
    """What decides in this room, beside the arguments of `fit`."""

    least_snapshots: int = 20
    """Snapshots without which nothing is learned."""
    updates: int = 100
    """Updates in an epoch: what is reported, and validated, at a time."""
    validation: int = 2048
    """Examples of the validation part that choose the best law, at most."""
    pairs: int = 25_000
    """Ordered pairs in a batch, at most, of which each holds some kilobytes while a network learns:
    batches of many bodies are smaller, and no slower."""
    sampled_pairs: int = 10_000
    """The same of a snapshot where receivers are sampled: a network says where to look, and other
    fits read all of them."""
    validated_pairs: int = 500_000
    """The same of the validation part, which is looked at at once, and without slopes."""
    floor: float = 0.3
    """Of the typical size: what is added to sizes where errors are relative."""
    penalty: float = 0.1
    """Weight of the size of messages beside the error: as many components as dimensions are left,
    and the bias is small."""
    baseline: int = 1500
    """Snapshots that tell the power that a scalar starts at."""
    explains: float = 0.95
    """A power law explains something if it leaves this share of the error without any force."""
    snapshots: int = 2000
    """Snapshots at which messages are compared with the forces of a formula that is inserted."""
    tails: float = 0.01
    """Share of the largest, and as many of the smallest vectors, that a trimmed R² leaves out: one
    close encounter can rule the plain one."""
    preparation: PreparationSettings = PREPARATION
    """Of the noise that is smoothed before."""
    candidates: CandidatesSettings = CANDIDATES
    """Of the powers that a scalar may start at."""


LEARNING = LearningSettings()
"""What decides unless other settings are passed."""
