"""Pairs of states: where bodies were and how they moved, and where they were much later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InvalidSetting, NotEnoughData
from forcelaw.particles.data import Trajectories


@dataclass(frozen=True, eq=False)
class StatePairs:
    """States of the same number of bodies, each with the places where its bodies came to be."""

    position: Float[np.ndarray, "pair body dim"]
    velocity: Float[np.ndarray, "pair body dim"]
    end: Float[np.ndarray, "pair body dim"]
    """Positions a stretch of time later; how bodies move there is not used."""
    stretch: Float[np.ndarray, " pair"]
    """Time from each state to its end."""
    attributes: Mapping[str, Float[np.ndarray, "pair body"]]
    name: str = "pairs"

    @classmethod
    def of(cls, data: Trajectories, *, apart: int = 1) -> StatePairs:
        """Every snapshot, with the one that comes so many snapshots later.

        **Raises** `InvalidSetting` where trajectories hold no such snapshot; `NotEnoughData` where
        velocities were not measured.
        """
        Trajectories.check("StatePairs.of", data)
        if not 1 <= apart < data.n_times:
            raise InvalidSetting(
                f"apart: found {apart} for {data.n_times} snapshots, expected 1 to "
                f"{data.n_times - 1}; choose fewer"
            )
        if "velocity" in data.estimated:
            raise NotEnoughData(
                f"{data.name}: found no measured velocities, expected them with positions: over "
                "long stretches they cannot be estimated; give them"
            )
        starts = data.n_times - apart
        body = (-1, data.n_bodies, data.dim)
        stretch = data.time[apart:] - data.time[:-apart]
        return cls(
            data.position[:, :starts].reshape(body),
            data.velocity[:, :starts].reshape(body),
            data.position[:, apart:].reshape(body),
            np.tile(stretch, data.n_trajectories),
            {name: np.repeat(value, starts, axis=0) for name, value in data.attributes.items()},
            data.name,
        )

    def __len__(self) -> int:
        return len(self.stretch)

    @property
    def displacement(self) -> float:
        """Root mean square of how far bodies are from where they would be without forces."""
        free = self.position + self.velocity * self.stretch[:, None, None]
        return float(np.sqrt(np.mean(np.sum((self.end - free) ** 2, axis=-1))))

    def distances(self) -> Float[np.ndarray, " distance"]:
        """Of all pairs of bodies, in all states."""
        first, second = np.triu_indices(self.position.shape[1], 1)
        states = np.concatenate([self.position, self.end])
        return np.linalg.norm(states[:, first] - states[:, second], axis=-1).ravel()

    def only(self, rows: Sequence[int] | Int[np.ndarray, " row"]) -> StatePairs:
        """Some of them."""
        attributes = {name: value[rows] for name, value in self.attributes.items()}
        arrays = (self.position, self.velocity, self.end, self.stretch)
        position, velocity, end, stretch = (array[rows] for array in arrays)
        return replace(
            self,
            position=position,
            velocity=velocity,
            end=end,
            stretch=stretch,
            attributes=attributes,
        )

    def shortest_first(self, seed: int) -> Int[np.ndarray, " pair"]:
        """Their order by the stretch; those of one stretch in an order that is drawn."""
        drawn = np.random.default_rng(seed).permutation(len(self))
        return drawn[np.argsort(self.stretch[drawn], kind="stable")]
