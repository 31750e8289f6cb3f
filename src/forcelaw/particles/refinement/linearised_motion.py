"""Motion near an estimated one, as a linear function of initial states and constants."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Formula, numbers, with_numbers
from forcelaw.particles.equations import (
    Design,
    Windows,
    formula_acceleration,
    one_body_acceleration,
    pair_value,
)
from forcelaw.particles.refinement.settings import REFINEMENT, RefinementSettings


class Linear(NamedTuple):
    """`base + initial @ states + slope @ change of constants`, for every window."""

    base: Float[np.ndarray, "window frame series"]
    initial: Float[np.ndarray, "window frame series state"]
    slope: Float[np.ndarray, "window frame series constant"]


class Tangent(NamedTuple):
    """The motion; velocities are those of the inner frames."""

    position: Linear
    velocity: Linear
    acceleration: Linear


def linearise(
    formula: Formula,
    windows: Windows,
    path: Float[np.ndarray, "trajectory window frame body dim"],
    *,
    settings: RefinementSettings = REFINEMENT,
) -> Tangent:
    """All motions of the law that is linearised about a path, by Numerov's method.

    Errors of one step are of sixth order in the interval between frames. Velocities, on which self
    forces may depend, are those of the path. Bodies that are not usable follow it and feel nothing.
    """
    assert windows.interval is not None
    trajectories, count, frames, bodies, dim = path.shape
    size = bodies * dim
    velocity = np.gradient(path, windows.interval, axis=2, edge_order=2)
    repeated = {n: np.repeat(v, count * frames, axis=0) for n, v in windows.attributes.items()}
    flat, speeds = (part.reshape(-1, bodies, dim) for part in (path, velocity))
    design = Design.build(flat, speeds, np.zeros_like(flat), repeated, windows.graph)
    usable = np.repeat(windows.usable.reshape(-1, bodies), dim, axis=1)[:, None]
    shape = (trajectories * count, frames, size)
    force = formula_acceleration(formula, design)
    jacobian = constants_jacobian(formula, design, settings).reshape(*shape, size)
    jacobian = jacobian * usable[..., None] * usable[:, :, None, :]
    constants = _constants(formula, design, force, settings).reshape(*shape, -1) * usable[..., None]
    force = force.reshape(shape) * usable
    # Columns: where the motion is linearised, first positions, first velocities, constants.
    known = np.zeros((*shape, 1 + 2 * size + constants.shape[-1]))
    known[..., 0] = force - (jacobian @ path.reshape(*shape, 1))[..., 0]
    known[..., 1 + 2 * size :] = constants
    moved, force = _march(jacobian, known, windows.interval, size)
    # Central differences, made fourth order by the accelerations.
    step = windows.interval
    speed = (moved[:, 2:] - moved[:, :-2]) / (2 * step) - step / 12 * (force[:, 2:] - force[:, :-2])
    return Tangent(*(_parts(part, size) for part in (moved, speed, force)))


def _parts(moved: Float[np.ndarray, "window frame series column"], size: int) -> Linear:
    return Linear(moved[..., 0], moved[..., 1 : 1 + 2 * size], moved[..., 1 + 2 * size :])


def _march(
    jacobian: Float[np.ndarray, "window frame series series"],
    known: Float[np.ndarray, "window frame series column"],
    interval: float,
    size: int,
) -> tuple[
    Float[np.ndarray, "window frame series column"], Float[np.ndarray, "window frame series column"]
]:
    """Solutions of `x'' = jacobian x + known` and their second derivatives.

    From zero, and from units of the initial state.
    """
    square, twelfth = interval**2, interval**2 / 12
    implicit = np.linalg.inv(np.eye(size) - twelfth * jacobian)
    moved = np.empty_like(known)
    moved[:, :2] = 0
    index = np.arange(size)
    moved[:, :2, index, 1 + index] = 1
    moved[:, 1, index, 1 + size + index] = interval
    # The second frame is the first plus a velocity, which the fit of initial states makes right.
    force = np.empty_like(known)
    force[:, :2] = jacobian[:, :2] @ moved[:, :2] + known[:, :2]
    before, now = (moved[:, k] - twelfth * force[:, k] for k in (0, 1))
    for frame in range(2, known.shape[1]):
        before, now = now, 2 * now - before + square * force[:, frame - 1]
        moved[:, frame] = implicit[:, frame] @ (now + twelfth * known[:, frame])
        force[:, frame] = jacobian[:, frame] @ moved[:, frame] + known[:, frame]
    return moved, force


def constants_jacobian(
    formula: Formula, design: Design, settings: RefinementSettings
) -> Float[np.ndarray, "sample series series"]:
    """How accelerations change with positions."""
    samples, bodies, dim = design.position.shape
    step = settings.shooting.step * design.length
    near = design.length
    force = pair_value(formula.pair, design)
    wider = _at(formula, design, near + step)
    steep = (wider - _at(formula, design, near - step)) / np.where(step > 0, 2 * step, 1)
    over = force / np.where(near > 0, near, 1)
    along = design.direction[..., :, None] * design.direction[..., None, :]
    change = (steep - over)[..., None, None] * along + over[..., None, None] * np.eye(dim)
    change = change / design.mass[:, design.receiver][..., None, None]
    found = np.zeros((samples, bodies, dim, bodies, dim))
    for edge, (sender, receiver) in enumerate(zip(design.sender, design.receiver, strict=True)):
        found[:, receiver, :, sender] += change[:, edge]
        found[:, receiver, :, receiver] -= change[:, edge]
    if any(name in "xyz" for part in formula.one_body for name in part.variables):
        for axis in range(dim):
            shift = (
                settings.shooting.step * float(np.median(design.length)) * (np.arange(dim) == axis)
            )
            steep = [
                one_body_acceleration(formula, replace(design, position=design.position + change))
                for change in (shift, -shift)
            ]
            slope = (steep[0] - steep[1]) / (2 * shift[axis])
            index = np.arange(bodies)
            found[:, index, :, index, axis] += np.moveaxis(slope, 1, 0)
    return found.reshape(samples, bodies * dim, bodies * dim)


def _at(
    formula: Formula, design: Design, length: Float[np.ndarray, "sample edge"]
) -> Float[np.ndarray, "sample edge"]:
    return np.nan_to_num(formula.pair.at(design.variables() | {"r": length}))


def _constants(
    formula: Formula,
    design: Design,
    force: Float[np.ndarray, "sample body dim"],
    settings: RefinementSettings,
) -> Float[np.ndarray, "sample body dim constant"]:
    """How accelerations change with the constants."""
    values = numbers(formula)
    slopes = []
    for place, value in enumerate(values.tolist()):
        step = settings.shooting.step * (abs(value) or 1.0)
        changed = with_numbers(formula, values + step * (np.arange(len(values)) == place))
        slopes.append((formula_acceleration(changed, design) - force) / step)
    return np.stack(slopes, axis=-1) if slopes else np.zeros((*force.shape, 0))
