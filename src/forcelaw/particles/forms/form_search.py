"""The numbers of one form that fit a curve best.

Instruments make as many equations as there are; whitened by the covariance of their sums they are
plain least squares, whatever the law's form (generalised method of moments: Hansen, Econometrica
50, 1029, 1982).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from jaxtyping import Float
from scipy.optimize import least_squares, minimize, root_scalar

from forcelaw.laws import Expression
from forcelaw.laws.expression import Arithmetic, Node, Parameter, evaluate
from forcelaw.particles.forms.known_forms import Form
from forcelaw.particles.kernels import Fit, RadialBasis, whitened

_Scanned: TypeAlias = tuple[float, list[float], tuple[float, ...]]
"""Misfit, factors and shapes."""
_ENDING = 0.25
"""Share of the distances, at most, that tells of where a force ends alone."""
_TRIED = 65
"""Distances at which it is seen whether a force changes its sign."""
_LARGEST = 1e30
"""Factor: single precision, in which formulas may be evaluated, holds it."""
_FAR = 3.0
"""Logarithm of the ratio by which shapes may leave the grid."""


@dataclass(frozen=True, eq=False)
class Whitened:
    """Least squares for what functions take at some distances, each row of unit variance."""

    rows: Float[np.ndarray, "row point"]
    """What the value of the function at each distance adds."""
    goal: Float[np.ndarray, " row"]
    points: Float[np.ndarray, " point"]
    unit: float
    """The typical distance."""

    def residual(self, values: Float[np.ndarray, " point"]) -> Float[np.ndarray, " row"]:
        """What a function with these values leaves."""
        return self.goal - self.rows @ values

    def misfit(self, expression: Expression) -> float:
        """The squares that a formula leaves."""
        left = self.residual(expression.at({"r": self.points}))
        return float(left @ left)


@dataclass(frozen=True, eq=False)
class ReadForm:
    """A formula for a force, with its misfit."""

    form: Form
    expression: Expression
    values: Float[np.ndarray, " number"]
    """Its numbers: factors, then shapes."""
    ties: Float[np.ndarray, "constant number"]
    """What the constants of the expression are of them."""
    squares: float
    """Chi squared: of `rows` less its numbers where it is true."""
    last: float = np.inf
    """The distance beyond which it is zero, unless it `closes` before."""
    closes: tuple[float, float] | None = None
    """Between which distances it ends where it crosses zero; None: nowhere."""

    @property
    def numbers(self) -> int:
        """How many."""
        return len(self.values)

    def at(
        self, r: Float[np.ndarray, " point"], values: Float[np.ndarray, " number"]
    ) -> Float[np.ndarray, " point"]:
        """The force with other numbers."""
        found = np.broadcast_to(self._beyond(r, values), r.shape)
        end = self.end(values)
        return found if np.isinf(end) else np.where(r <= end, found, 0)

    def slopes(
        self, r: Float[np.ndarray, " point"], values: Float[np.ndarray, " number"]
    ) -> Float[np.ndarray, "number point"]:
        """How the force with these numbers changes with each."""
        found = self.expression.slopes_at({"r": r}, self.ties @ values)
        found = self.ties.T @ np.broadcast_to(found, (len(self.ties), len(r)))
        # Where it closes it is zero: moving that end changes nothing.
        return np.where(r <= self.end(values), found, 0)

    @property
    def farthest(self) -> float:
        """The distance beyond which it is zero, whatever its numbers."""
        return self.last if self.closes is None else max(self.last, self.closes[1])

    def end(self, values: Float[np.ndarray, " number"]) -> float:
        """The distance beyond which it is zero, with these numbers."""
        if self.closes is None:
            return self.last
        r = np.linspace(*self.closes, _TRIED)
        sign = np.sign(self._beyond(r, values) + np.zeros_like(r))
        turns = np.flatnonzero((sign[1:] != sign[:-1]) & (np.abs(sign[:-1]) > 0))
        if not (len(turns) and np.isfinite(sign).all()):
            return self.last
        low, high = r[turns[0] : turns[0] + 2]
        found = root_scalar(lambda at: self._beyond(np.array(at), values), bracket=(low, high))
        return float(found.root)

    def _beyond(
        self, r: Float[np.ndarray, " *point"], values: Float[np.ndarray, " number"]
    ) -> Float[np.ndarray, " *point"]:
        """The formula, wherever the force ends."""
        with np.errstate(all="ignore"):
            return np.asarray(self.expression.at({"r": r}, self.ties @ values))


def whiten(fit: Fit, block: int) -> Whitened:
    """The equations for one block's function, the other terms' factors left free."""
    terms = fit.terms
    coarse = fit.space
    own = terms.columns_of(block)
    basis = terms.blocks[block].splines
    equations, goal = whitened(fit, coarse)
    others = np.ones(terms.size, bool)
    others[own] = False
    free = equations @ coarse[:, np.abs(coarse[others]).sum(axis=0) > 0]
    # Where the end is not known to be, the function tells of that, and not of its form.
    first, last = basis.breaks[[0, -1]].tolist()
    certain = last - min(terms.blocks[block].loose, _ENDING * (last - first))
    free = np.concatenate([free, equations[:, own][:, basis.knots[4:] > certain]], axis=1)
    if free.size:
        # What other terms may explain is taken out: the rest knows them no more.
        turned, _, _ = np.linalg.svd(free)
        rest = turned[:, np.linalg.matrix_rank(free) :]
        equations, goal = rest.T @ equations, rest.T @ goal
    points, projection = dense_points(basis)
    return Whitened(equations[:, own] @ projection, goal, points, float(np.median(basis.breaks)))


def scan(form: Form, problem: Whitened) -> _Scanned | None:
    """The misfit, the factors and the shapes that fit best: on the grid, then beside it.

    Factors are exact for all shapes (Golub & Pereyra, SIAM J. Numer. Anal. 10, 413, 1973).
    """
    tried = [
        (found, shapes)
        for shapes in form.shapes(problem.unit)
        if (found := _factors(form, shapes, problem)) is not None
    ]
    if not tried:
        return None
    (squares, factors), shapes = min(tried, key=lambda item: item[0][0])
    best = squares, factors, shapes
    if shapes:
        scale = np.array(shapes)

        def misfit(turned: np.ndarray) -> float:
            found = _factors(
                form, tuple((scale * np.exp(np.clip(turned, -_FAR, _FAR))).tolist()), problem
            )
            return squares * 1e3 if found is None else found[0]

        polished = minimize(
            misfit,
            np.zeros(len(shapes)),
            method="Nelder-Mead",
            options={
                "maxfev": 40 * len(shapes),
                "initial_simplex": _simplex(len(shapes)),
                "xatol": 1e-4,
                "fatol": 1e-6 * squares,
            },
        )
        nearer = tuple((scale * np.exp(np.clip(polished.x, -_FAR, _FAR))).tolist())
        found = _factors(form, nearer, problem)
        if found is not None and found[0] < squares:
            best = *found, nearer
    return best


def _simplex(size: int) -> Float[np.ndarray, "corner shape"]:
    """As wide as the steps of the grids."""
    return np.concatenate([np.zeros((1, size)), 0.1 * np.eye(size)])


def _factors(
    form: Form, shapes: tuple[float, ...], problem: Whitened
) -> tuple[float, list[float]] | None:
    """The misfit and the factors at these shapes; None where terms are not finite, or alike."""
    trees = form.terms(tuple(map(Parameter, shapes)))
    values = np.stack([_values(tree, problem.points) for tree in trees], axis=1)
    if not np.isfinite(values).all():
        return None
    with np.errstate(over="ignore"):
        columns = problem.rows @ values
        size = np.linalg.norm(columns, axis=0)
    if not (np.isfinite(size).all() and (size > 0).all()):
        return None
    factors, _, rank, _ = np.linalg.lstsq(columns / size, problem.goal, rcond=1e-10)
    if rank < len(size):
        return None
    left = problem.goal - (columns / size) @ factors
    factors = factors / size
    held = np.abs(factors).max(initial=0) < _LARGEST
    return (float(left @ left), factors.tolist()) if held else None


def _values(tree: Node | None, points: Float[np.ndarray, " point"]) -> Float[np.ndarray, " point"]:
    if tree is None:
        return np.ones_like(points)
    with np.errstate(all="ignore"):
        # Trees are many and used once: no expression is made of them.
        value = evaluate(tree, (), {"r": points}, Arithmetic.NUMPY)
    return np.broadcast_to(np.asarray(value, float), points.shape)


def refine(
    form: Form, factors: Sequence[float], shapes: Sequence[float], problem: Whitened
) -> ReadForm:
    """All numbers at once, from where the grid left them (Levenberg & Marquardt)."""
    first = np.array([*factors, *shapes])
    expression, ties = form.written(factors, shapes)
    start = ReadForm(form, expression, first, ties, 0.0)
    unit = np.where(first != 0, np.abs(first), 1)

    def residual(turned: np.ndarray) -> np.ndarray:
        left = problem.residual(start.at(problem.points, turned * unit))
        return np.nan_to_num(left, nan=1e150, posinf=1e150, neginf=-1e150)

    with np.errstate(all="ignore"):  # steps may go anywhere, and come back
        found = least_squares(residual, first / unit, method="trf", max_nfev=60, x_scale="jac")
    values = found.x * unit
    expression = start.expression.with_constants(start.ties @ values)
    return replace(start, expression=expression, values=values, squares=float(2 * found.cost))


def dense_points(
    basis: RadialBasis,
) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, "spline point"]]:
    """Distances dense between all knots, and splines from values there."""
    pieces = basis.breaks
    inner = np.linspace(0, 1, 6, endpoint=False) + 1 / 12
    points = (pieces[:-1, None] + inner * np.diff(pieces)[:, None]).ravel()
    return points, np.linalg.pinv(basis.matrix(points))
