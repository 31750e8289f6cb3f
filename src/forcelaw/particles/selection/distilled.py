"""What a trained law was distilled to: a formula, and what it was chosen from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forcelaw.distill import Distillation
from forcelaw.laws import Formula
from forcelaw.particles.selection.pareto import Judged
from forcelaw.particles.selection.validation_on_positions import Confirmed


@dataclass(frozen=True, eq=False)
class Distilled:
    """A formula and the Pareto front that it was chosen from."""

    formula: Formula
    front: tuple[Judged, ...]
    search: Distillation
    """The search on samples of the network's force, before the refit on accelerations."""
    candidates: dict[str, int]
    """How many were `tried`, and how many `dropped` because their numbers failed."""
    confirmed: Confirmed | None = None
    """Where only noisy positions were measured: the fits to them that errors and choice are of."""

    def table(self) -> list[dict[str, Any]]:
        """Rows of `complexity`, `error`, `text`, `source` and `chosen`."""
        return [
            {
                "complexity": judged.complexity,
                "error": judged.error,
                "text": judged.formula.text().replace("\n", "; "),
                "source": judged.source,
                "chosen": judged.formula is self.formula,
            }
            for judged in self.front
        ]
