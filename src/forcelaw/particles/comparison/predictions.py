"""Predicted numbers beside measured ones, and the residual by distance, by time and by body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Law, Units
from forcelaw.particles.comparison.drawn_numbers import Drawn, bin_means, choose_some, draw_by
from forcelaw.particles.equations import Design, acceleration_errors
from forcelaw.storage import ParsedObject, plain

_MOST_BODIES = 1_000
"""That are drawn one by one."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """What was measured of bodies, and what a law predicts, component by component."""

    what: str
    """Of what: `acceleration`, or in units of the noise `displacement / noise`."""
    measured: Float[np.ndarray, "row dim"]
    predicted: Float[np.ndarray, "row dim"]
    body: Float[np.ndarray, " row"]
    time: Float[np.ndarray, " row"] | None = None
    """None where a row is of many times."""
    distance: Float[np.ndarray, " row"] | None = None
    """To the nearest body; None likewise."""
    towards: Float[np.ndarray, "row dim"] | None = None
    """The unit vector to it."""
    before: Float[np.ndarray, "row dim"] | None = None
    """Where chance moves bodies, what the law predicted from snapshots before it did."""

    @classmethod
    def of(cls, law: Law, design: Design) -> Predictions:
        """Of samples that the law was not fitted to."""
        missed, measured = acceleration_errors(law, design), design.acceleration
        rows, bodies, dim = measured.shape
        body = np.broadcast_to(np.arange(bodies, dtype=float), (rows, bodies))
        if design.weak is not None:
            weight = design.weight[..., None]
            kept = design.weight.ravel() > 0
            measured, predicted = weight * measured, weight * (measured + missed)
            return cls(
                "displacement / noise",
                measured.reshape(-1, dim)[kept],
                predicted.reshape(-1, dim)[kept],
                body.ravel()[kept],
            )
        distance, towards = _nearest(design)
        dated = design.time.size == rows
        return cls(
            "acceleration",
            measured.reshape(-1, dim),
            (measured + missed).reshape(-1, dim),
            body.ravel(),
            np.repeat(design.time, bodies) if dated else None,
            distance.ravel(),
            towards.reshape(-1, dim),
        )

    def in_units(self, units: Units) -> Predictions:
        """The same, measured in these units."""
        if units.same or self.distance is None:
            return self
        return Predictions(
            self.what,
            self.measured / units.acceleration,
            self.predicted / units.acceleration,
            self.body,
            None if self.time is None else self.time / units.time,
            self.distance / units.length,
            self.towards,
            None if self.before is None else self.before / units.acceleration,
        )

    def to_json(self) -> ParsedObject:
        """Plots: `predicted` against measured, and the residual `by_distance`, `_time`, `_body`."""
        left = self.measured - self.predicted
        label = f"residual {self.what}"
        by_distance = by_time = None
        if self.distance is not None and self.towards is not None:
            along = np.sum(left * self.towards, axis=1)
            by_distance = draw_by(
                self.distance,
                along,
                x_label="distance to the nearest body",
                y_label="residual towards it",
            )
        if self.time is not None and np.ptp(self.time) > 0:
            time = np.repeat(self.time, left.shape[1])
            by_time = draw_by(time, left.ravel(), x_label="time", y_label=label)
        return plain(
            {
                "predicted": self._against_measured(),
                "by_distance": by_distance,
                "by_time": by_time,
                "by_body": self._by_body(left),
            }
        )

    def _against_measured(self) -> Drawn | None:
        if self.before is not None:
            return self._means_by_prediction(self.before)
        measured, predicted = self.measured.ravel(), self.predicted.ravel()
        there = np.isfinite(measured) & np.isfinite(predicted)
        measured, predicted = measured[there], predicted[there]
        if not len(measured):
            return None
        chosen = choose_some(len(measured), 0)
        measured, predicted = measured[chosen], predicted[chosen]
        ends = np.array([measured.min(), measured.max()])
        return Drawn(
            f"measured {self.what}",
            f"predicted {self.what}",
            (measured, predicted),
            ends,
            {"ideal": ends},
        )

    def _means_by_prediction(self, before: Float[np.ndarray, "row dim"]) -> Drawn | None:
        """Where single numbers are chance, means of as many tell whether the law is right."""
        predicted, measured = before.ravel(), self.measured.ravel()
        there = np.isfinite(measured) & np.isfinite(predicted)
        if not there.any():
            return None
        middle, mean, half = bin_means(predicted[there], measured[there])
        ends = np.array([middle.min(), middle.max()])
        labels = (f"predicted {self.what}", f"mean measured {self.what}")
        return Drawn(*labels, (middle, mean), ends, {"ideal": ends}, errors=half)

    def _by_body(self, left: Float[np.ndarray, "row dim"]) -> Drawn | None:
        bodies, index = np.unique(self.body, return_inverse=True)
        if not 1 < len(bodies) <= _MOST_BODIES:
            return None
        squares = np.bincount(index, np.nan_to_num(left**2).mean(axis=1))
        size = np.sqrt(squares / np.bincount(index))
        return Drawn("body", "root mean square residual", (bodies, size))


def _nearest(
    design: Design,
) -> tuple[Float[np.ndarray, "sample body"], Float[np.ndarray, "sample body dim"]]:
    """The distance to the nearest body that acts, and the direction; nan without any."""
    samples, bodies, dim = design.position.shape
    distance = np.full((samples, bodies), np.nan)
    towards = np.full((samples, bodies, dim), np.nan)
    rows = np.arange(samples)
    for body in range(bodies):
        edges = np.flatnonzero(design.receiver == body)
        if not len(edges):
            continue
        nearest = edges[np.argmin(design.length[:, edges], axis=1)]
        distance[:, body] = design.length[rows, nearest]
        towards[:, body] = design.direction[rows, nearest]
    return distance, towards
