"""Motion beside what a law makes of the same start, as the report plays it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Law, Units
from forcelaw.particles.data import Recording, Trajectories
from forcelaw.particles.prediction.rollouts import Rollout, conserved_along

_FRAMES = 120
"""Frames that are shown at most."""
_PLACES = 60_000
"""Places of bodies that are shown at most on either side: some 300 kB of a page."""
_FINEST = 9_999
"""Whole numbers that places are rounded to: finer than a pixel."""
_ABSENT = -2 * _FINEST
"""The number of a place that is not known."""


@dataclass(frozen=True, eq=False)
class ShownMotion:
    """Positions at the same times, as they were measured and as a law gives them."""

    time: Float[np.ndarray, " frame"]
    measured: Float[np.ndarray, "frame body dim"]
    """nan where a body was not seen."""
    law: Float[np.ndarray, "frame body dim"]
    kinds: tuple[str, ...] = ()
    """Of each body; none where all are alike."""
    box: Float[np.ndarray, "dim dim"] | None = None
    """Edges of a periodic box as rows; None in open space."""
    energy: Mapping[str, Float[np.ndarray, " frame"]] = field(default_factory=dict)
    """Relative changes of energy by the law since the start, `measured` and by the `law`; without
    those that are not known."""
    momentum: Mapping[str, Float[np.ndarray, " frame"]] = field(default_factory=dict)
    """The same of momentum."""

    @classmethod
    def of_trajectory(
        cls, law: Law, data: Trajectories, moved: Rollout | None
    ) -> ShownMotion | None:
        """The first trajectory, beside the first that a law moved; None without such."""
        if moved is None:
            return None
        shown = np.asarray(moved.state.position)[0]
        measured = np.asarray(data.position)[0]
        count = min(len(shown), len(measured))
        chosen = _spread(count, shown.shape[1])
        energy = {} if moved.energy is None else {"law": moved.energy[0][chosen]}
        momentum = {"law": moved.momentum[0][chosen]}
        if data.receivers is None:
            known, impulse = conserved_along(law, data)
            momentum = {"measured": impulse[chosen], **momentum}
            energy = energy if known is None else {"measured": known[chosen], **energy}
        return cls(
            moved.time[chosen], measured[chosen], shown[chosen], energy=energy, momentum=momentum
        )

    @classmethod
    def of_recording(
        cls, part: Recording, first: int, bodies: Any, moved: Recording
    ) -> ShownMotion:
        """A recording from its snapshot `first` on, beside the rollout of some of its bodies.

        Each frame of the rollout stands beside the snapshot that is nearest in time.
        """
        chosen = _spread(moved.n_times, len(bodies))
        time = moved.time[chosen]
        later = part.time[first:] - part.time[first]
        nearest = first + np.abs(later[None] - time[:, None]).argmin(axis=1)
        seen = part.present[nearest][:, bodies]
        measured = np.where(seen[..., None], part.position[nearest][:, bodies], np.nan)
        cell = part.cell
        box = None if cell is None or not all(cell.periodic) else cell.at(first)
        kinds = tuple(part.species[b] for b in bodies) if part.species else ()
        return cls(time, measured, moved.position[chosen], kinds, box)

    @staticmethod
    def frames(bodies: int) -> int:
        """How many frames of so many bodies are shown at most."""
        return max(2, min(_FRAMES, _PLACES // max(bodies, 1)))

    def in_units(self, units: Units) -> ShownMotion:
        """The same, measured in these units."""
        if units.same:
            return self
        return replace(
            self,
            time=self.time / units.time,
            measured=self.measured / units.length,
            law=self.law / units.length,
            box=None if self.box is None else self.box / units.length,
        )

    def to_json(self) -> dict[str, Any]:
        """Places as whole numbers: `low + number * step` in each direction.

        A body that was not seen has the number of `absent`.
        """
        sides = [_within(side, self.box) for side in (self.measured, self.law)]
        held = sides[0][np.isfinite(sides[0])].reshape(-1, sides[0].shape[2])
        corners = held if self.box is None else np.concatenate([_corners(self.box), held])
        low, high = corners.min(axis=0), corners.max(axis=0)
        step = float((high - low).max()) / _FINEST or 1.0
        named = sorted(set(self.kinds))
        return {
            "time": [float(f"{value:.6g}") for value in self.time],
            "bodies": self.measured.shape[1],
            "dim": self.measured.shape[2],
            "low": [float(value) for value in low],
            "high": [float(value) for value in high],
            "step": step,
            "absent": _ABSENT,
            "measured": _rounded(sides[0], low, step),
            "law": _rounded(sides[1], low, step),
            "kinds": named,
            "kind": [named.index(kind) for kind in self.kinds],
            "box": None if self.box is None else self.box.tolist(),
            "energy": {name: _short(change) for name, change in self.energy.items()},
            "momentum": {name: _short(change) for name, change in self.momentum.items()},
        }


def _short(values: Float[np.ndarray, " frame"]) -> list[float | None]:
    return [float(f"{value:.4g}") if np.isfinite(value) else None for value in values]


def _spread(count: int, bodies: int) -> np.ndarray:
    """Which of so many frames are shown, evenly."""
    return np.unique(np.linspace(0, count - 1, ShownMotion.frames(bodies)).astype(int))


def _within(places: np.ndarray, box: np.ndarray | None) -> np.ndarray:
    """Places in the box, whatever images they were at."""
    if box is None:
        return places
    share = places @ np.linalg.inv(box)
    return (share - np.floor(share)) @ box


def _corners(box: np.ndarray) -> np.ndarray:
    steps = np.stack(np.meshgrid(*[[0, 1]] * len(box), indexing="ij"), axis=-1)
    return steps.reshape(-1, len(box)) @ box


def _rounded(places: np.ndarray, low: np.ndarray, step: float) -> list[int]:
    """Frame by frame, body by body; bodies that fly far off stay at a distance that is drawn."""
    with np.errstate(invalid="ignore"):
        numbers = np.clip(np.round((places - low) / step), -_FINEST, 2 * _FINEST)
    gone = ~np.isfinite(places)
    return np.where(gone, _ABSENT, numbers).astype(int).ravel().tolist()
