"""All that a report draws of a law beside measurements of plain motion."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Formula, Law, Units
from forcelaw.numerics import least_squares
from forcelaw.particles.comparison.drawn_numbers import Drawn, choose_some
from forcelaw.particles.comparison.measured_forces import MeasuredForces
from forcelaw.particles.comparison.predictions import Predictions
from forcelaw.particles.diagnosis import ForceSpline
from forcelaw.particles.equations import Design
from forcelaw.particles.learning import edge_messages, strongest
from forcelaw.particles.result_curves import ForceCurves, typical_attributes
from forcelaw.storage import ParsedObject, plain

_MESSAGES = 4_000
"""Of messages that are compared."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Samples of the test part beside a formula, a curve and a network."""

    predictions: Predictions
    r: Float[np.ndarray, " point"]
    curve: Float[np.ndarray, "3 point"]
    """The force whatever its formula, of two typical bodies, and its band: low, middle, high."""
    points: MeasuredForces | None
    messages: tuple[Float[np.ndarray, " number"], Float[np.ndarray, " number"]] | None
    """One linear map of the true forces, and the messages, in units of their own; None where the
    truth is not known."""

    @classmethod
    def of(
        cls,
        formula: Law,
        law: Law,
        curve: ForceSpline,
        drawn: ForceCurves,
        truth: Formula | None,
        design: Design,
    ) -> Comparison:
        """On samples that nothing was fitted to. **Arguments:** `law` the trained network."""
        typical = typical_attributes(design)
        factor = float(np.prod([typical[name] ** 2 for name in curve.names]))
        rows = np.stack([curve.low, curve.force, curve.high])
        at = np.stack([np.interp(drawn.r, curve.r, row) for row in rows])
        return cls(
            Predictions.of(formula, design),
            drawn.r,
            factor * at,
            MeasuredForces.of(curve, design.scanned, factor),
            _messages(law, truth, design),
        )

    def in_units(self, units: Units) -> Comparison:
        """The same, measured in these units."""
        if units.same:
            return self
        return replace(
            self,
            predictions=self.predictions.in_units(units),
            r=self.r / units.length,
            curve=self.curve / units.force,
            points=None if self.points is None else self.points.in_units(units),
        )

    def to_json(self) -> ParsedObject:
        """Plots by name: those of `Predictions`, `force`, and `messages` against forces."""
        low, middle, high = self.curve
        force = {
            "x": self.r,
            "series": {"curve": middle},
            "x_label": "distance",
            "y_label": "force",
            "low": low,
            "high": high,
            "dots": self.points,
        }
        return plain({**self.predictions.to_json(), "force": force, "messages": self._messages()})

    def _messages(self) -> Drawn | None:
        if self.messages is None:
            return None
        mapped, sent = self.messages
        ends = np.array([mapped.min(), mapped.max()])
        chosen = choose_some(len(sent), 0)
        dots = (mapped[chosen], sent[chosen])
        return Drawn("linear map of the true force", "message", dots, ends, {"ideal": ends})


def _messages(
    law: Law, truth: Formula | None, design: Design
) -> tuple[Float[np.ndarray, " number"], Float[np.ndarray, " number"]] | None:
    """The strongest messages, and the best affine map from true forces to them; see `explained`."""
    if truth is None:
        return None
    dim = design.position.shape[2]
    sent = strongest(edge_messages(law, design), dim).reshape(-1, dim)
    true = (truth.pair.at(design.variables())[..., None] * design.direction).reshape(-1, dim)
    there = np.isfinite(sent).all(axis=1) & np.isfinite(true).all(axis=1)
    if there.sum() <= 2 * dim:
        return None
    sent, true = sent[there], true[there]
    columns = np.concatenate([true, np.ones((len(true), 1))], axis=1)
    mapped = sent + least_squares(columns, sent)[1]
    chosen = choose_some(len(true), 0, _MESSAGES)
    return mapped[chosen].ravel(), sent[chosen].ravel()
