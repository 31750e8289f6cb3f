"""What is seen of every body between snapshots, and where all bodies are meanwhile.

Forces are averaged over places between snapshots, on paths that pass through them: an encounter
that two snapshots hardly follow still pushes both bodies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.interpolate import CubicHermiteSpline, CubicSpline

from forcelaw.errors import NotEnoughData, wrong_input
from forcelaw.files import many
from forcelaw.particles.data import Recording
from forcelaw.particles.kernels import fill_motion, largest_cutoff, nearest_image

MOST_BODIES = 100
"""Bodies up to which every pair gets a number of its own: 4,950 numbers."""
_NODES = 3
"""Places in a step at which forces are looked at (Gauss-Legendre)."""
_NUMBERS = 12_000_000
"""Of lengths and directions that are held of one recording: 96 MB."""


class PairIndex(NamedTuple):
    """All unordered pairs of bodies."""

    first: Int[np.ndarray, " pair"]
    second: Int[np.ndarray, " pair"]
    """Larger than the first."""
    bodies: int

    @classmethod
    def of(cls, bodies: int) -> PairIndex:
        """Of so many bodies, sorted."""
        first, second = np.triu_indices(bodies, 1)
        return cls(first, second, bodies)

    @property
    def table(self) -> Int[np.ndarray, "body body"]:
        """The pair of any two bodies; 0 of a body with itself."""
        table = np.zeros((self.bodies, self.bodies), int)
        table[self.first, self.second] = table[self.second, self.first] = np.arange(len(self.first))
        return table


@dataclass(frozen=True, eq=False)
class Steps:
    """Mean rates of change over steps of one recording, and the pairs that make them."""

    value: Float[np.ndarray, "step body dim"]
    """Mean velocity or acceleration over the step."""
    valid: Bool[np.ndarray, "step body"]
    share: Float[np.ndarray, "step node"]
    """Of each place in a step in the mean; they sum to one."""
    length: Float[np.ndarray, "step node pair"]
    direction: Float[np.ndarray, "step node pair dim"]
    """From the first body of a pair to the second; zero where they do not act on each other."""
    velocity: Float[np.ndarray, "step body dim"]
    """Mean over the step, as drag sees it; zero in first order."""
    pairs: PairIndex

    @property
    def dim(self) -> int:
        """The dimension of space."""
        return self.value.shape[-1]

    def only(self, rows: Int[np.ndarray, " chosen"]) -> Steps:
        """Some of the steps."""
        parts = ("value", "valid", "share", "length", "direction", "velocity")
        return replace(self, **{name: getattr(self, name)[rows] for name in parts})


def read_steps(part: Recording, order: int, reach: float, *, stochastic: bool = False) -> Steps:
    """Steps of a recording, fewer of them where they are many.

    **Arguments:** `order` of the law; `reach` the distance beyond which nothing acts; `stochastic`:
    forces are those at the beginning of a step, of which what happens by chance later knows
    nothing (Ito's convention).

    **Raises** `NotEnoughData` for one body, `InputError` for more than `MOST_BODIES`.
    """
    check_bodies(part)
    filled = fill_motion(part)
    pairs = PairIndex.of(part.n_bodies)
    middle = order == 2 and part.velocity is None
    nodes, shares = _quadrature(2 if middle else 1, stochastic)
    each = len(nodes) * len(pairs.first) * (1 + part.dim)
    starts = np.arange(1, part.n_times - 1) if middle else np.arange(part.n_times - 1)
    most = max(8, _NUMBERS // each)
    if len(starts) > most:
        starts = starts[np.linspace(0, len(starts) - 1, most).astype(int)]
    step = np.diff(part.time)
    path = path_through(part, filled.position, filled.velocity)
    before = step[starts - 1] if middle else step[starts]
    times = part.time[starts][:, None] + np.where(
        nodes < 0, nodes * before[:, None], nodes * step[starts][:, None]
    )
    weights = np.where(nodes < 0, shares * before[:, None], shares * step[starts][:, None])
    # Of unequal steps: the mean under a triangle with unequal sides.
    share = weights / weights.sum(axis=1, keepdims=True)
    place = path(times)
    value, valid = mean_rates(part, starts, order, filled.known)
    velocity = np.zeros_like(value)
    if order == 2:
        velocity = np.einsum("km,kmid->kid", share, path.derivative()(times))
    length, direction = _between(part, place, starts, pairs, filled.known, reach)
    return Steps(value, valid, share, length, direction, velocity, pairs)


def check_bodies(part: Recording) -> None:
    """**Raises** `NotEnoughData` for one body, `InputError` for more than `MOST_BODIES`."""
    if part.n_bodies < 2:
        raise wrong_input(
            part.name,
            found="one body",
            expected="at least two, of which it is asked who acts on whom",
            then="record more bodies",
            error=NotEnoughData,
        )
    if part.n_bodies > MOST_BODIES:
        raise wrong_input(
            part.name,
            found=many(part.n_bodies, "body"),
            expected=f"at most {MOST_BODIES}, as every pair gets a number of its own",
            then="give some of them, that are near each other",
        )


def _quadrature(
    sides: int, stochastic: bool
) -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"]]:
    """Places, in steps from the snapshot, and their weights in a mean over one step or a triangle.

    Of a triangle, both sides.
    """
    if stochastic:
        return np.zeros(1), np.ones(1)
    point, weight = np.polynomial.legendre.leggauss(_NODES)
    point, weight = (point + 1) / 2, weight / 2
    if sides == 1:
        return point, weight
    both = np.concatenate([point - 1, point])
    return both, np.concatenate([weight, weight]) * (1 - np.abs(both))


def path_through(
    part: Recording,
    position: Float[np.ndarray, "time body dim"],
    velocity: Float[np.ndarray, "time body dim"],
) -> CubicSpline | CubicHermiteSpline:
    """A curve through all snapshots, and through velocities where they are known."""
    if part.velocity is None and part.complete:
        return CubicSpline(part.time, position, axis=0)
    return CubicHermiteSpline(part.time, position, velocity, axis=0)


def mean_rates(
    part: Recording, starts: Int[np.ndarray, " step"], order: int, known: np.ndarray
) -> tuple[Float[np.ndarray, "step body dim"], Bool[np.ndarray, "step body"]]:
    """Mean velocities or accelerations over steps, and where they were seen."""
    step = np.diff(part.time)[:, None, None]
    seen = part.present
    if order == 2 and part.velocity is None:
        slope = np.diff(part.position, axis=0) / step
        change = 2 * (slope[starts] - slope[starts - 1]) / (step[starts] + step[starts - 1])
        valid = seen[starts - 1] & seen[starts] & seen[starts + 1]
    else:
        moved = part.position if order == 1 else part.velocity
        assert moved is not None
        change = (moved[starts + 1] - moved[starts]) / step[starts]
        valid = seen[starts] & seen[starts + 1]
    return np.where(valid[..., None], change, 0), valid


def _between(
    part: Recording,
    place: Float[np.ndarray, "step node body dim"],
    starts: Int[np.ndarray, " step"],
    pairs: PairIndex,
    known: Bool[np.ndarray, "time body"],
    reach: float,
) -> tuple[Float[np.ndarray, "step node pair"], Float[np.ndarray, "step node pair dim"]]:
    apart = place[:, :, pairs.second] - place[:, :, pairs.first]
    cell = part.cell
    if cell is not None:
        reach = min(reach, largest_cutoff(cell))
        if cell.constant:
            apart = nearest_image(apart, cell.at(0), cell.periodic)
        else:
            for row, start in enumerate(starts.tolist()):
                apart[row] = nearest_image(apart[row], cell.at(start), cell.periodic)
    length = np.linalg.norm(apart, axis=-1)
    there = known[starts] & known[np.minimum(starts + 1, part.n_times - 1)]
    acts = (there[:, pairs.first] & there[:, pairs.second])[:, None] & (length <= reach)
    acts &= length > 0
    return length, np.where(acts[..., None], apart / np.maximum(length, 1e-300)[..., None], 0)
