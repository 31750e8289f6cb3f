"""Shapes of terms, fitted beside all factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from forcelaw.particles.kernels import Fit, Reference, Terms
from forcelaw.particles.shaped_terms import ShapedTerm, Tangent

ShapeErrors: TypeAlias = Mapping[ShapedTerm, tuple[float, ...]]
"""Standard errors of the shapes of terms."""


def sharpen_shapes(
    terms: Terms,
    fit: Callable[[Terms, Reference | None], Fit],
    reference: Reference | None,
    *,
    rounds: int,
) -> tuple[Terms, ShapeErrors]:
    """The same terms with the shapes that they fit best with, and the errors of these.

    Gauss and Newton's method: how a term changes with a shape is a column of its own, whose factor
    over that of the term is by how much the shape is off.

    **Arguments:** `fit` fits terms, weighted by a reference where there is one.
    """
    shaped = [term for term in terms.shaped if isinstance(term, ShapedTerm)]
    errors: list[tuple[float, ...]] = [()] * len(shaped)
    for _ in range(rounds if any(term.shapes for term in shaped) else 0):
        tangents = tuple(Tangent(term, k) for term in shaped for k in range(len(term.shapes)))
        wider = replace(terms, shaped=(*shaped, *tangents))
        found = fit(wider, _wider(reference, terms, len(tangents)))
        start = int(wider.offsets[-1])
        spread = np.sqrt(np.maximum(np.diag(found.covariance), 0))
        column, moved, furthest = start + len(shaped), [], 0.0
        for index, term in enumerate(shaped):
            factor = float(found.factors[start + index])
            own = slice(column, column + len(term.shapes))
            column += len(term.shapes)
            scales = np.array(term.scales)
            steps = found.factors[own] / (factor or 1e-300)
            furthest = max(furthest, float(np.abs(steps / scales).max(initial=0)))
            steps = np.clip(steps, -scales, scales)
            moved.append(term.with_shapes((np.array(term.shapes) + steps).tolist()))
            errors[index] = tuple((spread[own] / abs(factor or 1e-300)).tolist())
        shaped = moved
        if furthest < 1e-5:
            break
    return replace(terms, shaped=tuple(shaped)), dict(zip(shaped, errors, strict=True))


def _wider(reference: Reference | None, terms: Terms, tangents: int) -> Reference | None:
    if reference is None:
        return None
    place = int(terms.offsets[-1]) + len(terms.shaped)
    return reference._replace(factors=np.insert(reference.factors, place, np.zeros(tangents)))
