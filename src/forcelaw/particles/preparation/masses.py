"""Masses from motion: who pulls how strongly, where no masses are given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float

from forcelaw.errors import InputError
from forcelaw.numerics import least_squares, nearest_fraction, standard_error
from forcelaw.particles.data import Trajectories
from forcelaw.particles.preparation.settings import PREPARATION, PreparationSettings


def infer_masses(
    data: Trajectories, *, settings: PreparationSettings = PREPARATION
) -> Trajectories:
    """The same motion with masses, inferred from how all bodies accelerate each other.

    A body j pulls every other by `mass_j * r**p`, which is linear in the masses: these are exact
    for every power `p`, and the power is the one that leaves the smallest relative error. Any
    force that is proportional to the mass of the other body, near enough a power of the distance,
    is inferred this way; a constant factor, as that of gravity, goes into the masses. A note tells
    the power, and the bodies whose masses vary by more than a tenth between spans of time.

    Lemos, Jeffrey, Cranmer, Ho, Battaglia, arXiv 2202.02306 (2022), learned masses and force of the
    solar system together.

    Bodies are the same in all trajectories.

    **Raises** `InputError` where masses are known.
    """
    Trajectories.check("infer_masses", data)
    if "mass" in data.attributes:
        raise InputError(f"{data.name}: found masses, expected none; leave them out to infer them")
    from scipy.optimize import minimize_scalar

    flat = data.samples()
    measured = flat.acceleration
    graph = data.graph
    pulls = np.zeros((data.n_bodies, data.n_bodies), bool)
    pulls[np.asarray(graph.receiver), np.asarray(graph.sender)] = True
    between = flat.position[:, None] - flat.position[:, :, None]
    length = np.linalg.norm(between, axis=-1)
    size = np.linalg.norm(measured, axis=-1, keepdims=True)
    weight = 1 / np.maximum(size, 1e-6 * np.median(size) + 1e-300)

    def solve(power: float, rows: slice = slice(None)) -> tuple[np.ndarray, float]:
        near = np.where(pulls & (length[rows] > 0), length[rows], 1)
        factor = np.where(pulls, near ** (power - 1), 0)
        columns = (factor * weight[rows])[..., None] * between[rows]
        design = np.moveaxis(columns, 2, 3).reshape(-1, data.n_bodies)
        return _solve(design, (weight[rows] * measured[rows]).ravel())

    low, high, step = settings.masses.powers
    start = min(np.arange(low, high + step / 2, step).tolist(), key=lambda power: solve(power)[1])
    found: Any = minimize_scalar(
        lambda power: solve(power)[1],
        bounds=(start - 1.2 * step, start + 1.2 * step),
        method="bounded",
        options={"xatol": 1e-9},
    )
    power = float(found.x)
    whole = nearest_fraction(power, 2)
    if solve(whole)[1] <= solve(power)[1] * (1 + settings.masses.worse) + 1e-9:
        power = whole
    mass, _ = solve(power)
    spans = np.array_split(np.arange(len(size)), settings.masses.blocks)
    parts = np.stack([solve(power, slice(int(s[0]), int(s[-1]) + 1))[0] for s in spans if len(s)])
    doubt = standard_error(parts)
    note = f"masses were inferred, for a pull as r**{power:g} ({float(found.x):.9g} fitted)"
    unsure = [
        name
        for name, value, error in zip(data.bodies, mass, doubt, strict=True)
        if not value > error / settings.masses.unsure
    ]
    if unsure:
        note += f"; the motion does not tell those of {', '.join(unsure)}"
    positive = np.where(mass > 0, mass, np.maximum(doubt, 1e-12 * np.abs(mass).max()))
    every = np.broadcast_to(positive, (data.n_trajectories, data.n_bodies))
    return replace(
        data, attributes={**data.attributes, "mass": every.copy()}, notes=(*data.notes, note)
    )


def _solve(
    design: Float[np.ndarray, "row body"], goal: Float[np.ndarray, " row"]
) -> tuple[Float[np.ndarray, " body"], float]:
    """Least squares and the root mean square that it leaves."""
    mass, left = least_squares(design, goal, dependent=1e-15)
    return mass, float(np.sqrt(np.mean(left**2)))
