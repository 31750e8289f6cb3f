"""What shows in the motion itself, whatever the force: first order, chance, jumps at a box."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Trajectories
from forcelaw.particles.diagnosis.replicas import given_arrays
from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.equations import (
    Design,
    Regression,
    evaluate_splines,
    gather_forces,
    spline_knots,
    transverse_directions,
)

_WALK = (-0.5, 0.0)
"""Correlations of second differences of a random walk with the next and the next but one."""
_KICKED = (-1 / 3, -1 / 6)
"""The same of third differences of an integrated one. Noise of the measurement has -2/3 and 1/6,
and -3/4 and 3/10."""


class Jumps(NamedTuple):
    """Steps that no motion makes."""

    number: int
    size: float
    """The median length of a jump."""


def velocity_explained(
    design: Design, *, settings: DiagnosisSettings = DIAGNOSIS
) -> tuple[float, float]:
    """R² of velocities, not accelerations, as a function of places.

    The first by forces between pairs along their line (also times attributes of either body or
    both), a linear field and a constant of each body;
    the second by forces across the line as well (in two dimensions; else the same). On samples that
    the factors were not fitted to, of weak forms at their nodes. A body set against friction alone
    goes as fast as it is pushed, so that its velocity tells the force: motion of first order.
    """
    bodies = design.bodies
    bare = Design.build(bodies.position, bodies.velocity, design.velocity, {}, design.graph)
    bare = replace(bare, time=design.time, trajectory=design.trajectory)
    hats = evaluate_splines(bare.length, spline_knots(bare.length, settings.causes.first_order))
    scalars = [factor * hat for factor in _factors(design) for hat in hats]
    columns = [*map(bare.pair_acceleration, scalars), *_linear(bare), *_constants(bare, settings)]
    regression = Regression.of(bare, columns, settings=settings.equations)
    along = _share(regression)
    if bare.position.shape[2] != 2:
        return along, along
    turned = transverse_directions(bare)
    across = [gather_forces(bare, scalar[..., None] * turned) for scalar in scalars]
    return along, _share(regression.beside(across))


def _factors(design: Design) -> list[Float[np.ndarray, "sample edge"]]:
    """One, and every attribute that varies: of the other body, of the body itself, of both."""
    found = [np.ones_like(design.length)]
    for value in design.bodies.attributes.values():
        if np.ptp(value) > 0:
            one, other = value[:, design.receiver], value[:, design.sender]
            found += [other, one, one * other]
    return found


def is_stochastic(data: Trajectories, *, settings: DiagnosisSettings = DIAGNOSIS) -> bool:
    """Whether the motion is kicked about at random, from frame to frame anew.

    Velocities are then a random walk, and positions an integrated one; in first order positions are
    the walk. Differences of a high order leave of it what neither smooth motion nor noise of the
    measurement leaves: correlations of their own with the next ones.
    """
    given = given_arrays(data)
    if is_random_walk(data, settings=settings):
        return True
    if "velocity" in given:
        return _correlated(np.diff(given["velocity"], n=2, axis=1), _WALK, settings)
    next_one, after_that = _correlations(np.diff(given["position"], n=2, axis=1), settings)
    if (
        -settings.motion.next < next_one < settings.motion.next
        and abs(after_that) < settings.motion.after
    ):
        return True
    return _correlated(np.diff(given["position"], n=3, axis=1), _KICKED, settings)


def is_random_walk(data: Trajectories, *, settings: DiagnosisSettings = DIAGNOSIS) -> bool:
    """Whether positions are kicked about themselves: chance, and motion of first order."""
    given = given_arrays(data)
    return "velocity" not in given and _correlated(
        np.diff(given["position"], n=2, axis=1), _WALK, settings
    )


def jumps(data: Trajectories, *, settings: DiagnosisSettings = DIAGNOSIS) -> Jumps:
    """Steps of given positions longer than half of their range along an axis.

    Those that were taken out of the positions when they were read count too; their size is not
    known any more, and stands as 0.
    """
    unwrapped = data.counts.get("unwrapped", 0)
    if unwrapped:
        return Jumps(unwrapped, 0.0)
    position = given_arrays(data)["position"]
    extent = np.ptp(position, axis=(0, 1, 2))
    steps = np.abs(np.diff(position, axis=1))
    far = steps > settings.motion.jump * extent
    usual = np.quantile(steps, 0.5, axis=(0, 1, 2))
    far &= steps > settings.motion.times_usual * usual
    if far.sum() < settings.motion.least_jumps:
        return Jumps(0, 0.0)
    size = float(np.median(steps[far]))
    # A box has sides of one length; bodies that are flung apart have no such length.
    share = (steps / np.where(extent > 0, extent, 1))[far]
    alike = np.abs(share - np.median(share)) < settings.motion.spread * np.median(share)
    return Jumps(int(far.sum()), size) if alike.mean() >= settings.motion.mostly else Jumps(0, 0.0)


def _correlated(
    changes: Float[np.ndarray, "trajectory time body dim"],
    expected: tuple[float, float],
    settings: DiagnosisSettings,
) -> bool:
    found = _correlations(changes, settings)
    return all(
        abs(one - other) < settings.motion.near for one, other in zip(found, expected, strict=True)
    )


def _correlations(
    changes: Float[np.ndarray, "trajectory time body dim"],
    settings: DiagnosisSettings,
) -> tuple[float, float]:
    """Of changes with the next and the next but one, the largest cut off.

    A single collision would look like a kick, and outweigh all else.
    """
    usual = float(np.median(np.abs(changes))) if changes.size else 0.0
    if changes.shape[1] < 8 or usual == 0:
        return 1.0, 1.0
    changes = np.clip(changes, -settings.motion.largest * usual, settings.motion.largest * usual)
    found = []
    for lag in (1, 2):
        one, other = changes[:, lag:], changes[:, :-lag]
        found.append(float(np.sum(one * other) / np.sqrt(np.sum(one**2) * np.sum(other**2))))
    return found[0], found[1]


def _share(regression: Regression) -> float:
    total = float(np.mean(regression.goal**2))
    return 1 - float(np.mean(regression.left**2)) / max(total, 1e-300)


def _linear(design: Design) -> list[Float[np.ndarray, "sample body dim"]]:
    """Each component of the place, for each component of the velocity."""
    dim = design.position.shape[2]
    found = []
    for one in range(dim):
        for other in range(dim):
            column = np.zeros_like(design.position)
            column[..., one] = design.position[..., other]
            found.append(column)
    return found


def _constants(
    design: Design, settings: DiagnosisSettings
) -> list[Float[np.ndarray, "sample body dim"]]:
    """A constant velocity of every body."""
    _, bodies, dim = design.position.shape
    found = []
    for body in range(min(bodies, settings.causes.bodies)):
        for axis in range(dim):
            column = np.zeros_like(design.position)
            column[:, body, axis] = 1
            found.append(column)
    return found
