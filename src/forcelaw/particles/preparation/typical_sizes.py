"""Typical sizes of the training part, and which attributes tell bodies apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Scale
from forcelaw.particles.data import Trajectories
from forcelaw.particles.preparation.settings import PREPARATION, PreparationSettings

_NEXT_TO_NOTHING = 0.1
"""Share of the mean size below which a value counts in proportion to its size; by definition."""


@dataclass(frozen=True)
class Sizes:
    """Typical sizes of some trajectories; medians, because forces have heavy tails."""

    length: float
    """Distance between two bodies that act on each other."""
    speed: float
    """Length of the velocity."""
    acceleration: float
    """Length of the acceleration."""
    force: float
    """Length of mass times acceleration."""
    names: tuple[str, ...]
    """Attributes that vary, hence on which a dependence can be found."""
    constant: tuple[str, ...]
    """Attributes with one value throughout."""
    positive: tuple[bool, ...]
    """Which of `names` are positive everywhere."""
    attributes: dict[str, tuple[float, float]]
    """Mean and standard deviation of each of `names`."""
    logarithms: dict[str, tuple[float, float]]
    """The same of the logarithm, of those that are positive."""

    @classmethod
    def of(
        cls,
        data: Trajectories,
        *,
        samples: int = 20_000,
        settings: PreparationSettings = PREPARATION,
    ) -> Sizes:
        """The sizes of (at most `samples` snapshots of) the training part."""
        flat = data.samples()
        rows = np.linspace(0, len(flat.position) - 1, min(samples, len(flat.position)))
        kept = rows.astype(int)
        position, velocity = flat.position[kept], flat.velocity[kept]
        edges = data.edges
        if edges is None:
            edges = np.argwhere(~np.eye(data.n_bodies, dtype=bool)[: data.observed])
        length = np.linalg.norm(position[:, edges[:, 0]] - position[:, edges[:, 1]], axis=-1)
        acceleration = np.zeros(position.shape[:2])
        if flat.acceleration is not None:
            acceleration = np.linalg.norm(flat.acceleration[kept], axis=-1)
        mass = flat.attributes.get("mass")
        force = acceleration if mass is None else acceleration * mass[kept]
        attributes = data.attributes
        varying = [
            n for n, v in attributes.items() if np.std(v) > settings.constant * np.mean(np.abs(v))
        ]
        positive = [bool((attributes[name] > 0).all()) for name in varying]
        return cls(
            length=median_size(length),
            speed=median_size(np.linalg.norm(velocity, axis=-1)),
            acceleration=median_size(acceleration),
            force=median_size(force),
            names=tuple(varying),
            constant=tuple(name for name in attributes if name not in varying),
            positive=tuple(positive),
            attributes={n: _moments(attributes[n]) for n in varying},
            logarithms={
                n: _moments(np.log(attributes[n]))
                for n, is_positive in zip(varying, positive, strict=True)
                if is_positive
            },
        )

    def for_forces(self) -> Scale:
        """The scale of a law that predicts forces and reads positive attributes' logarithms."""
        # Attributes of either sign keep their zero: what they multiply must vanish with them.
        size = {n: float(np.hypot(*moments)) for n, moments in self.attributes.items()}
        read = {n: self.logarithms.get(n, (0.0, size[n])) for n in self.names}
        return Scale(
            length=self.length,
            speed=self.speed,
            acceleration=self.force,
            center=[center for center, _ in read.values()],
            spread=[spread for _, spread in read.values()],
        )


def median_size(values: Float[np.ndarray, "..."]) -> float:
    """The median of those values that are not next to nothing; one where all are.

    Where forces reach only so far most of them are zero, and no measure of their size.
    """
    size = np.abs(values)
    kept = size[size > 1e-3 * np.mean(size)] if size.size else size
    return float(np.median(kept)) if kept.size else 1.0


def median_acting_size(values: Float[np.ndarray, "..."]) -> float:
    """The median size of what acts: values next to nothing count the less the smaller they are.

    Where forces reach only so far most values are noise about zero, and no measure of their size;
    a sharp limit between these and the others would make the answer jump with the noise. One where
    all are zero.
    """
    size = np.sort(np.abs(values), axis=None)
    count = np.minimum(size, _NEXT_TO_NOTHING * np.mean(size)) if size.size else size
    if not count.any():
        return 1.0
    counted = np.cumsum(count, dtype=float)
    return float(size[np.searchsorted(counted, counted[-1] / 2)])


def _moments(values: np.ndarray) -> tuple[float, float]:
    return float(np.mean(values)), float(np.std(values))
