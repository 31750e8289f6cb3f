"""From estimates of a force to the formula for it, all from sums of moments.

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
from scipy.linalg import qr
from scipy.optimize import least_squares, minimize

from forcelaw.laws import Expression
from forcelaw.laws.expression import Node, Parameter
from forcelaw.numerics import as_good_as_the_best
from forcelaw.particles.kernels.forms import FORMS, Form
from forcelaw.particles.kernels.radial_basis import RadialBasis
from forcelaw.particles.kernels.term_selection import Fit, whitened


@dataclass(frozen=True)
class ReadingSettings:
    """What decides which form a force has."""

    chance: float = 1e-3
    """That a form with one number more is taken by chance (Gerardos & Ronceray, Phys. Rev. Lett.
    135, 167401, 2025)."""
    refined: int = 12
    """Forms, the best on the grid, whose numbers are fitted to the end."""
    apart: float = 0.05
    """Relative difference, weighted as the data are, at which two functions are not the same."""
    significance: float = 2.0
    """Standard errors over parts of the data by which a form with more numbers must be better."""
    slight: float = 1e-7
    """Share of the squares that is no gain: differences are not better than that."""
    systematic: float = 0.1
    """Share of what is left, where it is neither chance nor errors of positions, by which a form
    may be worse: such errors are those of differences in quick encounters."""


READING = ReadingSettings()
_FAR = 3.0
"""Logarithm of the ratio by which shapes may leave the grid."""

_Scanned: TypeAlias = tuple[float, list[float], tuple[float, ...]]
"""Misfit, factors and shapes."""


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


@dataclass(frozen=True)
class ReadForm:
    """A formula for a force, with its misfit."""

    expression: Expression
    squares: float
    """Chi squared: of `rows` less its numbers where it is true."""
    numbers: int

    def score(self, scale: float, candidates: int, chance: float) -> float:
        """The less the better: misfit and a price for each number (PASTIS)."""
        return self.squares / scale + 2 * self.numbers * np.log(candidates / chance)


def whiten(fit: Fit, block: int, *, settings: ReadingSettings = READING) -> Whitened:
    """The equations for one block's function, the other terms' factors left free."""
    terms = fit.terms
    coarse = spline_space(fit)
    own = terms.columns_of(block)
    basis = terms.blocks[block].basis
    equations, goal = whitened(fit, coarse)
    others = np.ones(terms.size, bool)
    others[own] = False
    free = equations @ coarse[:, _touching(coarse, others)]
    if free.size:
        # What other terms may explain is taken out: what is left knows them no more.
        turned, _, _ = qr(free, pivoting=True)
        rest = turned[:, np.linalg.matrix_rank(free) :]
        equations, goal = rest.T @ equations, rest.T @ goal
    points, projection = _points(basis)
    return Whitened(equations[:, own] @ projection, goal, points, float(np.median(basis.breaks)))


def read_forms(
    fit: Fit, block: int, *, forms: tuple[Form, ...] = FORMS, settings: ReadingSettings = READING
) -> list[ReadForm]:
    """The forms that fit one block's function best, the chosen one first.

    Misfit and a price for each number decide; where there is no chance, what is left are errors of
    differences, and the fewest numbers win that are as good in every part of the data.
    """
    problem = whiten(fit, block, settings=settings)
    tried = []
    for form in forms:
        found = _scan(form, problem)
        if found is not None:
            tried.append((*found, form))
    prices = [2 * _count(form) * np.log(len(forms) / settings.chance) for *_, form in tried]
    scale = _scale([squares for squares, *_ in tried], problem)
    order = np.argsort([t[0] / scale + price for t, price in zip(tried, prices, strict=True)])
    chosen = list(order[: settings.refined])
    for count in range(1, 4):
        # Forms of fewer numbers have their turn, too.
        alike = [index for index in order if _count(tried[index][-1]) == count]
        chosen += [index for index in alike[:3] if index not in chosen]
    best = [tried[index] for index in chosen]
    refined = [_refine(form.tree(factors, shapes), problem) for _, factors, shapes, form in best]
    scale = _scale([form.squares for form in refined], problem)
    found = sorted(refined, key=lambda form: form.score(scale, len(forms), settings.chance))
    return found if fit.estimator.instruments else _fewest_numbers(fit, block, found, settings)


def other_forms(
    fit: Fit, block: int, forms: Sequence[ReadForm], *, settings: ReadingSettings = READING
) -> list[ReadForm]:
    """Forms that are another function than the first, and fit the data about as well.

    Within the price of one number, and with forces that differ by more than a few percent where
    the data are.
    """
    problem = whiten(fit, block, settings=settings)
    scale = _scale([form.squares for form in forms], problem)
    price = len(FORMS), settings.chance
    limit = forms[0].score(scale, *price) + 2 * np.log(len(FORMS) / settings.chance)
    first = forms[0].expression.at({"r": problem.points})
    size = np.linalg.norm(problem.rows @ first)
    return [
        form
        for form in forms[1:]
        if form.score(scale, *price) < limit
        and np.linalg.norm(problem.rows @ (form.expression.at({"r": problem.points}) - first))
        > settings.apart * size
    ]


def _fewest_numbers(
    fit: Fit, block: int, forms: list[ReadForm], settings: ReadingSettings
) -> list[ReadForm]:
    """The same, led by the form of fewest numbers among those as good as the best in all folds."""
    parts = [
        whiten(replace(fit, moments=fit.moments.only(fold)), block, settings=settings)
        for fold in range(len(fit.moments.yy))
        if fit.moments.count[fold]
    ]
    errors = np.array([[part.misfit(form.expression) for part in parts] for form in forms])
    squares = float(np.mean([part.goal @ part.goal for part in parts]))
    left = fit.residuals
    systematic = left.autocovariance[0] * left.count / left.long_run
    systematic = 0.0 if left.position_errors else systematic
    slight = max(settings.slight * squares, settings.systematic * systematic / len(parts))
    good = as_good_as_the_best(errors, significance=settings.significance, slight=slight)
    chosen = min(
        np.flatnonzero(good), key=lambda index: (forms[index].numbers, errors[index].mean())
    )
    return [forms[chosen], *(form for form in forms if form is not forms[chosen])]


def _count(form: Form) -> int:
    """How many numbers a form has."""
    shapes = tuple(map(Parameter, (1.0,) * len(form.grids)))
    return len(form.terms(shapes)) + len(form.grids)


def _scale(squares: list[float], problem: Whitened) -> float:
    """By how much the best misfit is larger than chance: errors that are no chance are in it."""
    freedom = max(len(problem.goal) - 2, 1)
    return max(1.0, min(squares, default=1.0) / freedom)


def _scan(form: Form, problem: Whitened) -> _Scanned | None:
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
    columns = problem.rows @ values
    size = np.linalg.norm(columns, axis=0)
    if not (np.isfinite(size).all() and (size > 0).all()):
        return None
    factors, _, rank, _ = np.linalg.lstsq(columns / size, problem.goal, rcond=1e-10)
    if rank < len(size):
        return None
    left = problem.goal - (columns / size) @ factors
    return float(left @ left), (factors / size).tolist()


def _values(tree: Node | None, points: Float[np.ndarray, " point"]) -> Float[np.ndarray, " point"]:
    if tree is None:
        return np.ones_like(points)
    with np.errstate(all="ignore"):
        return np.broadcast_to(Expression.of(tree).at({"r": points}), points.shape)


def _refine(tree: Node, problem: Whitened) -> ReadForm:
    """All numbers at once, from where the grid left them (Levenberg & Marquardt)."""
    start = Expression.build(tree)
    first = np.array(start.numbers())
    unit = np.where(first != 0, np.abs(first), 1)

    def residual(turned: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            values = start.at({"r": problem.points}, turned * unit)
        left = problem.residual(np.broadcast_to(values, problem.points.shape))
        return np.nan_to_num(left, nan=1e150, posinf=1e150, neginf=-1e150)

    found = least_squares(residual, first / unit, method="trf", max_nfev=60, x_scale="jac")
    better = float(2 * found.cost)
    return ReadForm(start.with_constants(found.x * unit), better, len(first))


def spline_space(fit: Fit) -> Float[np.ndarray, "column coarse"]:
    """Each function of the distance in fewer splines, one-body terms as they are.

    So many as the data tell: few where there is chance, twice as coarse as the sums without it.
    """
    terms = fit.terms
    parts = []
    for index, block in enumerate(terms.blocks):
        some = coarser(block.basis, pieces_joined(fit))
        part = np.zeros((terms.size, some.size))
        part[terms.columns_of(index)] = some.within(block.basis)
        parts.append(part)
    start = int(terms.offsets[-1])
    return np.concatenate([*parts, np.eye(terms.size)[:, start:]], axis=1)


def pieces_joined(fit: Fit) -> int:
    """How many of the fine pieces make one of a curve's."""
    return 5 if fit.estimator.instruments else 2


def coarser(basis: RadialBasis, every: int) -> RadialBasis:
    """Splines on every so many of the knots, both ends among them."""
    breaks = basis.breaks
    kept = np.unique(np.append(np.arange(0, len(breaks), every), len(breaks) - 1))
    return RadialBasis.between(breaks[kept])


def _touching(coarse: Float[np.ndarray, "column coarse"], columns: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.abs(coarse[columns]).sum(axis=0) > 0)


def _points(
    basis: RadialBasis,
) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, "spline point"]]:
    """Distances dense between all knots, and splines from values there."""
    pieces = basis.breaks
    inner = np.linspace(0, 1, 6, endpoint=False) + 1 / 12
    points = (pieces[:-1, None] + inner * np.diff(pieces)[:, None]).ravel()
    return points, np.linalg.pinv(basis.matrix(points))
