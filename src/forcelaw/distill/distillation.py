"""From samples to a formula: search, polish, Pareto front, choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forcelaw.distill.attempts import Attempts
from forcelaw.distill.candidates import Candidate, pareto_front, select
from forcelaw.distill.expression_constants import measure
from forcelaw.distill.samples import Samples
from forcelaw.distill.searchers import Searcher, check_searchers, choose_searchers
from forcelaw.distill.simplification import polish
from forcelaw.documents import JsonObject
from forcelaw.laws import Expression
from forcelaw.laws.expression import Parameter


@dataclass(frozen=True, eq=False)
class Distillation:
    """The Pareto front by increasing complexity, and the member that the rule chose."""

    front: tuple[Candidate, ...]
    chosen: Candidate

    @property
    def expression(self) -> Expression:
        """The chosen expression."""
        return self.chosen.expression

    def table(self) -> list[JsonObject]:
        """One row a member: `complexity`, `error`, `text`."""
        return [candidate.row() for candidate in self.front]


def distill(
    variables: Mapping[str, Any],
    target: Any,
    *,
    weights: Any = None,
    searchers: Sequence[Searcher] | None = None,
    seed: int = 0,
    tolerance: float = 0.01,
    floor: float = 1e-10,
    within: float | None = 3.0,
    samples: int = 5000,
    attempts: Attempts | None = None,
) -> Distillation:
    """The formula of a target in named variables.

    **Arguments:** arrays `[sample]` of `variables`, `target` and optional `weights`; `searchers`
    propose expressions (a library of terms, one threshold, and Operon unless given); `tolerance`
    is the share by which the error may grow for a shorter or rounder formula; `floor` and
    `within` steer the choice as in `select`; `samples` is the most that are used; `attempts`
    counts expressions, and those dropped because their numbers fail.

    **Raises** `InputError` for arrays of different lengths or with values that are not finite.
    """
    check_searchers(searchers)
    searchers = choose_searchers() if searchers is None else searchers
    attempts = Attempts() if attempts is None else attempts
    data = Samples.of(variables, target, weights).at_most(samples, seed=seed)
    mean = float(np.average(data.target, weights=data.weights))
    found = [measure(Expression.of(Parameter(mean)), data)]
    for searcher in searchers:
        for expression in searcher.search(data, seed=seed):
            polished = attempts.make(polish, expression, data, tolerance=tolerance)
            if polished is None:
                continue
            if not np.isfinite(polished.error):
                attempts.drop()
            found.append(polished)
    front = pareto_front(found)
    return Distillation(tuple(front), select(front, floor=floor, within=within))
