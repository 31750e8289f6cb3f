"""What decides how trajectories are made ready to be fitted: noise, masses, attributes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DenoisingSettings:
    """When measured motion is smoothed in time."""

    neighbours: tuple[int, int] = (7, 11)
    """Frames whose differences measure the noise: few, and enough more to pass less of a signal."""
    white: float = 0.15
    """Logarithm of the ratio by which the two may disagree where noise is all that differs."""
    least: float = 3e-4
    """Noise below this share of the size of an array biases nothing."""
    extreme: float = 4096.0
    """Ratio of the noise of two arrays beyond which one of them says all, or nothing."""


@dataclass(frozen=True, kw_only=True)
class MassSettings:
    """How masses are inferred from motion, and which of them it tells."""

    powers: tuple[float, float, float] = (-4.0, 2.0, 0.25)
    """First, last and step of the powers of the distance that a search for the best starts from."""
    worse: float = 0.01
    """Share by which a whole or half power may raise the error."""
    unsure: float = 0.1
    """Relative standard error from which a mass is not told by the motion."""
    blocks: int = 8
    """Spans of time whose masses are compared for standard errors."""
    left: float = 0.1
    """Root mean square share of accelerations that masses nobody gave may leave, to be taken."""
    better: float = 0.1
    """Share of what equal masses leave, likewise: bodies that are alike need none."""
    least: int = 3
    """Bodies that tell masses: of two, either may be the heavier one by another force."""
    most: int = 40
    """Bodies up to which it is asked: each mass is a number to fit."""
    snapshots: int = 300
    """On which it is asked."""


@dataclass(frozen=True, kw_only=True)
class PreparationSettings:
    """What decides in this room."""

    constant: float = 1e-6
    """Standard deviation of an attribute, over its mean size, up to which it is the same for all:
    rounding in a file of six digits."""
    denoising: DenoisingSettings = DenoisingSettings()
    """Noise that is smoothed in time."""
    masses: MassSettings = MassSettings()
    """Masses that are not given."""


PREPARATION = PreparationSettings()
"""What decides unless other settings are passed."""
