"""Learned functions of the distance between two bodies and their attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.device_arrays import to_device
from forcelaw.documents import JsonObject
from forcelaw.errors import InputError, InvalidSetting
from forcelaw.files import many
from forcelaw.graph import Graph, at_receivers, at_senders, edge_lengths, edge_sum
from forcelaw.laws.networks.perceptron import Perceptron
from forcelaw.laws.scale import Scale
from forcelaw.laws.units import Units

NEAREST = 1e-6
"""Smallest distance that is told apart, in typical lengths: keeps the logarithm finite."""


class Reading(eqx.Module):
    """How a learned function reads attributes.

    `logarithmic` attributes are positive and span factors rather than differences (masses): the
    network reads their logarithm. The others may have either sign (charges).
    """

    scale: Scale
    names: tuple[str, ...] = eqx.field(static=True)
    logarithmic: tuple[bool, ...] = eqx.field(static=True)

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        logarithmic: Sequence[bool] | None = None,
        scale: Scale | None = None,
    ) -> Reading:
        """Of these attributes; only `mass` is read by its logarithm, in unit scale, by default."""
        by_default = [name == "mass" for name in names] if logarithmic is None else logarithmic
        own = Scale.unit(len(names)) if scale is None else scale
        return cls(own, tuple(names), tuple(by_default))

    def __check_init__(self) -> None:
        if len(self.logarithmic) != len(self.names):
            raise InvalidSetting(
                f"logarithmic: found {len(self.logarithmic)} values for the attributes "
                f"{list(self.names)}, expected one each"
            )

    def rescaled(self, units: Units) -> Reading:
        """The same for attributes in other units."""
        scale = self.scale.rescaled(units, self.names, self.logarithmic)
        return Reading(scale, self.names, self.logarithmic)

    def features(
        self, values: Float[Array, "*batch attribute"]
    ) -> Float[Array, "*batch attribute"]:
        """Attributes, or their logarithms, with mean 0 and standard deviation 1."""
        scale, log = self.scale.fixed(), np.array(self.logarithmic, bool)
        safe = jnp.where(log, jnp.maximum(values, jnp.finfo(values.dtype).tiny), 1)
        plain = jnp.where(log, jnp.log(safe), values)
        return (plain - _like(scale.center, plain)) / _like(scale.spread, plain)

    def factors(self, values: Float[Array, "*batch attribute"]) -> Float[Array, "*batch one_more"]:
        """One, and every attribute over its typical size: what forces are often proportional to."""
        scale, log = self.scale.fixed(), np.array(self.logarithmic, bool)
        size = jnp.where(log, jnp.exp(scale.center), scale.spread)
        ones = jnp.ones((*values.shape[:-1], 1), values.dtype)
        return jnp.concatenate([ones, values / _like(size, values)], axis=-1)


def described_inputs(dim: int, names: Sequence[str]) -> list[str]:
    """In how many dimensions a law acts, and what it reads of bodies, as `repr` says it."""
    return [many(dim, "dimension"), *([f"reads {', '.join(names)}"] if names else [])]


class Radial(eqx.Module):
    """A learned scalar of distance and attributes, symmetric under exchange of the two bodies.

    `(r / L)^p sum_k a_k b_k h_k(r, a, b)`: a learned power of the distance carries the decades, the
    products of the two bodies' attributes (`a_0 b_0 = 1`) carry what most forces are proportional
    to, and a perceptron `h` bends both into what the data say. It reads the attributes of the pair
    through sums and squares of differences, which do not know who is who.
    """

    heads: Perceptron
    power: Float[Array, ""]

    def __init__(
        self,
        attributes: int,
        *,
        key: PRNGKeyArray,
        hidden: Sequence[int],
        activation: str,
        power: float = 0.0,
    ) -> None:
        count = attributes
        inputs = 2 + count + count * (count + 1) // 2
        self.heads = Perceptron([inputs, *hidden, 1 + count], key=key, activation=activation)
        self.power = to_device(power)

    def __call__(
        self,
        reading: Reading,
        r: Float[Array, "*batch"],
        receiver: Float[Array, "*batch attribute"],
        sender: Float[Array, "*batch attribute"],
    ) -> Float[Array, "*batch"]:
        """The scalar at distance `r`, in units of its typical size."""
        near = jnp.maximum(r / reading.scale.fixed().length, NEAREST)
        log_r = jnp.log(near)
        one, other = reading.features(receiver), reading.features(sender)
        rows, cols = np.triu_indices(one.shape[-1])
        apart = one - other
        inputs = jnp.concatenate(
            [
                jnp.stack([log_r, jnp.log1p(near)], axis=-1),
                one + other,
                apart[..., rows] * apart[..., cols],
            ],
            axis=-1,
        )
        products = reading.factors(receiver) * reading.factors(sender)
        bent = jnp.sum(self.heads(inputs) * products, axis=-1)
        return jnp.exp(self.power * log_r) * bent

    def settings(self) -> JsonObject:
        """The arguments of the law's constructor that decide the structure."""
        return {"hidden": self.heads.sizes[1:-1], "activation": self.heads.activation}

    @property
    def described(self) -> str:
        """What `repr` says of it."""
        return self.heads.described


Scalar = Callable[
    [Float[Array, "*batch"], Float[Array, "*batch attribute"], Float[Array, "*batch attribute"]],
    Float[Array, "*batch"],
]
"""A scalar of distance, receiver's and sender's attributes; symmetric in the two."""


def on_pairs(
    function: Scalar,
    graph: Graph,
    position: Float[Array, "node dim"],
    values: Float[Array, "node attribute"],
) -> tuple[Float[Array, " edge"], Float[Array, " edge"]]:
    """`function` and the distance for every edge.

    Both directions of an edge have the same value; on complete graphs it is computed once.
    """
    length = edge_lengths(graph, position)
    receiver, sender = at_receivers(graph, values), at_senders(graph, values)
    if not graph.complete or graph.edges == 0:
        return function(length, receiver, sender), length
    kept, copy = _one_direction(graph.nodes)
    return function(length[kept], receiver[kept], sender[kept])[copy], length


def along_lines(
    function: Scalar,
    graph: Graph,
    position: Float[Array, "node dim"],
    values: Float[Array, "node attribute"],
) -> Float[Array, "node dim"]:
    """For every node the sum over its senders of `function` times the unit vector towards them.

    Two bodies at the same place have no line between them and do not act on each other.
    """
    scalar, length = on_pairs(function, graph, position, values)
    weight = jnp.where(length > 0, scalar / jnp.where(length > 0, length, 1), 0)
    return edge_sum(graph, weight, position)


def require_symmetric(graph: Graph) -> None:
    """**Raises** `InputError` if some edge has no opposite: two bodies share one energy."""
    if not graph.symmetric:
        raise InputError(
            "edges: found some without their opposite, expected a symmetric graph for the energy "
            "of a pair; give both directions of every edge, or choose another model"
        )


def _one_direction(nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Edges of a complete graph whose sender comes first, and for every edge its pair's place."""
    receiver = np.repeat(np.arange(nodes), nodes - 1)
    sender = (receiver + np.tile(np.arange(1, nodes), nodes)) % nodes
    kept = np.flatnonzero(sender < receiver)
    place = np.zeros((nodes, nodes), int)
    place[sender[kept], receiver[kept]] = np.arange(len(kept))
    return kept, (place + place.T)[receiver, sender]


def _like(row: Float[Array, " attribute"], array: Array) -> Array:
    return row.reshape(*[1] * (array.ndim - 1), -1)
