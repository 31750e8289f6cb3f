"""A force between bodies that is known as a curve, not as a formula."""

from __future__ import annotations

import math
from collections.abc import Sequence

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.device_arrays import to_device
from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.errors import InputError
from forcelaw.graph import Graph, at_receivers, at_senders, edge_lengths, edge_sum
from forcelaw.laws.formula import Formula
from forcelaw.laws.law import Law
from forcelaw.laws.pair_ends import PairEnds
from forcelaw.laws.scale import columns, inertia, scalar
from forcelaw.laws.state import Attributes, State
from forcelaw.laws.units import Units


class TabulatedForce(Law):
    """`a_i = (sum_j p_i p_j f(r_ij) (x_j - x_i) / r_ij + one_body_i) / m_i`, attraction positive.

    `f` is a cubic Hermite curve in the logarithm of the distance through the values of a table,
    with slopes of finite differences (Catmull and Rom 1974); beyond both ends of the table it keeps
    its value there. `p` is the product of the attributes `names`, one where there are none, and
    `one_body` is what acts on a body alone, as in `Formula`.
    """

    distance: Float[Array, " row"]
    """Increasing, evenly spaced in the logarithm, in units of the largest."""
    force: Float[Array, " row"]
    """In units of the largest size."""
    sizes: tuple[float, float] = eqx.field(static=True)
    """The largest distance and force, which may be no numbers in single precision."""
    names: tuple[str, ...] = eqx.field(static=True)
    alone: Formula
    """A formula without a pair force, whose one-body force is added."""

    def __init__(
        self,
        distance: Sequence[float],
        force: Sequence[float],
        names: Sequence[str] = (),
        alone: Formula | None = None,
        *,
        sizes: tuple[float, float] | None = None,
    ) -> None:
        """See the class.

        **Arguments:** `sizes` of the units that the table is in, where they are not one.

        **Raises** `InputError` if the table has fewer than two rows.
        """
        table = np.asarray([distance, force], np.float64)
        if table.shape[1] < 2:
            raise InputError(
                f"tabulated force: found {table.shape[1]} distances, expected at least two in a "
                "row; give a longer table"
            )
        size = np.abs(table).max(axis=1)
        size = np.where(size > 0, size, 1)
        self.distance, self.force = (to_device(row) for row in table / size[:, None])
        units = (1.0, 1.0) if sizes is None else sizes
        self.sizes = (float(size[0]) * units[0], float(size[1]) * units[1])
        self.names = tuple(names)
        self.alone = Formula.parse("0") if alone is None else alone

    def described(self) -> list[str]:
        """See `Law.described`."""
        alone = self.alone.one_body
        named = [f"times {', '.join(self.names)} of both"] if self.names else []
        told = f"{len(self.distance)} distances up to {self.sizes[0]:.4g}"
        return [told, *named, *([f"one-body {self.alone.one_body_text()}"] if alone else [])]

    def pair(self, r: Float[Array, "*batch"]) -> Float[Array, "*batch"]:
        """The force at distance `r` between two bodies whose attributes are one."""
        length, size = self.sizes
        low, high = jnp.log(self.distance[0]), jnp.log(self.distance[-1])
        last = len(self.distance) - 1
        inside = jnp.clip(r / length, self.distance[0], self.distance[-1])
        at = (jnp.log(inside) - low) / (high - low) * last
        below = jnp.clip(jnp.floor(at), 0, last - 1)
        row, t = below.astype(jnp.int32), at - below
        slope = jnp.gradient(self.force)
        p, q = self.force[row], self.force[row + 1]
        u, v = slope[row], slope[row + 1]
        bent = t * (1 - t) * ((1 - t) * (u - (q - p)) - t * (v - (q - p)))
        return size * (p + t * (q - p) + bent)

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
        if self.alone.one_body:
            total = total + self.alone.one_body_force(state, attributes)
        return total / inertia(attributes, nodes)

    def pair_weight(self, length: Float[Array, "*pair"], ends: PairEnds) -> Float[Array, "*pair"]:
        """See `Law.pair_weight`."""
        apart = length > 0
        safe = jnp.where(apart, length, 1)
        weight = self.pair(safe) / safe
        for name in self.names:
            value = scalar(ends.node, name)
            weight = weight * ends.receiver(value) * ends.sender(value)
        return jnp.where(apart, weight, 0)

    def rescaled(self, units: Units) -> TabulatedForce:
        """See `Law.rescaled`."""
        factor = math.prod(units.attribute(name) ** 2 for name in self.names) / units.force
        sizes = self.sizes[0] / units.length, self.sizes[1] * factor
        table = np.asarray(self.distance).tolist(), np.asarray(self.force).tolist()
        return TabulatedForce(*table, self.names, self.alone.rescaled(units), sizes=sizes)

    def settings(self) -> JsonObject:
        """See `Law.settings`."""
        return {
            "rows": len(self.distance),
            "sizes": list(self.sizes),
            "names": list(self.names),
            "own": [part.text(None) for part in self.alone.one_body],
        }

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> TabulatedForce:
        """See `Law.from_settings`."""
        # Of unit size, as they are saved.
        rows = (np.arange(1.0, settings["rows"] + 1) / settings["rows"]).tolist()
        length, force = settings["sizes"]
        alone = Formula.parse("0", settings["own"])
        return cls(rows, rows, settings["names"], alone, sizes=(float(length), float(force)))
