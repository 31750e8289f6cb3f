"""Few terms of a library that explain the accelerations themselves: candidates beside the search.

Where a network is only nearly right, the search reproduces its mistakes. Sparse regression on the
measured accelerations (Brunton, Proctor, Kutz 2016; Gao & Yan 2022 for networks of bodies) has no
such detour, but only knows the terms of its library.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import combinations
from operator import add

import numpy as np
from jaxtyping import Float

from forcelaw.distill import Attempts, NumericalError, representable, simplify
from forcelaw.laws import Expression, both_ends
from forcelaw.laws.expression import Variable, product, where
from forcelaw.numerics import solve_with_ridge
from forcelaw.particles.candidates.one_body_library import OneBodyTerm, all_columns
from forcelaw.particles.candidates.settings import CANDIDATES, CandidatesSettings
from forcelaw.particles.equations import Design

_SHAPES = ("r**(-3)", "r**(-2)", "r**(-1)", "1", "r", "r**2", "log(r)", "exp(-r)")


def fit_term_library(
    design: Design,
    names: Sequence[str],
    one_body: Sequence[OneBodyTerm],
    *,
    beyond: Sequence[float] = (),
    attempts: Attempts | None = None,
    settings: CandidatesSettings = CANDIDATES,
) -> list[Expression]:
    """The best pair forces of one and of two terms, the forces `one_body` free beside them.

    **Arguments:** `names` of attributes whose products over both bodies multiply the terms;
    `beyond` thresholds: for each, forces that vanish below it are tried too; `attempts` counts.
    """
    attempts = Attempts() if attempts is None else attempts
    variables = design.variables()
    trees, values = [], []
    shapes = [Expression.parse(text).term for text in _SHAPES]
    for chosen in [(), *((name,) for name in names)]:
        for shape in shapes:
            tree = product(*both_ends(*chosen), shape)
            trees.append(tree)
            values.append(Expression.of(tree).at(variables))
    found = []
    free = all_columns(one_body, design)
    for threshold in (None, *beyond):
        reaches = 1.0 if threshold is None else design.length >= threshold
        columns = [design.pair_acceleration(np.nan_to_num(value * reaches)) for value in values]
        for chosen, factors in _best(design, columns, free, attempts, settings):
            terms = [product(f, trees[k]) for k, f in zip(chosen, factors, strict=True)]
            pair = representable(reduce(add, terms))
            if pair is None:
                attempts.drop()
                continue
            pair = simplify(pair)
            if threshold is not None:
                pair = Expression.of(where(Variable("r") < threshold, 0, pair.term))
            found.append(pair)
    return found


def _best(
    design: Design,
    columns: list[Float[np.ndarray, "row body dim"]],
    one_body: list[Float[np.ndarray, "row body dim"]],
    attempts: Attempts,
    settings: CandidatesSettings,
) -> list[tuple[tuple[int, ...], list[float]]]:
    """The best set of columns of every size up to the most, and its factors."""
    weight = design.weight[..., None]
    everything = [*columns, *one_body, design.acceleration]
    stacked = np.stack([(weight * column).ravel() for column in everything], axis=1)
    size = np.sqrt(np.mean(stacked**2, axis=0))
    size = np.where(size > 0, size, 1)
    gram = (stacked / size).T @ (stacked / size)
    kept = [k for k in range(len(columns)) if gram[k, k] > 0]
    others = list(range(len(columns), len(columns) + len(one_body)))
    found = []
    for count in range(1, settings.terms + 1):
        tried = {
            chosen: attempts.make(_loss, gram, [*chosen, *others])
            for chosen in combinations(kept, count)
        }
        losses = {chosen: loss for chosen, loss in tried.items() if loss is not None}
        if losses:
            chosen = min(losses, key=lambda c: losses[c])
            factors = solve_rows(gram, [*chosen, *others])[: len(chosen)]
            scaled = factors * size[-1] / size[list(chosen)]
            found.append((chosen, scaled.tolist()))
    return found


def solve_rows(gram: np.ndarray, rows: list[int]) -> np.ndarray:
    """Factors of the chosen rows, from the Gram matrix, whose last row is the goal."""
    # Terms of the one-body force that are the same (of constant masses) need the ridge.
    ridge = 1e-10 * gram[-1, -1]
    return solve_with_ridge(gram[np.ix_(rows, rows)], gram[rows, -1], ridge)


def _loss(gram: np.ndarray, rows: list[int]) -> float:
    loss = float(gram[-1, -1] - gram[rows, -1] @ solve_rows(gram, rows))
    if not np.isfinite(loss):
        raise NumericalError("columns that are not finite")
    return loss
