"""What three snapshots in a row tell of velocities or accelerations, exactly as an average.

The mean velocity between two snapshots is the average of the law over that time, and the second
difference of positions its average under a triangle. Values of the law's terms at five snapshots,
weighted so that quartics are averaged exactly, stand for the integral (Simpson's and Numerov's
rules, one order on); at three, for parabolas, where steps are unequal or a body was not seen. So
nothing is differentiated, and errors are of sixth order in the step (weak form; Messenger & Bortz,
J. Comput. Phys. 443, 110525, 2021).
"""

from __future__ import annotations

import abc
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from numpy.lib.stride_tricks import sliding_window_view

from forcelaw.particles.data import Recording
from forcelaw.particles.shaped_terms import HardWall, find_struck

_BOX = (-1 / 180, 34 / 180, 114 / 180, 34 / 180, -1 / 180)
"""Weights of five values that make the mean over the middle two steps of every quartic."""
_TRIANGLE = (-1 / 240, 24 / 240, 194 / 240, 24 / 240, -1 / 240)
"""Likewise the mean under the triangle of second differences."""
_BEND = 86.0
"""180 / 1512 of Simpson's rule and the next, times 4 * 180 of it and a second difference."""
_SAME = 1e-6
"""Share of a step by which others may differ and be equal: times are written with few digits."""


class Between(NamedTuple):
    """Motion between each two snapshots."""

    inner: Float[np.ndarray, "interval step body dim"]
    """Places after equal steps, those of the snapshots left out."""
    known: Bool[np.ndarray, "interval body"]
    """Who is there, and acts."""
    weights: Float[np.ndarray, " step"]
    """From a snapshot to the next, both with them, of the mean around the former: half of it where
    snapshots are equally far apart."""


@dataclass(frozen=True, eq=False)
class Changes:
    """Means over three snapshots of what a law of some order gives, by the middle one."""

    value: Float[np.ndarray, "time body dim"]
    """Zero where neither valid nor bridged; the first and the last snapshot never are."""
    valid: Bool[np.ndarray, "time body"]
    """Where the body was seen three times in a row."""
    bridged: Bool[np.ndarray, "time body"]
    """Where all but the middle was seen, and the change is that of a law all the same."""
    weights: Float[np.ndarray, "time body 5"]
    """Of the law's terms at five snapshots around it."""
    apart: Float[np.ndarray, "time body 5"]
    """These less the weights of the rule that is two orders lower: what they differ by tells the
    error of the mean."""
    between: Between | None = None
    """Where the motion between snapshots was followed: means are along it."""


@dataclass(frozen=True)
class Order(abc.ABC):
    """What a law says of each body: its velocity, its acceleration or its rate of turning."""

    number: ClassVar[int]
    """1 or 2."""
    target: ClassVar[str]
    """What is explained, in words."""

    @abc.abstractmethod
    def changes(self, part: Recording) -> Changes:
        """What a recording tells of it."""


@dataclass(frozen=True)
class FirstOrder(Order):
    """`dx/dt = F(x)`: motion without inertia."""

    number = 1
    target = "velocities"

    def changes(self, part: Recording) -> Changes:
        """See `Order`: from positions, as recorded velocities need not be those of the law."""
        present, bridged = part.present, np.zeros_like(part.present)
        bridged[1:-1] = present[:-2] & ~present[1:-1] & present[2:]
        return _mean_change(part.position, part, bridged)


@dataclass(frozen=True)
class SecondOrder(Order):
    """`m d2x/dt2 = F(x, v)`: Newton's."""

    number = 2
    target = "accelerations"
    walls: tuple[HardWall, ...] = ()
    """Off which bodies bounce: changes around that are not valid."""

    def changes(self, part: Recording) -> Changes:
        """See `Order`: from accelerations, else velocities, else positions."""
        found = self._changes(part)
        if not self.walls:
            return found
        valid = found.valid & ~find_struck(part, self.walls)
        return replace(found, value=np.where(valid[..., None], found.value, 0), valid=valid)

    def _changes(self, part: Recording) -> Changes:
        if part.acceleration is not None:
            valid = part.present.copy()
            valid[[0, -1]] = False
            value = np.where(valid[..., None], part.acceleration, 0)
            weights = np.zeros((*part.present.shape, 5))
            weights[..., 2] = 1
            return Changes(value, valid, np.zeros_like(valid), weights, np.zeros_like(weights))
        if part.velocity is not None:
            return _mean_change(part.velocity, part, np.zeros_like(part.present))
        return _second_difference(part)


@dataclass(frozen=True)
class Turning(Order):
    """`dtheta/dt = G(x, theta)`: how headings turn.

    From snapshot to snapshot each turns by less than half a turn, or is taken to.
    """

    number = 1
    target = "rates of turning"

    def changes(self, part: Recording) -> Changes:
        """See `Order`."""
        assert part.heading is not None
        heading = np.where(part.present, part.heading, 0)
        none = np.zeros_like(part.present)
        return _mean_change(np.unwrap(heading, axis=0)[..., None], part, none)


def _mean_change(
    x: Float[np.ndarray, "time body dim"], part: Recording, bridged: Bool[np.ndarray, "time body"]
) -> Changes:
    """The change from the snapshot before to the one after, over the time between."""
    before, after = _steps(part)
    value, valid = np.zeros_like(x), _three_in_a_row(part.present)
    value[1:-1] = (x[2:] - x[:-2]) / (before + after)[:, None, None]
    first, second = (after - before) / 2, (before**2 - before * after + after**2) / 3
    weights = _weights(part, first, second, _BOX)
    told = (valid | bridged)[..., None]
    return Changes(np.where(told, value, 0), valid, bridged, *weights)


def _second_difference(part: Recording) -> Changes:
    """Twice the divided difference of positions."""
    before, after = _steps(part)
    x, valid = part.position, _three_in_a_row(part.present)
    value = np.zeros_like(x)
    rise = (x[2:] - x[1:-1]) / after[:, None, None]
    value[1:-1] = 2 * (rise - (x[1:-1] - x[:-2]) / before[:, None, None])
    value[1:-1] /= (before + after)[:, None, None]
    first, second = (after - before) / 3, (before**2 - before * after + after**2) / 6
    weights = _weights(part, first, second, _TRIANGLE)
    value = np.where(valid[..., None], value, 0)
    return Changes(value, valid, np.zeros_like(valid), *weights)


def _steps(part: Recording) -> tuple[Float[np.ndarray, " inner"], Float[np.ndarray, " inner"]]:
    step = np.diff(part.time)
    return step[:-1], step[1:]


def _three_in_a_row(present: Bool[np.ndarray, "time body"]) -> Bool[np.ndarray, "time body"]:
    valid = np.zeros_like(present)
    valid[1:-1] = present[:-2] & present[1:-1] & present[2:]
    return valid


def _weights(
    part: Recording,
    first: Float[np.ndarray, " inner"],
    second: Float[np.ndarray, " inner"],
    five: tuple[float, ...],
) -> tuple[Float[np.ndarray, "time body 5"], Float[np.ndarray, "time body 5"]]:
    """Weights that average parabolas exactly, given the means of t and of t**2.

    Where a body was seen five times in equal steps, those for quartics. With them what they differ
    by from those of the middle alone, or of parabolas.
    """
    before, after = _steps(part)
    both = before + after
    early = (second - first * after) / (before * both)
    late = (second + first * before) / (after * both)
    weights = np.zeros((*part.present.shape, 5))
    weights[1:-1, :, 1:4] = np.stack([early, 1 - early - late, late], axis=1)[:, None]
    lower = np.zeros_like(weights)
    lower[..., 2] = 1
    step = np.diff(part.time)
    windows = sliding_window_view(step, 4) if len(step) > 3 else np.zeros((0, 4))
    equal = np.ptp(windows, axis=1)
    seen = part.present
    whole = seen[:-4] & seen[1:-3] & seen[2:-2] & seen[3:-1] & seen[4:]
    whole &= (equal <= _SAME * step[: len(equal)])[:, None]
    lower[2:-2][whole] = weights[2:-2][whole]
    weights[2:-2][whole] = five
    return weights, weights - lower


def weigh_overlaps(used: Bool[np.ndarray, "time body"]) -> Float[np.ndarray, "time body"]:
    """Weights of changes over two steps, each of which others that are used may share.

    Chance of a step is in all changes over it. In a row without gaps each is shared by two, and all
    weights are one; a change that shares none of its steps says twice as much.
    """
    shared = np.maximum(used[1:].astype(int) + used[:-1], 1)
    weight = np.ones(used.shape)
    weight[1:-1] = 1 / shared[:-1] + 1 / shared[1:]
    return weight


def errors_of_means(
    force: Float[np.ndarray, "snapshot receiver dim"],
    apart: Float[np.ndarray, "inner receiver 5"],
    moved: Float[np.ndarray, "snapshot receiver dim"],
    slower: Float[np.ndarray, "snapshot receiver dim"] | None,
) -> Float[np.ndarray, "inner receiver"]:
    """About how far a mean over so few snapshots is off.

    Rules of orders 2, 4 and 6 err by rising powers of the square of frequency times step, so that
    each difference over the one before tells that square: for motion of one frequency the rule of
    five snapshots is off by 86 times the square of how far that of three is, over the second
    difference of the force. Of three snapshots, for which nothing tells more, it is taken as the
    share of the force by which the rule of one is off. No rule is worse than the one below.

    **Arguments:** `moved` what of the force reads velocities; `slower` where these are differences
    of positions, by how much it changes with those half a step earlier.
    """
    lower = np.linalg.norm(_combined(force, apart), axis=-1)
    bend = np.linalg.norm(force[4:] - 2 * force[2:-2] + force[:-4], axis=-1)
    size = np.linalg.norm(force, axis=-1)
    near = np.maximum(np.maximum(size[1:-3], size[2:-2]), size[3:-1])
    five = apart[..., 0] != 0
    share = np.where(
        five, _BEND * lower / np.maximum(bend, 1e-300), lower / np.maximum(near, 1e-300)
    )
    error = lower * np.minimum(1, share)
    if slower is not None:
        change = np.linalg.norm(slower[2:-2], axis=-1)
        whole = np.linalg.norm(moved[2:-2], axis=-1)
        error += change * np.minimum(1, change / np.maximum(whole, 1e-300))
    return error


def _combined(
    force: Float[np.ndarray, "snapshot receiver dim"],
    weights: Float[np.ndarray, "inner receiver 5"],
) -> Float[np.ndarray, "inner receiver dim"]:
    inner = len(weights)
    return sum(
        (weights[..., k, None] * force[k : k + inner] for k in range(5)),
        start=np.zeros((*weights.shape[:2], force.shape[-1])),
    )
