"""A formula with its error, the Pareto front of many, and the rule that picks one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from forcelaw.documents import JsonObject
from forcelaw.laws import Expression


@dataclass(frozen=True, eq=False)
class Candidate:
    """An expression and the share of the target's variance that it leaves unexplained."""

    expression: Expression
    error: float
    """Weighted mean squared error over the target's variance: one minus R squared."""

    @property
    def complexity(self) -> int:
        """The number of nodes of the expression."""
        return self.expression.complexity

    def row(self) -> JsonObject:
        """What a table prints: `complexity`, `error`, `text`."""
        return {
            "complexity": self.complexity,
            "error": self.error,
            "text": self.expression.text(),
        }


def pareto_front(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that no simpler or equal one beats, by increasing complexity."""
    front: list[Candidate] = []
    finite = [candidate for candidate in candidates if np.isfinite(candidate.error)]
    for candidate in sorted(finite, key=lambda c: (c.complexity, c.error)):
        if not front or candidate.error < front[-1].error:
            front.append(candidate)
    return front


def drops(front: Sequence[Candidate], *, floor: float = 1e-10) -> list[float]:
    """For each member of a front the drop `-d log(error) / d complexity` from the one before.

    Errors below `floor` count as `floor`: digits beyond the precision of the samples are no gain.
    The first member's drop is 0.
    """
    logs = [float(np.log(max(candidate.error, floor))) for candidate in front]
    steps = [
        (logs[i - 1] - logs[i]) / (front[i].complexity - front[i - 1].complexity)
        for i in range(1, len(front))
    ]
    return [0.0, *steps]


def select(
    front: Sequence[Candidate], *, floor: float = 1e-10, within: float | None = 3.0
) -> Candidate:
    """The member of a front with the largest drop of the logarithm of the error per node.

    **Arguments:** `floor` as for `drops`; `within` passes over members whose error is more than
    so many times the smallest one: with noise, a crude formula after the constant may show the
    steepest drop although the law is still to come. `None` is the rule of the paper alone.

    **Raises** `ValueError` for an empty front.

    Cranmer et al., Discovering Symbolic Models from Deep Learning with Inductive Biases (2020),
    section 3; the bound on the error follows PySR (Cranmer 2023, arXiv 2305.01582).
    """
    if not front:
        raise ValueError("an empty Pareto front has nothing to select")
    smallest = max(min(candidate.error for candidate in front), floor)
    limit = np.inf if within is None else within * smallest
    steps = drops(front, floor=floor)
    allowed = [i for i, candidate in enumerate(front) if max(candidate.error, floor) <= limit]
    return front[max(allowed, key=lambda i: steps[i])]
