"""What a formula leaves unexplained, and whether that looks like a force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Formula, short_name
from forcelaw.particles._design import Design, errors
from forcelaw.particles._own import AXES, OwnTerm, own_terms, prefixes

_KNOTS = 9
_CLEAR = 0.2
"""Share of the squares that a flexible force must explain on other instants to be spoken of."""
_MOST = 0.8
"""Share of a force's squares within the distances that are named."""
_ONE = 0.6
"""Share of the squares at one body from which it is named."""


class Part(NamedTuple):
    """A kind of force that explains some of what is left."""

    words: str
    share: float


def missing(
    formula: Formula, design: Design, bodies: Sequence[str], unit: float = 1.0
) -> str | None:
    """A sentence about what is left, if a flexible force explains some of it on other instants.

    Tried are a force between pairs (piecewise linear in the distance, also times products of
    attributes), a field (up to second order in the position) and a force in the velocity; all are
    fitted to one half of the instants and compared with the other. **Arguments:** `bodies` their
    names; `unit` the length that distances of the design are measured in.
    """
    weight = design.weight[..., None]
    left = -weight * errors(formula, design)
    if not np.any(left):
        return None
    velocity = own_terms(design)
    parts = [
        _pairs(left, design, unit),
        Part("a field that depends on the position", _of(_smooth_fields(design), left, design)),
        Part("a force that depends on the velocity", _of(velocity, left, design)),
    ]
    best = max(parts, key=lambda part: part.share)
    if best.share < _CLEAR:
        return None
    squares = np.sum(left**2, axis=(0, 2))
    worst = int(np.argmax(squares))
    alone = len(squares) > 2 and squares[worst] > _ONE * squares.sum()
    place = f", mostly of body {bodies[worst]!r}" if alone else ""
    return (
        f"what the formula leaves unexplained{place} is not all noise: {best.words} would explain "
        f"{best.share:.0%} of its squares and is in none of the forms that were searched"
    )


def _pairs(left: Float[np.ndarray, "row body dim"], design: Design, unit: float) -> Part:
    knots = np.unique(np.quantile(design.length, np.linspace(0, 1, _KNOTS)))
    known = design.variables()
    products = [np.ones_like(design.length)]
    for name in design.attributes:
        short = short_name(name)
        products.append(known[f"{short}_i"] * known[f"{short}_j"])
    best = Part("", 0.0)
    for product in products:
        hats = [product * np.interp(design.length, knots, hat) for hat in np.eye(len(knots))]
        factors, share = _explained([design.summed(hat) for hat in hats], left, design)
        if share > best.share:
            force = np.sum([f * hat for f, hat in zip(factors, hats, strict=True)], axis=0)
            low, high = _where(design.length.ravel(), force.ravel() ** 2)
            words = f"distances of {unit * low:.3g} to {unit * high:.3g}"
            best = Part(f"a force between pairs at {words}", share)
    return best


def _where(
    length: Float[np.ndarray, " edge"], squares: Float[np.ndarray, " edge"]
) -> tuple[float, float]:
    """The distances between which most of the squares lie."""
    order = np.argsort(length)
    total = np.cumsum(squares[order])
    ends = np.searchsorted(total, total[-1] * np.array([1 - _MOST, 1 + _MOST]) / 2)
    low, high = length[order][np.minimum(ends, len(order) - 1)]
    return float(low), float(high)


def _of(terms: Sequence[OwnTerm], left: Float[np.ndarray, "row body dim"], design: Design) -> float:
    columns = [column for term in terms for column in term.columns(design)]
    return _explained(columns, left, design)[1]


def _explained(
    columns: Sequence[Float[np.ndarray, "row body dim"]],
    left: Float[np.ndarray, "row body dim"],
    design: Design,
) -> tuple[Float[np.ndarray, " column"], float]:
    """Factors from the first half of the rows, and the share of squares explained in the second."""
    half = len(left) // 2
    if not columns or not half:
        return np.zeros(len(columns)), 0.0
    flat = np.stack([design.weight[..., None] * column for column in columns], axis=-1)
    size = np.sqrt(np.mean(flat**2, axis=(0, 1, 2)))
    flat = flat / np.where(size > 0, size, 1)
    one, other = (part.reshape(-1, len(columns)) for part in (flat[:half], flat[half:]))
    factors, *_ = np.linalg.lstsq(one, left[:half].ravel(), rcond=1e-8)
    goal = left[half:].ravel()
    share = 1 - np.sum((goal - other @ factors) ** 2) / max(float(goal @ goal), 1e-300)
    return factors / np.where(size > 0, size, 1), float(share)


def _smooth_fields(design: Design) -> list[OwnTerm]:
    """Fields up to second order in the position: what any smooth field looks like nearby."""
    dim = design.position.shape[2]
    letters = AXES[:dim]
    if dim > len(AXES):
        return []
    products = [*letters, *(a + "*" + b for k, a in enumerate(letters) for b in letters[k:])]
    return [
        OwnTerm((tuple(f"{prefix}{text}" if k == axis else "0" for k in range(dim)),))
        for prefix in prefixes(design)
        for text in products
        for axis in range(dim)
    ]
