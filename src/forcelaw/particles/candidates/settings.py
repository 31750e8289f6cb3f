"""What decides which formulas are considered: how many are tried, and which are proposed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FieldSettings:
    """When something acts from outside, and where its centre may be."""

    least_snapshots: int = 50
    """Snapshots without which the total momentum tells nothing."""
    clear: float = 0.9
    """A field leaves at most this share of the squares of what nothing explains without it."""
    exact: float = 1e-7
    """Relative total force that is rounding, so that there is nothing to explain."""
    snapshots: int = 400
    """Snapshots on which places of a centre are tried: thousands of places are."""
    centres: int = 6
    """Forms of a centre that are fitted, those that start best."""
    as_good: float = 1.04
    """Squares left by a simpler centre, over the smallest that any leaves."""
    rounding: float = 1e-15
    """Share of all squares that is rounding, so that of exact centres the simplest is taken."""
    least_shape: float = 1e-3
    """Of the spread of positions: a length in the form of a centre that is shorter is none."""
    places: tuple[float, ...] = (-12.0, -4.0, -1.0, 1.0, 4.0, 12.0)
    """Coordinates of a centre to start from, in units of the spread of positions."""
    fewer_places: tuple[float, ...] = (-8.0, -1.5, 1.5, 8.0)
    """The same where there are three of them."""


@dataclass(frozen=True, kw_only=True)
class ShapeSettings:
    """Which families of forces are proposed."""

    snapshots: int = 1000
    """Snapshots on which shapes are tried: some hundred of them are, with few columns each."""
    close: float = 6.0
    """Families whose squared error is within this factor of the smallest are proposed: the shape is
    not at its best on a grid."""
    most: int = 6
    """Families that are proposed at most."""
    independent: float = 1e-9
    """Determinant of the Gram matrix of unit columns below which they depend on each other."""


@dataclass(frozen=True, kw_only=True)
class ThresholdSettings:
    """How thresholds of piecewise laws are looked for."""

    snapshots: int = 600
    """Snapshots on which distances are tried."""
    distances: int = 40
    """Quantiles of the distance that are tried as thresholds."""
    clear: float = 0.7
    """A threshold must leave at most this share of the error."""
    around: float = 0.1
    """Share by which a threshold that is known roughly may be moved."""
    points: int = 21
    """Values that are tried on the way, before the grid shrinks."""
    rounds: int = 4
    """Times that it shrinks: to a millionth of the value."""


@dataclass(frozen=True, kw_only=True)
class CandidatesSettings:
    """What decides in this room."""

    powers: tuple[float, float, float] = (-4.0, 3.0, 0.25)
    """First, last and step of the powers of the distance that the power law tries."""
    terms: int = 2
    """Terms of a sum out of the library: of three, chance finds too many."""
    trajectories: int = 100
    """Trajectories that stand for all in the weak form, at least, where something is scanned."""
    fields: FieldSettings = FieldSettings()
    """What acts from outside."""
    shapes: ShapeSettings = ShapeSettings()
    """Forces of physics that have a shape."""
    thresholds: ThresholdSettings = ThresholdSettings()
    """Distances at which a force begins or ends."""


CANDIDATES = CandidatesSettings()
"""What decides unless other settings are passed."""
