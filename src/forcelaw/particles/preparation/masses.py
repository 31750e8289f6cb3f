"""Masses from motion: who pulls how strongly, where no masses are given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.errors import InputError
from forcelaw.numerics import least_squares, nearest_fraction, standard_error
from forcelaw.particles.data import Trajectories
from forcelaw.particles.preparation.settings import PREPARATION, PreparationSettings


def masses_explain(data: Trajectories, *, settings: PreparationSettings = PREPARATION) -> bool:
    """Whether bodies that pull by masses of their own explain motion that equal ones do not.

    Asked of some snapshots, where no attribute is given and bodies are not too many for it.
    """
    few = settings.masses.least <= data.n_bodies <= settings.masses.most
    if data.attributes or not few or data.receivers is not None:
        return False
    flat = data.samples()
    rows = np.linspace(0, len(flat.position) - 1, settings.masses.snapshots).astype(int)
    rows = np.unique(rows)
    pulls = _Pulls(flat.position[rows], flat.acceleration[rows], _acting(data))
    power = _best_power(pulls, settings)
    left, alike = pulls.solve(power)[1], min(pulls.alike(one) for one in _powers(settings))
    return left < settings.masses.left and left < settings.masses.better * alike


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
    flat = data.samples()
    pulls = _Pulls(flat.position, flat.acceleration, _acting(data))
    fitted = _best_power(pulls, settings)
    power, whole = fitted, nearest_fraction(fitted, 2)
    if pulls.solve(whole)[1] <= pulls.solve(power)[1] * (1 + settings.masses.worse) + 1e-9:
        power = whole
    mass, _ = pulls.solve(power)
    spans = np.array_split(np.arange(len(pulls.size)), settings.masses.blocks)
    parts = np.stack(
        [pulls.solve(power, slice(int(s[0]), int(s[-1]) + 1))[0] for s in spans if len(s)]
    )
    doubt = standard_error(parts)
    note = f"masses were inferred, for a pull as r**{power:g} ({fitted:.9g} fitted)"
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


class _Pulls:
    """Accelerations, each equation by its size, and the lines along which bodies pull."""

    def __init__(
        self,
        position: Float[np.ndarray, "sample body dim"],
        acceleration: Float[np.ndarray, "sample body dim"],
        acting: Bool[np.ndarray, "body body"],
    ) -> None:
        self.acting, self.between = acting, position[:, None] - position[:, :, None]
        self.length = np.linalg.norm(self.between, axis=-1)
        self.size = np.linalg.norm(acceleration, axis=-1, keepdims=True)
        self._weight = 1 / np.maximum(self.size, 1e-6 * np.median(self.size) + 1e-300)
        self._goal = self._weight * acceleration

    def solve(
        self, power: float, rows: slice = slice(None)
    ) -> tuple[Float[np.ndarray, " body"], float]:
        """The masses for a pull as this power of the distance, and the error that they leave."""
        return _solve(self._design(power, rows), self._goal[rows].ravel())

    def alike(self, power: float) -> float:
        """The error that equal masses leave."""
        design = self._design(power, slice(None)).sum(axis=1, keepdims=True)
        return _solve(design, self._goal.ravel())[1]

    def _design(self, power: float, rows: slice) -> Float[np.ndarray, "equation body"]:
        there = self.acting & (self.length[rows] > 0)
        factor = np.where(self.acting, np.where(there, self.length[rows], 1) ** (power - 1), 0)
        columns = (factor * self._weight[rows])[..., None] * self.between[rows]
        return np.moveaxis(columns, 2, 3).reshape(-1, len(self.acting))


def _best_power(pulls: _Pulls, settings: PreparationSettings) -> float:
    from scipy.optimize import minimize_scalar

    start = min(_powers(settings), key=lambda power: pulls.solve(power)[1])
    step = settings.masses.powers[2]
    found: Any = minimize_scalar(
        lambda power: pulls.solve(power)[1],
        bounds=(start - 1.2 * step, start + 1.2 * step),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return float(found.x)


def _powers(settings: PreparationSettings) -> list[float]:
    low, high, step = settings.masses.powers
    return np.arange(low, high + step / 2, step).tolist()


def _acting(data: Trajectories) -> Bool[np.ndarray, "body body"]:
    """Which bodies act on which, receivers first."""
    acting = np.zeros((data.n_bodies, data.n_bodies), bool)
    acting[np.asarray(data.graph.receiver), np.asarray(data.graph.sender)] = True
    return acting


def _solve(
    design: Float[np.ndarray, "row body"], goal: Float[np.ndarray, " row"]
) -> tuple[Float[np.ndarray, " body"], float]:
    """Least squares and the root mean square that it leaves."""
    mass, left = least_squares(design, goal, dependent=1e-15)
    return mass, float(np.sqrt(np.mean(left**2)))
