"""Forces of several shaped terms at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from forcelaw.particles.shaped_terms.shaped_term import ShapedTerm, Surroundings, Tangent
from forcelaw.particles.shaped_terms.three_body import TripleTerm, sum_triples


def sum_vectors(
    terms: Sequence[ShapedTerm | Tangent], around: Surroundings
) -> Float[np.ndarray, "term snapshot body dim"]:
    """The force of each term on each body; triples are listed once for all of them."""
    total = np.zeros((len(terms), *around.position.shape))
    parts: list[tuple[int, float, ShapedTerm]] = []
    for index, term in enumerate(terms):
        if isinstance(term, Tangent):
            parts += [(index, *side) for side in term.sides]
        else:
            parts.append((index, 1.0, term))
    triple = [(index, weight, t) for index, weight, t in parts if isinstance(t, TripleTerm)]
    if triple:
        summed = sum_triples([term for *_, term in triple], around)
        for (index, weight, _), vectors in zip(triple, summed, strict=True):
            total[index] += weight * vectors
    for index, weight, term in parts:
        if not isinstance(term, TripleTerm):
            total[index] += weight * term.vectors(around)
    return total
