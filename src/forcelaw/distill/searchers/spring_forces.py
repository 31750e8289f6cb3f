"""Forces of springs: slack on one side, growing without end or up to a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

from forcelaw.distill.candidates import pareto_front
from forcelaw.distill.expression_constants import measure
from forcelaw.distill.samples import Samples
from forcelaw.distill.searchers.searcher import Searcher
from forcelaw.laws import Expression
from forcelaw.laws.expression import Parameter, replaced, variable_names
from forcelaw.numerics import least_squares

Term = Callable[[np.ndarray, float, float], np.ndarray]


class Form(NamedTuple):
    """A force in the distance `r`, and the terms whose strengths `a` and `b` are.

    `at` is a length where something begins or ends, `s` a scale.
    """

    text: str
    terms: tuple[Term, ...]


def _one(r: np.ndarray, at: float, s: float) -> np.ndarray:
    return np.ones_like(r)


FORMS = (
    Form("a*max(r - at, 0)", (lambda r, at, s: np.maximum(r - at, 0),)),
    Form("a*min(r - at, 0)", (lambda r, at, s: np.minimum(r - at, 0),)),
    Form("a + b*exp(-r/s)", (_one, lambda r, at, s: np.exp(-r / s))),
    Form("a + b/(r + s)", (_one, lambda r, at, s: 1 / (r + s))),
    Form(
        "a + b/(max(r - at, 0) + s)",
        (_one, lambda r, at, s: 1 / (np.maximum(r - at, 0) + s)),
    ),
    Form(
        "a + b/(max(at - r, 0) + s)",
        (_one, lambda r, at, s: 1 / (np.maximum(at - r, 0) + s)),
    ),
    Form("a*tanh(r/s)", (lambda r, at, s: np.tanh(r / s),)),
    Form("a*tanh((r - at)/s)", (lambda r, at, s: np.tanh((r - at) / s),)),
)
LENGTHS = tuple(np.linspace(0.0, 1.0, 41)[1:-1].tolist())
SCALES = tuple(np.geomspace(0.02, 5.0, 16).tolist())
"""What is tried, as shares of the largest distance."""


@dataclass(frozen=True)
class SpringSearch(Searcher):
    """Each of `FORMS` with the length and scale that fit best of a grid, strengths solved for.

    Nothing is found where there is no distance `r`.
    """

    def search(self, samples: Samples, *, seed: int) -> list[Expression]:
        """See `Searcher.search`; nothing here is random."""
        del seed
        if "r" not in samples.variables:
            return []
        fits = pareto_front(measure(_best(form, samples), samples) for form in FORMS)
        return [fit.expression for fit in fits]


def _best(form: Form, samples: Samples) -> Expression:
    r = samples.variables["r"]
    reach = float(np.max(np.abs(r))) or 1.0
    root = np.sqrt(samples.weights)
    tree = Expression.parse(form.text).term
    names = variable_names(tree)
    best, found = np.inf, tree
    lengths = LENGTHS if "at" in names else LENGTHS[:1]
    scales = SCALES if "s" in names else SCALES[:1]
    for length, scale in product(lengths, scales):
        at, s = length * reach, scale * reach
        columns = root[:, None] * np.stack([term(r, at, s) for term in form.terms], axis=1)
        strength, left = least_squares(columns, root * samples.target)
        loss = float(np.sum(left**2))
        if loss < best:
            best = loss
            known = {"a": strength[0], "b": strength[-1], "at": at, "s": s}
            numbers = {name: Parameter(float(value)) for name, value in known.items()}
            found = replaced(tree, numbers)
    return Expression.of(found)
