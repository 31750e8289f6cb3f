"""Forces of any form, linear in their factors: splines in the distance, along and across lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from forcelaw.particles.equations.snapshots import Design

_DEGREE = 3
"""Of cubic splines."""
_MOST = 200_000
"""Distances of which the quantiles are taken: knots to three digits, which decide nothing."""


def spline_knots(length: Float[np.ndarray, "..."], count: int) -> Float[np.ndarray, " knot"]:
    """Knots of so many cubic splines in the logarithm of the distance, at its quantiles."""
    flat = length.ravel()[:: max(1, length.size // _MOST)]
    logarithm = np.log(flat[flat > 0]) if (flat > 0).any() else np.zeros(1)
    inner = np.quantile(logarithm, np.linspace(0, 1, count - _DEGREE + 1))
    low, high = inner[0], max(inner[-1], inner[0] + 1e-9)
    inner = low + (high - low) * (0.02 * np.linspace(0, 1, len(inner)) + 0.98 * _share(inner))
    return np.concatenate([[inner[0]] * _DEGREE, inner, [inner[-1]] * _DEGREE])


def _share(values: Float[np.ndarray, " knot"]) -> Float[np.ndarray, " knot"]:
    """From 0 to 1. The even part beside it keeps knots apart where distances are few."""
    span = values[-1] - values[0]
    return (values - values[0]) / span if span > 0 else np.linspace(0, 1, len(values))


def evaluate_splines(
    length: Float[np.ndarray, "*shape"], knots: Float[np.ndarray, " knot"]
) -> Float[np.ndarray, "spline *shape"]:
    """The values of all splines; beyond the knots those at their end."""
    return _matrix(length, knots).toarray().T.reshape(-1, *np.shape(length))


def spline_accelerations(
    design: Design,
    knots: Float[np.ndarray, " knot"],
    product: Float[np.ndarray, "sample edge"],
) -> list[Float[np.ndarray, "row body dim"]]:
    """Accelerations by every spline along the line between two bodies, times a product.

    At any distance only four splines are not zero: the others are not summed.
    """
    from scipy.sparse import csr_array

    samples, bodies, dim = design.position.shape
    values = _matrix(design.length, knots)
    receiver = (bodies * np.arange(samples)[:, None] + design.receiver).ravel()
    edges, shape = np.arange(receiver.size), (samples * bodies, receiver.size)
    force = np.empty((values.shape[1], *design.position.shape))
    for axis in range(dim):
        pulled = (product * design.direction[..., axis]).ravel()
        total = (csr_array((pulled, (receiver, edges)), shape) @ values).toarray()
        force[..., axis] = total.T.reshape(-1, samples, bodies)
    return observe_forces(design, [force[spline] for spline in range(len(force))])


def _matrix(length: Float[np.ndarray, "..."], knots: Float[np.ndarray, " knot"]) -> Any:
    """The sparse values of all splines, a row for each distance."""
    from scipy.interpolate import BSpline

    inside = np.log(np.maximum(length, 1e-300)).ravel()
    return BSpline.design_matrix(np.clip(inside, knots[0], knots[-1]), knots, _DEGREE)


def pair_products(
    design: Design, at: Design | None = None
) -> list[Float[np.ndarray, "sample edge"]]:
    """What a force may be proportional to: one, and each varying attribute of both bodies.

    **Arguments:** `at` other samples, for which the attributes that vary in `design` are taken.
    """
    place = design if at is None else at
    varying = [(name,) for name, value in design.bodies.attributes.items() if np.ptp(value) > 0]
    return [place.product_of(names) for names in [(), *varying]]


def central_columns(
    design: Design, knots: Float[np.ndarray, " knot"]
) -> list[Float[np.ndarray, "row body dim"]]:
    """Accelerations by a spline along the line between two bodies, times every product."""
    hats = evaluate_splines(design.length, knots)
    return [
        design.pair_acceleration(product * hat) for product in pair_products(design) for hat in hats
    ]


def vector_columns(
    design: Design,
    knots: Float[np.ndarray, " knot"],
    vectors: Float[np.ndarray, "sample edge dim"],
) -> list[Float[np.ndarray, "row body dim"]]:
    """Accelerations by a spline in the distance times a vector of every edge."""
    return [
        gather_forces(design, hat[..., None] * vectors)
        for hat in evaluate_splines(design.length, knots)
    ]


def gather_forces(
    design: Design, messages: Float[np.ndarray, "sample edge dim"]
) -> Float[np.ndarray, "row body dim"]:
    """The acceleration by a force vector on the receiver of every edge, as it would be measured."""
    samples, bodies, dim = design.position.shape
    if design.dense:
        total = messages.reshape(samples, bodies, -1, dim).sum(axis=2)
    else:
        total = np.zeros_like(design.position)
        for body in range(bodies):
            total[:, body] = messages[:, design.receiver == body].sum(axis=1)
    return design.observe(total / design.mass[..., None])


def observe_forces(
    design: Design, force: Sequence[Float[np.ndarray, "sample body dim"]]
) -> list[Float[np.ndarray, "row body dim"]]:
    """The accelerations by forces on the bodies, as they would be measured."""
    return [design.observe(part / design.mass[..., None]) for part in force]


def transverse_directions(design: Design) -> Float[np.ndarray, "sample edge 2"]:
    """Unit vectors across the line of every edge, a quarter turn to the left; in two dimensions."""
    return np.stack([-design.direction[..., 1], design.direction[..., 0]], axis=-1)


def vectors_along(axis: int, values: Float[np.ndarray, "*shape"], dim: int) -> np.ndarray:
    """Vectors with these values in one component."""
    vectors = np.zeros((*np.shape(values), dim))
    vectors[..., axis] = values
    return vectors
