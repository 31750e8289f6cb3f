"""The numbers of a formula that are fitted, as one array."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Int

from forcelaw.laws.formula import Formula


def numbers(formula: Formula) -> Float[np.ndarray, " number"]:
    """Those of the pair force, then those of the one-body force alone; see `Formula.shared`."""
    values = _written(formula)
    index, sign = _shared(formula)
    found = np.zeros(index.max(initial=-1) + 1)
    found[index] = sign * values
    return found


def with_numbers(formula: Formula, values: Sequence[float] | np.ndarray) -> Formula:
    """The same formula with other numbers in place of `numbers`."""
    parts = (formula.pair, *formula.one_body)
    written = writer(formula)(np.asarray(values, np.float64))
    new = [part.with_constants(one_body) for part, one_body in zip(parts, written, strict=True)]
    return Formula(new[0], tuple(new[1:]), formula.core, formula.shared)


def writer(formula: Formula) -> Callable[[np.ndarray], list[np.ndarray]]:
    """From `numbers` to the constants of the pair force and of each one-body expression.

    In double precision, for fits that call it often.
    """
    index, sign = _shared(formula)
    ends = np.cumsum([len(part.numbers()) for part in (formula.pair, *formula.one_body)])[:-1]
    return lambda values: np.split(sign * values[index], ends)


def _written(formula: Formula) -> Float[np.ndarray, " constant"]:
    """Every constant, as often as it is written."""
    return np.concatenate([part.numbers() for part in (formula.pair, *formula.one_body)])


def _shared(
    formula: Formula,
) -> tuple[Int[np.ndarray, " constant"], Float[np.ndarray, " constant"]]:
    """Which number every constant is, and with which sign."""
    if formula.shared is None:
        count = len(_written(formula))
        return np.arange(count), np.ones(count)
    index, sign = np.asarray(formula.shared, int).reshape(-1, 2).T
    return index, sign.astype(float)
