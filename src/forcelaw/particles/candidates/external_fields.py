"""Fields: what acts on bodies from outside, told by the momentum that pair forces cannot change.

What bodies do to each other cancels in the sum over all of them. The rest is there whatever the
force between pairs is, and shows fields before that is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.distill import Attempts
from forcelaw.numerics import orthonormal_basis
from forcelaw.particles.candidates.central_fields import Unexplained, find_central_fields
from forcelaw.particles.candidates.one_body_library import (
    OneBodyTerm,
    all_columns,
    one_body_terms,
    position_terms,
)
from forcelaw.particles.candidates.settings import CANDIDATES, CandidatesSettings
from forcelaw.particles.equations import Design
from forcelaw.particles.preparation import median_size


@dataclass(frozen=True, eq=False)
class Momentum:
    """The total force on all bodies, in units of typical forces or of its error."""

    mass: Float[np.ndarray, "row body"]
    weight: Float[np.ndarray, " row"]
    basis: Float[np.ndarray, "number base"]
    """What drag and uniform fields explain, orthonormal."""
    left: Float[np.ndarray, " number"]
    """What they do not."""

    @classmethod
    def of(cls, design: Design, *, settings: CandidatesSettings = CANDIDATES) -> Momentum | None:
        """None where edges are not in pairs, so that forces do not cancel, or snapshots are few."""
        weak = design.weak
        if not design.graph.symmetric or len(design.acceleration) < settings.fields.least_snapshots:
            return None
        mass = design.mass
        if weak is None:
            size = np.linalg.norm(mass[..., None] * design.acceleration, axis=2).sum(axis=1)
            weight = 1 / (size + median_size(size))
        else:
            mass = np.repeat(mass[:: weak.nodes], weak.equations, axis=0)
            known = (weak.weight > 0).all(axis=1)
            doubt = np.linalg.norm(mass / np.where(weak.weight > 0, weak.weight, 1), axis=1)
            weight = known / doubt
        count = weight.size * design.position.shape[2]
        bare = cls(mass, weight, np.zeros((count, 0)), np.zeros(count))
        columns = [bare.unexplained(one) for one in all_columns(one_body_terms(design), design)]
        basis = orthonormal_basis(np.stack(columns, axis=1))
        goal = bare.unexplained(design.acceleration)
        return cls(mass, weight, basis, goal - basis @ (basis.T @ goal))

    def unexplained(
        self, acceleration: Float[np.ndarray, "row body dim"]
    ) -> Float[np.ndarray, " number"]:
        """The total force of these accelerations, without what drag and uniform fields explain."""
        force = np.einsum("rb,rbd->rd", self.mass, acceleration)
        flat = (self.weight[:, None] * force).ravel()
        return flat - self.basis @ (self.basis.T @ flat)

    def leaves(self, columns: Sequence[Float[np.ndarray, " number"]]) -> float:
        """The sum of squares that these unexplained columns leave, beyond what chance would."""
        basis = orthonormal_basis(np.stack(columns, axis=1))
        left = np.sum((self.left - basis @ (basis.T @ self.left)) ** 2)
        return float(left / max(1 - basis.shape[1] / len(self.left), 1e-3))


def find_external_fields(
    design: Design, attempts: Attempts | None = None, *, settings: CandidatesSettings = CANDIDATES
) -> list[OneBodyTerm]:
    """Traps, magnetic forces and central external fields that the total momentum speaks for.

    **Arguments:** `attempts` counts centres.
    """
    attempts = Attempts() if attempts is None else attempts
    momentum = Momentum.of(design, settings=settings)
    if momentum is None:
        return []
    before = float(np.sum(momentum.left**2))
    least = settings.fields.exact**2 * len(momentum.left)
    if before <= least:
        return []
    found, best = [], before
    for term in position_terms(design):
        left = momentum.leaves([momentum.unexplained(one) for one in term.columns(design)])
        if left < settings.fields.clear * before:
            found.append(term)
            best = min(best, left)
    if best <= least:
        return found
    some = design.first(settings.fields.snapshots, trajectories=settings.trajectories)
    rough = Momentum.of(some, settings=settings)
    if rough is not None:
        found += find_central_fields(
            Unexplained(some, rough.unexplained, rough.left),
            Unexplained(design, momentum.unexplained, momentum.left),
            settings.fields.clear * best,
            attempts,
            settings=settings,
        )
    return found
