"""Equations of some stretches of recordings, with columns of terms with shapes beside them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    MomentSettings,
    OneBody,
    Order,
    Terms,
    fill_motion,
    iterate_equations,
)
from forcelaw.particles.kernels.moments import Equations
from forcelaw.particles.matter.searches.thinned import thin
from forcelaw.particles.shaped_terms import (
    ShapedTerm,
    Surroundings,
    Tangent,
    TripleTerm,
    sum_vectors,
)

Shaped = ShapedTerm | Tangent


class ScanEquations:
    """The changes of some bodies at some snapshots, and what terms would add to them.

    **Attributes:** `value` the changes, a number each; `known` the columns of terms that act all
    the same; `turn` the number of the stretch of each.
    """

    def __init__(
        self,
        data: Recordings,
        terms: Terms,
        order: Order,
        cutoff: float,
        *,
        rows: int,
        window: int,
        seed: int = 0,
    ) -> None:
        self._terms, self._order, self._cutoff, self._seed = terms, order, cutoff, seed
        self._some, self._rows = thin(data, rows, window, seed=seed), 10 * rows
        self.known, self.value, self.turn = self._read(terms)

    def columns(self, shaped: tuple[Shaped, ...]) -> Float[np.ndarray, "row column"]:
        """Of terms with shapes: walls from the bodies' own places, triples from all bodies."""
        found = np.zeros((len(self.value), len(shaped)))
        walls = [k for k, term in enumerate(shaped) if not _of_triples(term)]
        triples = [k for k, term in enumerate(shaped) if _of_triples(term)]
        if walls:
            places, weights = self._places
            nobody = np.zeros(0, int)
            around = Surroundings(
                places, nobody, nobody, nobody, np.zeros((0, places.shape[2])), np.zeros(0)
            )
            vectors = sum_vectors([shaped[k] for k in walls], around)
            total = np.einsum("ktrd,tr->krd", vectors, weights)
            found[:, walls] = total.reshape(len(walls), -1).T
        if triples:
            # A term of velocities keeps the equations the same.
            alone = (OneBody("velocity"),) if self._terms.reads_velocity else ()
            terms = Terms(self._terms.receiver, (), alone, shaped=tuple(shaped[k] for k in triples))
            found[:, triples] = self._read(terms)[0][:, : len(triples)]
        return found

    @cached_property
    def _places(self) -> tuple[Float[np.ndarray, "5 row dim"], Float[np.ndarray, "5 row"]]:
        """Where the bodies of the equations are at five snapshots, and what these count."""
        alone = (OneBody("velocity"),) if self._terms.reads_velocity else ()
        terms = Terms(self._terms.receiver, (), (*alone, OneBody("constant")))
        places, weights = [], []
        for equations in self._iterate(terms):
            part, at, body = equations.part, equations.snapshot, equations.body
            five = np.clip(at[None] + np.arange(-2, 3)[:, None], 0, part.n_times - 1)
            places.append(fill_motion(part).position[five, body])
            weight = self._order.changes(part).weights[at, body].T
            mass = part.attributes.get("mass")
            weights.append(weight if mass is None else weight / mass[body])
        return np.concatenate(places, axis=1), np.concatenate(weights, axis=1)

    def _read(
        self, terms: Terms
    ) -> tuple[Float[np.ndarray, "row column"], Float[np.ndarray, " row"], Int[np.ndarray, " row"]]:
        columns, value, turn = [np.zeros((0, terms.size))], [np.zeros(0)], [np.zeros(0, int)]
        for number, equations in enumerate(self._iterate(terms)):
            columns.append(equations.columns.reshape(equations.value.size, terms.size))
            value.append(equations.value.ravel())
            stretch = 8 * number + (8 * equations.share).astype(int)
            turn.append(np.repeat(stretch, equations.value.shape[1]))
        return np.concatenate(columns), np.concatenate(value), np.concatenate(turn)

    def _iterate(self, terms: Terms) -> Iterator[Equations]:
        needs = terms.blocks or any(_of_triples(term) for term in terms.shaped)
        cutoff = self._cutoff if needs else 1e-12 * self._cutoff
        sums = MomentSettings(rows=self._rows)
        return iterate_equations(
            self._some, terms, self._order, cutoff, seed=self._seed, settings=sums
        )


def _of_triples(term: Shaped) -> bool:
    return isinstance(term.term if isinstance(term, Tangent) else term, TripleTerm)


def orthonormal(
    columns: Float[np.ndarray, "row column"], unit: Float[np.ndarray, " column"] | None = None
) -> Float[np.ndarray, "row rank"]:
    """Columns that span the same, less those that others make up.

    **Arguments:** `unit` sizes that columns had: what is next to nothing of them is nothing.
    """
    size = np.linalg.norm(columns, axis=0)
    least = 0 if unit is None else 1e-7 * unit
    kept = columns[:, size > least]
    if not kept.shape[1]:
        return np.zeros((len(columns), 0))
    turned, values, _ = np.linalg.svd(kept / np.linalg.norm(kept, axis=0), full_matrices=False)
    return turned[:, values > 1e-7 * values[0]]
