"""Sparse regression over a library of terms, and the power law: fast, and the baselines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from itertools import product as pairs
from operator import add

import numpy as np

from forcelaw.distill.samples import Samples
from forcelaw.distill.searchers.searcher import Searcher, representable
from forcelaw.laws import Expression
from forcelaw.laws.expression import Node, Variable, exp, product
from forcelaw.numerics import least_squares

_HUGE = 600.0
"""Logarithm of a factor that is no number any more."""


@dataclass(frozen=True)
class LibrarySearch(Searcher):
    """Sums of few terms, each a product of attributes times a function of the distance `r`.

    The best single term and the best pair are found exhaustively, longer sums greedily. A power
    law with free exponents, without and with an exponential decay, is added. In the spirit of
    Brunton, Proctor, Kutz, Discovering governing equations from data by sparse identification
    of nonlinear dynamical systems (2016).
    """

    powers: tuple[int, ...] = (-3, -2, -1, 0, 1, 2, 3)
    functions: tuple[str, ...] = ("log(r)", "exp(-r)")
    degree: int = 2
    """Most attributes multiplied in one term."""
    terms: int = 4
    """Most terms of a sum."""

    def search(self, samples: Samples, *, seed: int) -> list[Expression]:
        """See `Searcher.search`; nothing here is random."""
        del seed
        trees, columns = self._library(samples)
        root = np.sqrt(samples.weights)
        sizes = np.sqrt(np.mean((root[:, None] * columns) ** 2, axis=0))
        design = root[:, None] * columns / sizes
        goal = root * samples.target / samples.scale
        found = [_power_law(samples, decay=False), _power_law(samples, decay=True)]
        for chosen in _best_sums(design, goal, self.terms):
            fit, _ = least_squares(design[:, chosen], goal)
            factors = fit * samples.scale / sizes[chosen]
            terms = [product(c, trees[i]) for c, i in zip(factors.tolist(), chosen, strict=True)]
            found.append(representable(reduce(add, terms)))
        return [expression for expression in found if expression is not None]

    def _library(self, samples: Samples) -> tuple[list[Node], np.ndarray]:
        """The terms, and their finite, distinct, nonzero values `[sample, term]`."""
        others = [Variable(name) for name in samples.variables if name != "r"]
        monomials = [names for k in range(self.degree + 1) for names in combinations(others, k)]
        shapes: list[tuple[Node, ...]] = [()]
        if "r" in samples.variables:
            r = Variable("r")
            shapes = [() if p == 0 else (r if p == 1 else r**p,) for p in self.powers]
            shapes += [(Expression.parse(text).term,) for text in self.functions]
        trees, columns = [], []
        for monomial, shape in pairs(monomials, shapes):
            tree = product(*((*monomial, *shape) or (1,)))
            values = Expression.of(tree)
            column = values.at(samples.variables)
            repeated = any(np.allclose(column, other, rtol=1e-9, atol=0) for other in columns)
            if np.isfinite(column).all() and column.any() and not repeated:
                trees.append(tree)
                columns.append(column)
        return trees, np.stack(columns, axis=1)


def _best_sums(design: np.ndarray, goal: np.ndarray, most: int) -> list[list[int]]:
    """The best set of columns of every size: exhaustive for one and two, then greedy."""
    gram, projection = design.T @ design, design.T @ goal
    square = np.diag(gram)
    best = [[int(np.argmax(projection**2 / square))]]
    determinant = np.outer(square, square) - gram**2
    first, second = projection[:, None], projection[None, :]
    gain = square[None, :] * first**2 + square[:, None] * second**2 - 2 * gram * first * second
    usable = determinant > 1e-9 * np.outer(square, square)
    if most > 1 and usable.any():
        score = np.where(usable, gain / np.where(usable, determinant, 1), -np.inf)
        best.append([int(i) for i in np.unravel_index(np.argmax(score), score.shape)])
    while 1 < len(best) < min(most, design.shape[1]):
        chosen = best[-1]
        left = [i for i in range(design.shape[1]) if i not in chosen]
        losses = [_loss(design[:, [*chosen, i]], goal) for i in left]
        best.append([*chosen, left[int(np.argmin(losses))]])
    return best


def _loss(design: np.ndarray, goal: np.ndarray) -> float:
    return float(np.sum(least_squares(design, goal)[1] ** 2))


def _power_law(samples: Samples, *, decay: bool) -> Expression | None:
    """`c * signs * prod x**p`, times `exp(-k*r)` with `decay`, fitted in logarithms.

    Inputs of either sign enter as the subset of factors whose product best explains the sign.
    """
    sign = np.sign(samples.target)
    kept = sign != 0
    if not kept.any():
        return None
    positive = [name for name, x in samples.variables.items() if (x > 0).all()]
    signed = [name for name in samples.variables if name not in positive]
    subsets = [names for k in range(len(signed) + 1) for names in combinations(signed, k)][:64]
    agreement = [
        np.sum(
            samples.weights * sign * np.prod([np.sign(samples.variables[n]) for n in names], axis=0)
        )
        for names in subsets
    ]
    best = int(np.argmax(np.abs(agreement)))
    factors = subsets[best]
    size = np.prod([samples.variables[name] for name in factors], axis=0) * np.ones(len(samples))
    kept &= size != 0
    if kept.sum() <= len(positive):
        return None
    columns = [np.ones(int(kept.sum())), *(np.log(samples.variables[n][kept]) for n in positive)]
    if decay and "r" not in samples.variables:
        return None
    columns += [samples.variables["r"][kept]] if decay else []
    root = np.sqrt(samples.weights[kept])
    goal = np.log(np.abs(samples.target[kept] / size[kept]))
    design = np.stack(columns, axis=1)
    fit, _ = least_squares(design * root[:, None], goal * root)
    if not abs(fit[0]) < _HUGE:
        return None
    constant = float(np.exp(fit[0]) * np.sign(agreement[best]))
    powers = [Variable(name) ** float(p) for name, p in zip(positive, fit[1:], strict=False)]
    powers += [exp(float(fit[-1]) * Variable("r"))] if decay else []
    return representable(product(constant, *map(Variable, factors), *powers))
