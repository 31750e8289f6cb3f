"""Friction that is alike for all bodies at a time and changes in time, as a thermostat's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    MomentSettings,
    Order,
    SecondOrder,
    Terms,
    fill_motion,
    iterate_equations,
)


@dataclass(frozen=True)
class ThermostatSettings:
    """What decides whether a thermostat acts."""

    rows: int = 40_000
    """Equations that are looked at."""
    share: float = 0.5
    """Of the residual's squares that friction which changes in time must tell."""
    bodies: int = 10
    """That must be seen in a snapshot, at least: among fewer each has its own friction."""


THERMOSTATS = ThermostatSettings()


@dataclass(frozen=True)
class Thermostat:
    """Rates at which all bodies are slowed, over time; negative where they are sped up."""

    least: float
    most: float
    share: float
    """Of the residual's squares that they tell."""

    @property
    def sentence(self) -> str:
        """The same, in words."""
        return (
            f"all bodies are slowed alike, at rates that change in time from {self.least:.2g} to "
            f"{self.most:.2g}, as by a thermostat (Nosé and Hoover's, or velocities that are "
            f"rescaled): that explains {self.share:.0%} of the residual"
        )


def find_thermostat(
    data: Recordings,
    terms: Terms,
    factors: Float[np.ndarray, " column"],
    order: Order,
    cutoff: float,
    *,
    seed: int = 0,
    settings: ThermostatSettings = THERMOSTATS,
) -> Thermostat | None:
    """What residuals of a law of second order tell of such friction; None where it is not most.

    Rates of single snapshots, beyond one for all times (Hoover, Phys. Rev. A 31, 1695, 1985).
    """
    if not isinstance(order, SecondOrder):
        return None
    products, squares, whole, numbers = [], [], 0.0, 0
    sums = MomentSettings(rows=settings.rows)
    for equations in iterate_equations(data, terms, order, cutoff, seed=seed, settings=sums):
        left = equations.value - equations.columns @ factors
        velocity = fill_motion(equations.part).velocity[equations.snapshot, equations.body]
        at = equations.snapshot - equations.snapshot.min()
        enough = np.bincount(at) >= settings.bodies
        products.append(np.bincount(at, (left * velocity).sum(axis=1))[enough])
        squares.append(np.bincount(at, (velocity**2).sum(axis=1))[enough])
        whole += float((left**2).sum())
        numbers += left.size
    product, square = (np.concatenate([np.zeros(0), *some]) for some in (products, squares))
    if len(product) < settings.bodies or not (square > 0).all() or whole <= 0:
        return None
    told = float((product**2 / square).sum() - product.sum() ** 2 / square.sum()) / whole
    told -= len(product) / numbers
    rates = -product / square
    if told < settings.share:
        return None
    return Thermostat(float(rates.min()), float(rates.max()), told)
