"""Forces that depend on more than the distance of two bodies: on others, on directions in space."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.equations import Design, evaluate_splines, gather_forces, spline_knots

_BLOCK = 1_000_000
"""Distances at a time where those of all bodies are needed, not of the receivers alone."""


def anisotropic(
    design: Design, *, settings: DiagnosisSettings = DIAGNOSIS
) -> list[Float[np.ndarray, "row body dim"]]:
    """A force along the line, or along an axis, times a second harmonic of the line's direction."""
    dim, hats = (
        design.position.shape[2],
        evaluate_splines(design.length, spline_knots(design.length, settings.causes.many_body)),
    )
    found = []
    for a in range(dim):
        for b in range(a, dim):
            if a == b == dim - 1:
                # The squares of all components add up to one.
                continue
            both = design.direction[..., a] * design.direction[..., b]
            found += [design.pair_acceleration(hat * both) for hat in hats]
            turned = np.zeros_like(design.direction)
            turned[..., a] = design.direction[..., b]
            found += [gather_forces(design, hat[..., None] * turned) for hat in hats]
    return found


def crowd(
    design: Design, *, settings: DiagnosisSettings = DIAGNOSIS
) -> list[Float[np.ndarray, "row body dim"]]:
    """A pair force that third bodies near the receiver, or near the sender, change."""
    hats = evaluate_splines(design.length, spline_knots(design.length, settings.causes.many_body))
    typical = float(np.median(design.length)) or 1.0
    found = []
    for k in range(settings.causes.ranges):
        total = _neighbours(design, typical * 2.0 ** (k - 1))
        total = total / (total.mean() or 1.0)
        for power in (1, 2):
            # Alike for both ends, as an energy of the neighbours' density has it.
            near = total[:, design.receiver] ** power + total[:, design.sender] ** power
            found += [design.pair_acceleration(near * hat) for hat in hats]
    return found


def _neighbours(design: Design, reach: float) -> Float[np.ndarray, "sample body"]:
    """How many others are near every body, each counting the less the farther it is."""
    if design.crowd is None:
        counted = np.exp(-design.length / reach)
        bodies = range(design.position.shape[1])
        return np.stack([counted[:, design.receiver == body].sum(axis=1) for body in bodies], 1)
    from scipy.spatial.distance import cdist

    place = design.crowd.position
    total = np.empty(place.shape[:2])
    for start in range(0, place.shape[1], rows := max(1, _BLOCK // place.shape[1])):
        for sample, all_bodies in enumerate(place):
            block = all_bodies[start : start + rows]
            near = np.exp(-cdist(block, all_bodies) / reach)
            total[sample, start : start + rows] = near.sum(axis=1) - 1
    return total


def triples(
    design: Design, *, settings: DiagnosisSettings = DIAGNOSIS
) -> list[Float[np.ndarray, "row body dim"]]:
    """Any energy of three bodies: a force along each line, which the other two distances change."""
    bodies = design.position.shape[1]
    knots = spline_knots(design.length, settings.causes.many_body)
    hats = evaluate_splines(design.length, knots)
    table = np.zeros((len(hats), len(design.length), bodies, bodies))
    table[:, :, design.receiver, design.sender] = hats
    found = []
    for a in range(len(hats)):
        for b in range(a + 1):
            near = np.einsum("sik,sjk->sij", table[a], table[b])
            near = (near + near.swapaxes(1, 2))[:, design.receiver, design.sender]
            found += [design.pair_acceleration(near * hat) for hat in hats]
    return found


def not_additive(
    design: Design, *, settings: DiagnosisSettings = DIAGNOSIS
) -> list[Float[np.ndarray, "row body dim"]]:
    """The pull of all others together, more or less than proportional to itself."""
    found = []
    for hat in evaluate_splines(
        design.length, spline_knots(design.length, settings.causes.many_body)
    ):
        total = design.net_force(hat) / design.mass[..., None]
        size = np.linalg.norm(total, axis=-1, keepdims=True)
        usual = float(np.median(size)) or 1.0
        found += [design.observe(total * usual**k / (usual + size) ** k) for k in (1, 2)]
    return found
