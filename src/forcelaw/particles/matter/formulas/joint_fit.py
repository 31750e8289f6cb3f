"""All numbers of a law at once, each function of the distance in the form that was read for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import least_squares

from forcelaw.distill import simplify
from forcelaw.laws import Expression
from forcelaw.particles.forms import ReadForm, dense_points, other_forms
from forcelaw.particles.kernels import Fit, whitened
from forcelaw.particles.matter.force_law import Measured


@dataclass(frozen=True, eq=False)
class JointFit:
    """Formulas of all blocks and factors of terms of one column, with errors."""

    expressions: tuple[Expression, ...]
    alone: tuple[Measured, ...]
    """Of all terms of one column."""
    others: tuple[tuple[str, ...], ...]
    """Of each block, other functions that fit about as well."""
    errors: tuple[tuple[float, ...], ...]
    """Of each block, the standard error of each number of its formula."""
    forms: tuple[ReadForm, ...] = ()
    """Of each block, with the numbers that were found."""
    covariance: Float[np.ndarray, "number number"] = field(default_factory=lambda: np.zeros((0, 0)))
    """Of all numbers: those of formulas block by block, then factors of terms of one column."""

    @property
    def numbers(self) -> Float[np.ndarray, " number"]:
        """All of them, likewise."""
        alone = [one.value for one in self.alone]
        return np.concatenate([*(form.values for form in self.forms), alone])

    def places(self, block: int) -> Int[np.ndarray, " number"]:
        """Of the numbers of one block, among all."""
        ends = np.cumsum([0, *(form.numbers for form in self.forms)])
        return np.arange(ends[block], ends[block + 1])

    def factors(self, fit: Fit) -> Float[np.ndarray, " column"]:
        """The law as factors of the fit's columns."""
        parts = [
            block.splines.coefficients(_column(form))[:, 0]
            for block, form in zip(fit.terms.blocks, self.forms, strict=True)
        ]
        return np.concatenate([*parts, [number.value for number in self.alone]])

    def reach(self, fit: Fit, block: int) -> float:
        """The distance beyond which the force of a block is zero."""
        end = self.forms[block].end(self.forms[block].values)
        return end if np.isfinite(end) else float(fit.terms.blocks[block].splines.breaks[-1])


def fit_jointly(fit: Fit, forms: Sequence[Sequence[ReadForm]]) -> JointFit:
    """Fits the best form of each block and all factors together (Levenberg & Marquardt)."""
    equations, goal = whitened(fit, fit.space)
    points = [dense_points(block.splines) for block in fit.terms.blocks]
    chosen = [found[0] for found in forms]
    alone = len(fit.terms.singles)
    first = np.concatenate([*(form.values for form in chosen), np.zeros(alone)])
    unit = np.where(first != 0, np.abs(first), 1)
    ends = np.cumsum([0, *(form.numbers for form in chosen)]).tolist()
    rows = [
        equations[:, fit.terms.columns_of(b)] @ projection
        for b, (_, projection) in enumerate(points)
    ]
    last = equations[:, fit.terms.size - alone :]

    def residual(turned: np.ndarray) -> np.ndarray:
        numbers = turned * unit
        left = goal - last @ numbers[ends[-1] :]
        for b, form in enumerate(chosen):
            left = left - rows[b] @ form.at(points[b][0], numbers[ends[b] : ends[b + 1]])
        return np.nan_to_num(left, nan=1e150, posinf=1e150, neginf=-1e150)

    if not len(first):
        return JointFit((), (), (), ())
    with np.errstate(all="ignore"):  # steps may go anywhere, and come back
        found = least_squares(residual, first / unit, method="trf", max_nfev=100, x_scale="jac")
    misfit = float(2 * found.cost) / max(len(goal) - len(first), 1)
    covariance = np.linalg.pinv(found.jac.T @ found.jac) * max(1.0, misfit)
    covariance = covariance * unit * unit[:, None]
    return write_down(fit, forms, found.x * unit, covariance)


def write_down(
    fit: Fit,
    forms: Sequence[Sequence[ReadForm]],
    numbers: Float[np.ndarray, " number"],
    covariance: Float[np.ndarray, "number number"],
) -> JointFit:
    """The formulas with these numbers.

    **Arguments:** `forms` of each block, the chosen one first; `numbers` of all chosen ones, then
    the factors of one-body terms.
    """
    others = [
        tuple(form.expression.text() for form in other_forms(fit, b, found))
        for b, found in enumerate(forms)
    ]
    return with_numbers(fit, [found[0] for found in forms], numbers, covariance, others)


def with_numbers(
    fit: Fit,
    forms: Sequence[ReadForm],
    numbers: Float[np.ndarray, " number"],
    covariance: Float[np.ndarray, "number number"],
    others: Sequence[tuple[str, ...]],
) -> JointFit:
    """One form of each block with these numbers, beside `others` that fit about as well."""
    expressions, errors, chosen = [], [], []
    ends = np.cumsum([0, *(form.numbers for form in forms)]).tolist()
    for b, form in enumerate(forms):
        part = slice(ends[b], ends[b + 1])
        points, _ = dense_points(fit.terms.blocks[b].splines)
        expression = _readable(form.expression.with_constants(form.ties @ numbers[part]))
        turned = _as_constants(expression, form, numbers[part], points)
        spread = np.einsum("cn,nm,cm->c", turned, covariance[part, part], turned)
        expressions.append(expression)
        errors.append(tuple(np.sqrt(np.maximum(spread, 0)).tolist()))
        chosen.append(replace(form, values=numbers[part]))
    deviations = np.sqrt(np.maximum(np.diag(covariance), 0))[ends[-1] :]
    return JointFit(
        tuple(expressions),
        tuple(map(Measured, numbers[ends[-1] :].tolist(), deviations.tolist())),
        tuple(others),
        tuple(errors),
        tuple(chosen),
        covariance,
    )


def _as_constants(
    expression: Expression,
    form: ReadForm,
    values: Float[np.ndarray, " number"],
    r: Float[np.ndarray, " point"],
) -> Float[np.ndarray, "constant number"]:
    """How the constants of an expression change with the numbers of the form that it writes.

    Distances at which a slope is not finite tell nothing; nan where there are no others.
    """
    constants = np.array(expression.numbers())
    mine = expression.slopes_at({"r": r}, constants).T
    theirs = form.expression.slopes_at({"r": r}, form.ties @ values).T @ form.ties
    known = np.isfinite(mine).all(axis=1) & np.isfinite(theirs).all(axis=1)
    if not known.any():
        return np.full((len(constants), len(values)), np.nan)
    mine, theirs = mine[known], theirs[known]
    size = np.maximum(np.abs(theirs).max(axis=1, keepdims=True), 1e-300)
    return np.linalg.pinv(mine / size, rcond=1e-8) @ (theirs / size)


def _readable(expression: Expression) -> Expression:
    """Powers as `24/r**7`; where that is longer, or SymPy is not there, as it was read."""
    if find_spec("sympy") is None:
        return expression
    other = simplify(expression)
    return other if len(other.text()) <= len(expression.text()) else expression


def _column(form: ReadForm):
    """Its values; where there are none, at distances that no pair has, those of the nearest."""

    def values(r: Float[np.ndarray, " point"]) -> Float[np.ndarray, "point 1"]:
        found = form.at(r, form.values)
        known = np.flatnonzero(np.isfinite(found))
        if 0 < len(known) < len(r):
            nearest = np.argmin(np.abs(r[:, None] - r[None, known]), axis=1)
            found = found[known[nearest]]
        return found[:, None]

    return values
