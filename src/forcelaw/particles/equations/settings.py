"""What decides which equations a force has to satisfy, and how they are regressed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WindowSettings:
    """How measured motion is cut into stretches, and which of its equations are used."""

    spread: int = 8
    """Frames of a window, in units of the frames over which a smoothing spline spreads noise."""
    short: int = 25
    """Frames of a window where more than positions was measured: accelerations tell enough."""
    some: int = 8
    """Windows of a trajectory, at most, where more than positions was measured."""
    least: int = 10
    """Frames of a window, at least: initial states take two of them."""
    snapshots: int = 12_000
    """Nodes of all windows of the weak form together: seconds of work."""
    frames: int = 30_000
    """The same in multiple shooting, where every frame is a node."""
    slopes: int = 20_000_000
    """Slopes of positions with respect to initial states that are kept at a time: 160 MB."""
    every_array: int = 6
    """Times as few frames in multiple shooting where velocities and accelerations were measured:
    three times as much to compare, and more told by each frame."""
    nodes: int = 16
    """Nodes of a window at least, where frames are enough."""
    functions: int = 40
    """Test functions of a window, at most."""
    near: float = 40.0
    """Standard deviations of measured positions within which distances are not known well; half of
    it where motion need not be known well before."""
    steps: float = 6.0
    """Frames within which bodies that are not too near do not meet."""
    used: float = 0.6
    """Share of bodies and windows that is used at least, however near bodies come."""
    model: float = 0.01
    """Relative error of the equations that comes from positions not being known exactly."""
    exact: float = 1e-9
    """Noise, as a share of the size, that is none: no number may be divided by zero."""
    loud: float = 2.0
    """Median square of a test function's values, over that of noise alone, from which forces
    contribute to it."""


@dataclass(frozen=True, kw_only=True)
class RegressionSettings:
    """How accelerations are regressed on columns, and what they gain is judged."""

    blocks: int = 40
    """Blocks of samples that depend on each other: so many tell standard errors to a tenth."""
    ridge: float = 1e-7
    """Of the size of a column: columns that depend on others get nothing."""
    thin: float = 1e-9
    """The same squared, of what other columns leave of a column."""
    usual: float = 5.0
    """Times the usual residual from which an equation counts less (Huber 1964): snapshots that are
    too quick for the frames would be all that is fitted."""
    quantile: float = 0.75
    """Of residuals' sizes, which is the usual one: half of them may be next to nothing."""


@dataclass(frozen=True, kw_only=True)
class EquationsSettings:
    """What decides in this room."""

    windows: WindowSettings = WindowSettings()
    """The weak form, and multiple shooting."""
    regression: RegressionSettings = RegressionSettings()
    """Least squares on two folds."""


EQUATIONS = EquationsSettings()
"""What decides unless other settings are passed."""
