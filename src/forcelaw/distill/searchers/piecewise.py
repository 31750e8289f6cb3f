"""Laws that change at a distance: the threshold is scanned, each side is searched by itself."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from forcelaw.distill.candidates import Candidate, pareto_front
from forcelaw.distill.samples import Samples
from forcelaw.distill.searchers.searcher import Searcher
from forcelaw.distill.searchers.sparse_library import LibrarySearch
from forcelaw.distill.simplification import polish
from forcelaw.laws import Expression
from forcelaw.laws.expression import Parameter, Variable, where
from forcelaw.numerics import solve_with_ridge

_FEWEST = 20
"""Samples on either side of a threshold: enough for the few constants of a branch, with its error.
"""


@dataclass(frozen=True)
class PiecewiseSearch(Searcher):
    """`where(r < threshold, one, other)`.

    The threshold is the one for which a short polynomial in `variable` on each side, times each
    attribute the target is proportional to, leaves the smallest error: a scan over quantiles, then
    over the samples between the best one's neighbours. Both sides are then searched with `side`.
    """

    variable: str = "r"
    thresholds: int = 48
    side: Searcher = field(default_factory=lambda: LibrarySearch(terms=2))
    tolerance: float = 0.01

    def search(self, samples: Samples, *, seed: int) -> list[Expression]:
        """See `Searcher.search`; nothing is found where the variable is absent."""
        if self.variable not in samples.variables or len(samples) < 4 * _FEWEST:
            return []
        threshold = self._threshold(samples)
        below = samples.variables[self.variable] < threshold
        sides = [self._side(samples.take(rows), seed) for rows in (below, ~below)]
        near = Variable(self.variable) < threshold
        return [
            Expression.of(where(near, low.expression.term, high.expression.term))
            for low in sides[0]
            for high in sides[1]
        ]

    def _side(self, samples: Samples, seed: int) -> list[Candidate]:
        mean = float(np.average(samples.target, weights=samples.weights))
        found = [Expression.of(Parameter(mean)), *self.side.search(samples, seed=seed)]
        return pareto_front(polish(e, samples, tolerance=self.tolerance) for e in found)

    def _threshold(self, samples: Samples) -> float:
        order = np.argsort(samples.variables[self.variable], kind="stable")
        sums = _Sums(samples.take(order), self.variable)
        last = len(samples) - _FEWEST
        coarse = np.unique(np.linspace(_FEWEST, last, self.thresholds).astype(int))
        best = int(np.argmin([sums.loss(cut) for cut in coarse.tolist()]))
        fine = np.arange(coarse[max(best - 1, 0)], coarse[min(best + 1, len(coarse) - 1)] + 1)
        cut = int(fine[np.argmin([sums.loss(cut) for cut in fine.tolist()])])
        x = samples.variables[self.variable][order]
        return float((x[cut - 1] + x[cut]) / 2)


class _Sums:
    """Running sums of the normal equations: the error of any split in constant time."""

    def __init__(self, samples: Samples, variable: str) -> None:
        x = samples.variables[variable] / np.median(np.abs(samples.variables[variable]))
        others = [value for name, value in samples.variables.items() if name != variable]
        shape = np.stack([np.ones_like(x), x, x**2], axis=1)
        factors = [np.ones_like(x), *others]
        if len(others) > 1:
            factors.append(np.prod(others, axis=0))
        columns = np.concatenate([factor[:, None] * shape for factor in factors], axis=1)
        whole = np.concatenate([columns, samples.target[:, None]], axis=1)
        whole /= np.sqrt(np.mean(whole**2, axis=0)) + 1e-300
        products = samples.weights[:, None, None] * whole[:, :, None] * whole[:, None, :]
        self.running = np.concatenate([np.zeros_like(products[:1]), np.cumsum(products, axis=0)])

    def loss(self, cut: int) -> float:
        """The summed squared error of one fit below and one from `cut` on."""
        return sum(map(_explained, (self.running[cut], self.running[-1] - self.running[cut])))


def _explained(moments: np.ndarray) -> float:
    """The residual sum of squares of least squares, from the matrix of all second moments."""
    gram, projection, square = moments[:-1, :-1], moments[:-1, -1], moments[-1, -1]
    factors = solve_with_ridge(gram, projection, 1e-9 * np.trace(gram))
    return float(square - projection @ factors)
