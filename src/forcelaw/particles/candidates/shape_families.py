"""Forces of physics that have a shape: the shape is scanned on accelerations, the rest is linear.

What a sum of integer powers cannot say: other powers, screened charges, molecules, softened
gravity. The factors are exact for every shape (variable projection: Golub & Pereyra, SIAM J. Numer.
Anal. 10, 413, 1973), so that a scan over one number finds the neighbourhood of the best formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
from jaxtyping import Float

from forcelaw.distill import Attempts, representable, simplify
from forcelaw.laws import Expression, both_ends
from forcelaw.laws.expression import Node, Parameter, Variable, exp, product
from forcelaw.numerics import orthonormal_basis, solve_normal_equations
from forcelaw.particles.candidates.one_body_library import OneBodyTerm, all_columns
from forcelaw.particles.candidates.settings import CANDIDATES, CandidatesSettings
from forcelaw.particles.equations import Design

_POWERS = (-6.0, -5.0, -4.0, -3.5, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.5, 1.5, 2.0, 2.5, 3.0)
"""Powers of the distance that a family tries; 1 and 0 are in the library of terms."""
_RATES = tuple(np.geomspace(0.15, 12, 24).tolist())
"""Rates of decay, a fifth from one to the next, over the typical distance."""
_SHARES = tuple(np.geomspace(0.003, 1, 14).tolist())
"""Lengths, as shares of the typical distance."""


_R = Variable("r")


@dataclass(frozen=True)
class Family:
    """Terms in `r` and one shape `k`; each term has a free factor."""

    terms: Callable[[Parameter], tuple[Node, ...]]
    shapes: tuple[float, ...]
    """Values of `k` to try, where the typical distance is 1."""
    length: int = 0
    """Power of the unit of length that `k` has."""


FAMILIES = (
    Family(lambda k: (_R**k,), _POWERS),
    Family(lambda k: (exp(-k * _R),), _RATES, -1),
    Family(lambda k: (exp(-k * _R) / _R,), _RATES, -1),
    Family(lambda k: (exp(-k * _R) / _R**2,), _RATES, -1),
    Family(lambda k: (exp(-k * _R) * (1 / _R**2 + k / _R),), _RATES, -1),
    Family(lambda k: (_R * exp(-k * _R),), _RATES, -1),
    Family(lambda k: (exp(-k * _R**2),), _RATES, -2),
    Family(lambda k: (_R * exp(-k * _R**2),), _RATES, -2),
    Family(lambda k: (1 / (_R + k),), _SHARES, 1),
    Family(lambda k: (1 / (_R + k) ** 2,), _SHARES, 1),
    Family(lambda k: (_R / (_R**2 + k) ** 1.5,), _SHARES, 2),
    Family(lambda k: ((_R - k) ** 3,), _SHARES, 1),
    Family(lambda k: (exp(-2 * k * _R), exp(-k * _R)), _RATES, -1),
    Family(lambda k: (_R ** (-2 * k - 1), _R ** (-k - 1)), tuple(map(float, range(1, 9)))),
    Family(lambda k: (_R**-k, _R), tuple(map(float, range(1, 9)))),
)
"""Power laws; screened and Yukawa forces; Gaussians; softened poles (added to the distance, or
Plummer 1911); hardening springs; Morse (1929); Mie (1903), of which Lennard-Jones is `k = 6`; a
spring with a core."""


def fit_shape_families(
    design: Design,
    names: Sequence[str],
    one_body: Sequence[OneBodyTerm],
    *,
    attempts: Attempts | None = None,
    settings: CandidatesSettings = CANDIDATES,
) -> list[Expression]:
    """The best pair force of each family that explains the accelerations about as well as any.

    The one-body forces `one_body` are free beside them; `names` are of attributes whose products
    over both bodies may multiply the force; `attempts` counts families.
    """
    attempts = Attempts() if attempts is None else attempts
    some = design.first(settings.shapes.snapshots, trajectories=settings.trajectories)
    weight = some.weight[..., None]

    def flat(column: Float[np.ndarray, "sample body dim"]) -> Float[np.ndarray, " number"]:
        return (weight * column).ravel()

    goal = flat(some.acceleration)
    free = [flat(column) for column in all_columns(one_body, some)]
    basis = orthonormal_basis(np.stack(free, axis=1))
    goal = goal - basis @ (basis.T @ goal)
    chosen = [(), *((name,) for name in names)]
    products = [(both_ends(*one), some.product_of(one)) for one in chosen]
    unit = float(np.median(some.length)) or 1.0

    def best_shape(family: Family) -> tuple[float, Node] | None:
        best = None
        for shape in family.shapes:
            trees = family.terms(Parameter(shape * unit**family.length))
            values = [Expression.of(tree).at({"r": some.length}) for tree in trees]
            if not np.isfinite(values).all():
                continue
            for ends, value in products:
                columns = np.stack(
                    [flat(some.pair_acceleration(value * v)) for v in values], axis=1
                )
                columns = columns - basis @ (basis.T @ columns)
                solved = _solve(columns, goal, settings)
                if solved is not None and (best is None or solved[0] < best[0]):
                    terms = [
                        product(factor, *ends, tree)
                        for factor, tree in zip(solved[1], trees, strict=True)
                    ]
                    best = solved[0], reduce(add, terms)
        return best

    tried = [attempts.make(best_shape, family) for family in FAMILIES]
    found = sorted((item for item in tried if item is not None), key=lambda item: item[0])
    limit = settings.shapes.close * found[0][0] + 1e-12 * float(goal @ goal) if found else 0.0
    close = [representable(tree) for loss, tree in found[: settings.shapes.most] if loss <= limit]
    for _ in range(close.count(None)):
        attempts.drop()
    return [simplify(expression) for expression in close if expression is not None]


def _solve(
    columns: np.ndarray, goal: np.ndarray, settings: CandidatesSettings
) -> tuple[float, list[float]] | None:
    """The squared error left and the factors; None where the columns depend on each other."""
    size = np.linalg.norm(columns, axis=0)
    if not (np.isfinite(size).all() and size.all()):
        return None
    gram, projection = (columns / size).T @ (columns / size), (columns / size).T @ goal
    if np.linalg.det(gram) < settings.shapes.independent:
        return None
    factors = solve_normal_equations(gram, projection)
    return float(goal @ goal - projection @ factors), (factors / size).tolist()
