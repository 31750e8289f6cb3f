"""Formulas as columns of equations: what they leave, and what other numbers would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Recordings
from forcelaw.particles.forms import ReadForm
from forcelaw.particles.kernels import (
    KnownFunctions,
    Moments,
    MomentSettings,
    Order,
    Reference,
    Residuals,
    Terms,
    find_residuals,
    sum_moments,
)


@dataclass(frozen=True, eq=False)
class ExactLaw:
    """Formulas with all numbers, as factors of columns that are the formulas themselves."""

    terms: Terms
    """With the value of the formula as the first column of each block, then its slopes."""
    factors: Float[np.ndarray, " column"]
    """One for values, zero for slopes, and those of one-body terms."""

    def residuals(
        self,
        data: Recordings,
        order: Order,
        cutoff: float,
        *,
        rows: int,
        seed: int = 0,
        reference: Reference | None = None,
    ) -> Residuals:
        """What it leaves."""
        return find_residuals(
            data, self.terms, self.factors, order, cutoff, rows=rows, seed=seed, reference=reference
        )

    @property
    def values(self) -> list[int]:
        """The columns of the formulas."""
        return self.terms.offsets[:-1].tolist()

    @property
    def free(self) -> list[int]:
        """All other columns."""
        return [k for k in range(self.terms.size) if k not in set(self.values)]

    @classmethod
    def of(
        cls, terms: Terms, forms: Sequence[ReadForm], alone: Float[np.ndarray, " term"]
    ) -> ExactLaw:
        """The law of these forms and factors."""
        exact = exact_terms(terms, [[form] for form in forms])
        factors = np.zeros(exact.size)
        factors[exact.offsets[:-1]] = 1
        factors[int(exact.offsets[-1]) :] = alone
        return cls(exact, factors)


def exact_terms(terms: Terms, options: Sequence[Sequence[ReadForm]]) -> Terms:
    """Of each form its value and its slopes, in the place of splines."""
    blocks = tuple(
        replace(
            block,
            basis=KnownFunctions(
                _functions(tuple(forms)),
                sum(1 + form.numbers for form in forms),
                max(form.farthest for form in forms),
            ),
        )
        for block, forms in zip(terms.blocks, options, strict=True)
    )
    return replace(terms, blocks=blocks)


def _functions(
    forms: Sequence[ReadForm],
) -> Callable[[Float[np.ndarray, " pair"]], Float[np.ndarray, "pair column"]]:
    def evaluate(r: Float[np.ndarray, " pair"]) -> Float[np.ndarray, "pair column"]:
        parts = []
        for form in forms:
            parts += [form.at(r, form.values)[:, None], form.slopes(r, form.values).T]
        return np.concatenate(parts, axis=1)

    return evaluate


def sum_exactly(
    data: Recordings,
    terms: Terms,
    options: Sequence[Sequence[ReadForm]],
    alone: Float[np.ndarray, " term"],
    median: float,
    order: Order,
    cutoff: float,
    *,
    rows: int,
    seed: int,
) -> tuple[Moments, Reference]:
    """Sums over equations, weighted by what the first form of each block leaves."""
    exact = exact_terms(terms, options)
    factors = np.zeros(exact.size)
    factors[exact.offsets[:-1]] = 1
    factors[int(exact.offsets[-1]) :] = alone
    weights = Reference(factors, median)
    sums = sum_moments(
        data,
        exact,
        order,
        cutoff,
        seed=seed,
        reference=weights,
        settings=MomentSettings(rows=rows),
    )
    return sums, weights


def solve_numbers(
    sums: Moments, values: Sequence[int], free: Sequence[int]
) -> Float[np.ndarray, " column"]:
    """All factors, where those of values are one."""
    whole = sums.whole
    factors = np.zeros(whole.xx.shape[-1])
    factors[values] = 1
    if len(free):
        goal = whole.xy[0][free] - whole.xx[0][np.ix_(free, values)].sum(axis=1)
        squares = whole.xx[0][np.ix_(free, free)]
        size = np.sqrt(np.maximum(np.diag(squares), 1e-300))
        scaled = squares / size / size[:, None]
        factors[free] = np.linalg.pinv(scaled, rcond=1e-12, hermitian=True) @ (goal / size) / size
    return factors


def held_out_squares(
    sums: Moments, values: Sequence[int], free: Sequence[int]
) -> Float[np.ndarray, " fold"]:
    """What factors from other folds leave of each."""
    left = []
    for fold in np.flatnonzero(sums.count).tolist():
        factors = solve_numbers(sums.without(fold), values, free)
        products = factors @ (sums.xx[fold] @ factors - 2 * sums.xy[fold])
        left.append(sums.yy[fold] + products)
    return np.array(left)
