"""All numbers of a law at once, each function of the distance in the form that was read for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
from jaxtyping import Float
from scipy.optimize import least_squares

from forcelaw.distill import simplify
from forcelaw.laws import Expression
from forcelaw.particles.forms import ReadForm, dense_points, other_forms, spline_space
from forcelaw.particles.kernels import Fit, whitened
from forcelaw.particles.matter.force_law import Measured


@dataclass(frozen=True, eq=False)
class JointFit:
    """Formulas of all blocks and factors of one-body terms, with errors."""

    expressions: tuple[Expression, ...]
    one_body: tuple[Measured, ...]
    others: tuple[tuple[str, ...], ...]
    """Of each block, other functions that fit about as well."""

    def factors(self, fit: Fit) -> Float[np.ndarray, " column"]:
        """The law as factors of the fit's columns."""
        parts = [
            block.basis.coefficients(_column(expression))[:, 0]
            for block, expression in zip(fit.terms.blocks, self.expressions, strict=True)
        ]
        return np.concatenate([*parts, [number.value for number in self.one_body]])


def fit_jointly(fit: Fit, forms: Sequence[Sequence[ReadForm]]) -> JointFit:
    """Fits the best form of each block and all factors together (Levenberg & Marquardt)."""
    equations, goal = whitened(fit, spline_space(fit))
    blocks = fit.terms.blocks
    points = [dense_points(block.basis) for block in blocks]
    chosen = [found[0].expression for found in forms]
    sizes = [len(expression.numbers()) for expression in chosen]
    alone = len(fit.terms.one_body)
    first = np.concatenate([*(e.numbers() for e in chosen), np.zeros(alone)])
    unit = np.where(first != 0, np.abs(first), 1)
    ends = np.cumsum([0, *sizes]).tolist()
    rows = [
        equations[:, fit.terms.columns_of(b)] @ projection
        for b, (_, projection) in enumerate(points)
    ]
    last = equations[:, fit.terms.size - alone :]

    def residual(turned: np.ndarray) -> np.ndarray:
        numbers = turned * unit
        left = goal - last @ numbers[ends[-1] :]
        for b, expression in enumerate(chosen):
            values = expression.at({"r": points[b][0]}, numbers[ends[b] : ends[b + 1]])
            left = left - rows[b] @ values
        return np.nan_to_num(left, nan=1e150, posinf=1e150, neginf=-1e150)

    if not len(first):
        return JointFit((), (), ())
    found = least_squares(residual, first / unit, method="trf", max_nfev=100, x_scale="jac")
    numbers = found.x * unit
    freedom = max(len(goal) - len(first), 1)
    misfit = float(2 * found.cost) / freedom
    covariance = np.linalg.pinv(found.jac.T @ found.jac) * max(1.0, misfit)
    errors = np.sqrt(np.diag(covariance)) * unit
    return JointFit(
        tuple(
            _readable(e.with_constants(numbers[a:b]))
            for e, (a, b) in zip(chosen, pairwise(ends), strict=True)
        ),
        tuple(
            Measured(float(v), float(e))
            for v, e in zip(numbers[ends[-1] :], errors[ends[-1] :], strict=True)
        ),
        tuple(
            tuple(form.expression.text() for form in other_forms(fit, b, found))
            for b, found in enumerate(forms)
        ),
    )


def _readable(expression: Expression) -> Expression:
    """Powers as `24/r**7`; where that is longer, or SymPy is not there, as it was read."""
    if find_spec("sympy") is None:
        return expression
    other = simplify(expression)
    return other if len(other.text()) <= len(expression.text()) else expression


def _column(expression: Expression):
    return lambda r: np.asarray(expression.at({"r": r}))[:, None]
