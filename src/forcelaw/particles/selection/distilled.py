"""What a trained law was distilled to: a formula, and what it was chosen from."""

from __future__ import annotations

from dataclasses import dataclass

from forcelaw.laws import Formula
from forcelaw.particles.selection.pareto import Judged
from forcelaw.particles.selection.validation_on_positions import Validated
from forcelaw.storage import Record


@dataclass(frozen=True)
class ParetoRow(Record):
    """A formula of the Pareto front, as a table shows it."""

    complexity: int
    error: float
    """See `Judged`."""
    text: str
    source: str
    """Where the pair force comes from; see `Judged`."""
    chosen: bool


@dataclass(frozen=True, eq=False, repr=False)
class Distilled:
    """A formula and the Pareto front that it was chosen from."""

    formula: Formula
    front: tuple[Judged, ...]
    candidates: dict[str, int]
    """How many were `tried`, and how many `dropped` because their numbers failed."""
    confirmed: Validated | None = None
    """Where only noisy positions were measured: the fits to them that errors and choice are of."""

    def __repr__(self) -> str:
        return f"Distilled({self.formula!r}, chosen from {len(self.front)})"

    def table(self) -> tuple[ParetoRow, ...]:
        """A row for every member of the front."""
        return tuple(
            ParetoRow(
                complexity=judged.complexity,
                error=judged.error,
                text=judged.formula.text().replace("\n", "; "),
                source=judged.source,
                chosen=judged.formula is self.formula,
            )
            for judged in self.front
        )
