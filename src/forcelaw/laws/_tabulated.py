"""A force between bodies that is known as a curve, not as a formula."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.errors import InputError
from forcelaw.graph import Graph, at_receivers, at_senders, edge_lengths, edge_sum
from forcelaw.laws._formula import Formula
from forcelaw.laws._law import Law
from forcelaw.laws._scale import columns, inertia
from forcelaw.laws._state import Attributes, State
from forcelaw.laws._units import Units


class TabulatedForce(Law):
    """`a_i = (sum_j p_i p_j f(r_ij) (x_j - x_i) / r_ij + own_i) / m_i`, attraction positive.

    `f` is a cubic Hermite curve in the logarithm of the distance through the values of a table,
    with slopes of finite differences (Catmull and Rom 1974); beyond both ends of the table it keeps
    its value there. `p` is the product of the attributes `names`, one where there are none, and
    `own` is what acts on a body alone, as in `Formula`.
    """

    distance: Float[Array, " row"]
    """Increasing, evenly spaced in the logarithm."""
    force: Float[Array, " row"]
    names: tuple[str, ...] = eqx.field(static=True)
    alone: Formula
    """A formula without a pair force, whose self force is added."""

    def __init__(
        self,
        distance: Float[Array, " row"] | Sequence[float],
        force: Float[Array, " row"] | Sequence[float],
        names: Sequence[str] = (),
        alone: Formula | None = None,
    ) -> None:
        """**Raises** `InputError` if the table has fewer than two rows."""
        self.distance, self.force = jnp.asarray(distance, float), jnp.asarray(force, float)
        self.names = tuple(names)
        self.alone = Formula.parse("0") if alone is None else alone
        if self.distance.ndim != 1 or len(self.distance) < 2:
            raise InputError(
                f"tabulated force: found distances of shape {self.distance.shape}, expected at "
                "least two in a row; give a longer table"
            )

    def pair(self, r: Float[Array, "*batch"]) -> Float[Array, "*batch"]:
        """The force at distance `r` between two bodies whose attributes are one."""
        low, high = jnp.log(self.distance[0]), jnp.log(self.distance[-1])
        last = len(self.distance) - 1
        inside = jnp.clip(r, self.distance[0], self.distance[-1])
        at = (jnp.log(inside) - low) / (high - low) * last
        below = jnp.clip(jnp.floor(at), 0, last - 1)
        row, t = below.astype(jnp.int32), at - below
        slope = jnp.gradient(self.force)
        p, q = self.force[row], self.force[row + 1]
        u, v = slope[row], slope[row + 1]
        bent = t * (1 - t) * ((1 - t) * (u - (q - p)) - t * (v - (q - p)))
        return p + t * (q - p) + bent

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law`."""
        nodes = state.position.shape[0]
        length = edge_lengths(graph, state.position)
        apart = length > 0
        safe = jnp.where(apart, length, 1)
        weight = jnp.where(apart, self.pair(safe) / safe, 0)
        if self.names:
            product = jnp.prod(columns(self.names, attributes.node, nodes), axis=1)
            weight = weight * at_receivers(graph, product) * at_senders(graph, product)
        total = edge_sum(graph, weight, state.position)
        if self.alone.own:
            total = total + self.alone.self_force(state, attributes)
        return total / inertia(attributes, nodes)

    def rescaled(self, units: Units) -> TabulatedForce:
        """See `Law.rescaled`."""
        factor = math.prod(units.attribute(name) ** 2 for name in self.names) / units.force
        force = np.asarray(self.force, np.float64) * factor
        distance = np.asarray(self.distance, np.float64) / units.length
        alone = self.alone.rescaled(units)
        return TabulatedForce(distance.tolist(), force.tolist(), self.names, alone)

    def settings(self) -> dict[str, Any]:
        """See `Law.settings`."""
        return {
            "rows": len(self.distance),
            "names": list(self.names),
            "own": [part.text(None) for part in self.alone.own],
        }

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> TabulatedForce:
        """See `Law.from_settings`."""
        rows = np.arange(1.0, settings["rows"] + 1)
        return cls(
            rows.tolist(), rows.tolist(), settings["names"], Formula.parse("0", settings["own"])
        )
