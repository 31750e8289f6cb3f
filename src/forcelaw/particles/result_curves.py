"""What the report draws of a discovery."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.graph import Graph
from forcelaw.laws import Formula, Law, Units, short_name
from forcelaw.particles.equations import Design
from forcelaw.particles.learning import scalar_force
from forcelaw.particles.prediction import Rollout
from forcelaw.storage import ParsedObject, plain

_POINTS = 120
"""Points of a curve that is drawn; of energies, which bend more, twice as many."""


@dataclass(frozen=True, eq=False)
class ForceCurves:
    """Force against distance for two typical bodies; nan where it is not finite."""

    r: Float[np.ndarray, " point"]
    truth: Float[np.ndarray, " point"] | None
    """None where the true law is not known."""
    formula: Float[np.ndarray, " point"]
    network: Float[np.ndarray, " point"]
    clip: tuple[float, float]
    """Forces between which most of every curve lies."""

    @classmethod
    def of(cls, law: Law, formula: Formula, truth: Formula | None, data: Design) -> ForceCurves:
        """Over the distances of the data. **Arguments:** `law` the trained network."""
        low, high = np.quantile(data.length, [0.005, 0.995])
        far = high or 1.0
        r = np.geomspace(max(low, 1e-9 * far), far, _POINTS)
        typical = typical_attributes(data)
        attributes = {name: np.full((_POINTS, 2), value) for name, value in typical.items()}
        ends = {f"{short_name(n)}_{end}": v[:, 0] for n, v in attributes.items() for end in "ij"}

        def known(one: Formula) -> Float[np.ndarray, " point"]:
            return _finite(one.pair.at(ends | {"r": r}))

        position = np.zeros((_POINTS, 2, data.position.shape[2]))
        position[:, 1, 0] = r
        graph = Graph.complete_graph(2)
        pairs = Design.build(position, 0 * position, 0 * position, attributes, graph)
        true = None if truth is None else known(truth)
        found, network = known(formula), _finite(scalar_force(law, pairs)[:, 0])
        lines = [line for line in (true, found, network) if line is not None]
        shown = np.concatenate([line[np.isfinite(line)] for line in lines])
        return cls(r, true, found, network, _limits(shown))

    def in_units(self, units: Units) -> ForceCurves:
        """The same, measured in these units."""
        if units.same:
            return self
        low, high = (limit / units.force for limit in self.clip)
        return ForceCurves(
            r=self.r / units.length,
            truth=None if self.truth is None else self.truth / units.force,
            formula=self.formula / units.force,
            network=self.network / units.force,
            clip=(low, high),
        )

    def to_json(self) -> ParsedObject:
        """A plot: `x`, `series` by name, labels and limits."""
        named = {"truth": self.truth, "formula": self.formula, "network": self.network}
        return {
            "x": plain(self.r),
            "series": {name: plain(line) for name, line in named.items() if line is not None},
            "x_label": "distance",
            "y_label": "force",
            "clip": plain(self.clip),
        }


@dataclass(frozen=True, eq=False)
class EnergyCurve:
    """The change of energy along rollouts of the formula; the median over trajectories."""

    time: Float[np.ndarray, " point"]
    change: Float[np.ndarray, " point"]
    """Relative to the energy at the start; see `Rollout`."""

    @classmethod
    def of(cls, moved: Rollout | None) -> EnergyCurve | None:
        """None where nothing was rolled out, or no energy is conserved."""
        if moved is None or moved.energy is None:
            return None
        kept = np.unique(np.linspace(0, len(moved.time) - 1, 2 * _POINTS).astype(int))
        return cls(moved.time[kept], np.median(np.abs(moved.energy), axis=0)[kept])

    def in_units(self, units: Units) -> EnergyCurve:
        """The same, measured in these units."""
        return self if units.same else replace(self, time=self.time / units.time)

    def to_json(self) -> ParsedObject:
        """A plot: `x`, `series` by name, and labels."""
        return {
            "x": plain(self.time),
            "series": {"formula": plain(self.change)},
            "x_label": "time",
            "y_label": "change of energy",
        }


def typical_attributes(data: Design) -> dict[str, float]:
    """Those of the two bodies whose force is drawn: medians, the largest where signs differ."""
    return {
        name: float(np.median(values)) if (values > 0).all() else float(np.max(values))
        for name, values in data.attributes.items()
    }


def _limits(values: Float[np.ndarray, " value"]) -> tuple[float, float]:
    """Room for most of a curve that may diverge."""
    low, high = np.quantile(values, [0.04, 0.96]) if values.size else (-1.0, 1.0)
    room = 0.2 * (high - low) + 1e-12
    return float(low - room), float(high + room)


def _finite(values: Float[np.ndarray, " point"]) -> Float[np.ndarray, " point"]:
    return np.where(np.isfinite(values), values, np.nan)
