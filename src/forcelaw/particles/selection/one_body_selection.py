"""Which one-body forces help beside a pair force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Expression
from forcelaw.laws.expression import Node
from forcelaw.numerics import least_squares, solve_with_ridge
from forcelaw.particles.candidates import OneBodyTerm
from forcelaw.particles.equations import Design, pair_value
from forcelaw.particles.selection.settings import SELECTION, SelectionSettings

_RIDGE = 1e-13
"""Of unit columns: those that depend on each other share their factor."""


@dataclass(frozen=True, eq=False)
class OneBodyChoice:
    """One-body forces and the accelerations they cause, to be compared beside many pair forces."""

    design: Design
    terms: tuple[OneBodyTerm, ...]
    places: dict[tuple[Node, ...], int]
    """Where the column of each factor stands in `flat`."""
    flat: Float[np.ndarray, "number column"]
    """Weighted columns; the last one holds what was measured."""
    settings: SelectionSettings

    @classmethod
    def of(
        cls,
        terms: Sequence[OneBodyTerm],
        design: Design,
        *,
        settings: SelectionSettings = SELECTION,
    ) -> OneBodyChoice:
        """Columns are computed once; of each two terms their sum is a term, too."""
        trees = tuple(dict.fromkeys(tree for term in terms for tree in term.trees))
        columns = [*OneBodyTerm(trees).columns(design), design.acceleration]
        weight = design.weight[..., None]
        flat = np.stack([(weight * column).ravel() for column in columns], axis=1)
        places = {tree: k for k, tree in enumerate(trees)}
        return cls(design, tuple(terms), places, flat, settings)

    def beside(self, pair: Expression) -> list[OneBodyTerm | None]:
        """None, the best term and the best two together, each if it helps beside the pair force."""
        weight = self.design.weight[..., None]
        column = (weight * self.design.pair_acceleration(pair_value(pair, self.design))).ravel()
        flat = np.concatenate([self.flat, column[:, None]], axis=1)
        with np.errstate(over="ignore", invalid="ignore"):
            gram = flat.T @ flat
        if not np.isfinite(gram).all():
            return [None]
        size = np.sqrt(np.diag(gram))
        scale = np.where(size > self.settings.one_body.tiny, size, 1)
        gram = gram / np.outer(scale, scale)
        always = [len(gram) - 1] if size[-1] > self.settings.one_body.tiny else []
        error = self._solve(flat, always)[1]
        found: list[OneBodyTerm | None] = [None]
        # Noise hides how much better one is: the choice between all candidates decides.
        limit = error if self.design.weak is not None else (1 - self.settings.pareto.better) * error
        for options in (self.terms, [a.beside(b) for a, b in combinations(self.terms, 2)]):
            term = self._short(self._best(options, gram, always), gram, always)
            factors, error = self._solve(flat, [*always, *self._rows(term)])
            if error < limit:
                found.append(term.with_factors(factors[len(always) :]))
                limit = (1 - self.settings.pareto.better) * error - self.settings.one_body.exact
        return found

    def _rows(self, term: OneBodyTerm) -> list[int]:
        return [self.places[tree] for tree in term.trees]

    def _best(
        self, options: Sequence[OneBodyTerm], gram: Float[np.ndarray, "all all"], always: list[int]
    ) -> OneBodyTerm:
        """The one of fewest factors that is about as good as any."""
        losses = [self._loss(gram, [*always, *self._rows(term)]) for term in options]
        limit = (1 + self.settings.one_body.as_good) * min(losses) + self.settings.one_body.exact**2
        good = [k for k, loss in enumerate(losses) if loss <= limit]
        return options[min(good, key=lambda k: (len(options[k].trees), losses[k]))]

    def _short(
        self, term: OneBodyTerm, gram: Float[np.ndarray, "all all"], always: list[int]
    ) -> OneBodyTerm:
        """Without the factors that change nothing."""
        limit = (1 + self.settings.one_body.no_loss) * self._loss(
            gram, [*always, *self._rows(term)]
        ) + self.settings.one_body.exact**2
        while len(term.trees) > 1:
            shorter = [term.without(place) for place in range(len(term.trees))]
            losses = [self._loss(gram, [*always, *self._rows(one)]) for one in shorter]
            if min(losses) > limit:
                break
            term = shorter[int(np.argmin(losses))]
        return term

    def _loss(self, gram: Float[np.ndarray, "all all"], rows: list[int]) -> float:
        """The share of the sum of squares that these columns leave."""
        goal = self.flat.shape[1] - 1
        if gram[goal, goal] == 0:
            return 0.0
        factors = solve_with_ridge(gram[np.ix_(rows, rows)], gram[rows, goal], _RIDGE)
        return float(1 - gram[rows, goal] @ factors)

    def _solve(
        self, flat: Float[np.ndarray, "number all"], rows: list[int]
    ) -> tuple[Float[np.ndarray, " column"], float]:
        """Factors of these columns, and the mean absolute error that is left."""
        goal = flat[:, self.flat.shape[1] - 1]
        factors, left = least_squares(flat[:, rows], goal)
        return factors, float(np.mean(np.abs(left)))
